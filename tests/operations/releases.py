"""The releases to come, as commits in the project's repository: what an operator upgrades to."""

import re
import subprocess
from pathlib import Path

from tests.faults.release import expanding
from tests.operations.machine import Machine
from webapp.models import schema

NOW = schema.wanted()
NEXT, AFTER = (f"{int(NOW) + more:04}" for more in (1, 2))
_BLOCK = re.compile(r"({% block \w+ %})")
_CONTRACTS = f'''"""What a release may take away once nobody will go back to the former one."""

from alembic import op

revision = "{AFTER}"
down_revision = "{NEXT}"
branch_labels = None
depends_on = None

oldest_code = "{AFTER}"
told = "retire ce que plus rien ne lit"


def upgrade() -> None:
    op.drop_column("account", "nickname")
    op.drop_table("wish")
'''


def publish_next(host: Machine) -> None:
    """It adds to the schema; each of its style sheets, pages and mails is another one, and asks for
    a value that only its own code has."""
    work = _clone(host)
    for sheet in (work / "static" / "css").glob("*.css"):
        sheet.write_text(sheet.read_text() + "\n.next { color: inherit; }\n")
    for page in (work / "templates").rglob("*.html"):
        page.write_text(_BLOCK.sub(r"\1{{ next_version }}", page.read_text(), count=1))
    for mail in (work / "templates" / "mail").glob("*/body.txt"):
        mail.write_text(mail.read_text() + "\n{{ next_version }}\n")
    for code in ("__init__.py", "adapters/world.py", "adapters/whole_pages.py"):
        file = work / "webapp" / code
        text = file.read_text()
        told = text.replace("brand=mutual", "next_version='', brand=mutual")
        if told == text:
            raise LookupError(f"{file} gives its pages no brand: say where they get it now")
        file.write_text(told)
    _add(work, NEXT, expanding(NEXT, NOW))


def publish_after(host: Machine) -> None:
    """It takes away from the schema what the next one had added."""
    _add(_clone(host), AFTER, _CONTRACTS)


def _clone(host: Machine) -> Path:
    work = host.root.parent / "work"
    mirror = host.root.parent / "portal.git"
    subprocess.run(["rm", "-rf", work], check=True)
    subprocess.run(["git", "clone", "--quiet", mirror, work], check=True)
    return work


def _add(work: Path, version: str, migration: str) -> None:
    versions = work / "webapp" / "models" / "migrations" / "versions"
    (versions / f"{version}_of_the_play.py").write_text(migration)
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(work)]
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "--quiet", "-m", f"Version {version}"], check=True)
    subprocess.run([*git, "push", "--quiet", "origin", "HEAD"], check=True)
