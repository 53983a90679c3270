"""Members who have an account already, written straight into a database for the benchmarks."""

from pathlib import Path

from bench.server import SECRET
from tests.members import Letter, with_account
from webapp.adapters.world import real_world
from webapp.models.engine import open_engine
from webapp.services.work import Work
from webapp.settings import Settings

PASSWORD = "quatre mots sans rapport"


def letter(number: int) -> Letter:
    """The invented member of this number."""
    return Letter(f"{number:08d}", "4F7K9QXM2T6B", f"membre{number:06d}@example.org")


def write(database: Path, count: int) -> None:
    """`count` members with an account; their passwords are hashed with the default settings."""
    engine = open_engine(f"sqlite:///{database}")
    settings = Settings(secret_key=SECRET, public_url="http://127.0.0.1", mail_server="127.0.0.1")
    work = Work(engine, real_world(settings))
    for number in range(count):
        with_account(work, letter(number), PASSWORD)
    work.close(keep=True)
    engine.dispose()
