"""How long the roll takes to import on SQLite, beside the bare insert of the same rows.

    .venv/bin/python bench/roll_import.py [ROWS]

Each measure runs in a process of its own, on a database of its own, in the same temporary folder.
"""

import csv
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import Engine, insert  # noqa: E402

from webapp.adapters.world import real_world  # noqa: E402
from webapp.cli.letters_csv import LettersFile  # noqa: E402
from webapp.cli.roll_csv import open_roll  # noqa: E402
from webapp.models import Base, RollEntry  # noqa: E402
from webapp.models.engine import open_engine  # noqa: E402
from webapp.rules.credentials import ACCESS_ALPHABET  # noqa: E402
from webapp.services.roll_import import import_roll  # noqa: E402
from webapp.services.work import Work, World  # noqa: E402
from webapp.settings import Settings  # noqa: E402

ROWS = 100_000
HEADER = (
    "numero_adherent", "code_acces", "civilite", "nom", "prenom",
    "date_naissance", "contrat", "date_adhesion",
)  # fmt: skip
CONTRACTS = ("Santé Confort", "Santé Essentielle", "Prévoyance", "Santé Famille")
LAST_NAMES = ("Lefèvre", "Gâteau", "D’Hérouville", "Müller", "Bénichou", "Saint-Rémy")
FIRST_NAMES = ("Élodie", "Gaël", "Anaïs", "Benoît", "Zoé")


def write_roll(file: Path, rows: int, *, codes: bool) -> None:
    """A roll whose numbers come in no order, as in a real export."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(HEADER)
        for at in range(rows):
            number = (at * 7_919_311) % 100_000_007  # a prime: all of them differ
            writer.writerow((
                f"{number:09d}", _code(number) if codes else "", ("M.", "Mme")[at % 2],
                f"{LAST_NAMES[at % 6]}-{at:x}", FIRST_NAMES[at % 5],
                f"{1930 + at % 80}-{1 + at % 12:02d}-{1 + at % 28:02d}", CONTRACTS[at % 4],
                f"{1 + at % 28:02d}/{1 + at % 12:02d}/{1990 + at % 30}",
            ))  # fmt: skip


def _code(number: int) -> str:
    signs = "".join(ACCESS_ALPHABET[(number * 31 >> (at * 3)) & 31] for at in range(12))
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def _world() -> World:
    return real_world(
        Settings(secret_key="x" * 40, public_url="http://127.0.0.1", mail_server="127.0.0.1")
    )


def _engine(database: Path) -> Engine:
    engine = open_engine(f"sqlite:///{database}")
    Base.metadata.create_all(engine)
    return engine


def measure_import(file: Path, database: Path, letters: Path) -> dict[str, float]:
    """Import as `flask members import` does, letters and commit included."""
    work = Work(_engine(database), _world(), origin="bench")
    started = perf_counter()
    with open_roll(file) as roll, LettersFile(letters) as box:
        report = import_roll(work, roll.header, roll.rows(), deliver=box.add)
        if report.letters:
            box.publish()
        work.close(keep=True)
    return {"seconds": perf_counter() - started, "added": report.added, "changed": report.changed}


def measure_bare(source: Path, database: Path) -> dict[str, float]:
    """The rows of an imported database, inserted again by the driver alone, with one commit."""
    with _engine(source).connect() as connection:
        rows = [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM roll")]
    statement = str(insert(RollEntry))
    bare = f"INSERT INTO roll VALUES ({', '.join('?' * statement.count(':'))})"
    with _engine(database).connect() as connection:
        cursor = connection.connection.cursor()
        started = perf_counter()
        cursor.execute("BEGIN IMMEDIATE")
        cursor.executemany(bare, rows)
        cursor.execute("COMMIT")
        return {"seconds": perf_counter() - started, "added": len(rows), "changed": 0}


def _child(*arguments: object) -> dict[str, float]:
    command = [sys.executable, __file__, *map(str, arguments)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(ran.stdout))


def main(rows: int = ROWS) -> None:
    """Play every measure and print it, one line each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given, made = folder / "given.csv", folder / "made.csv"
        write_roll(given, rows, codes=True)
        write_roll(made, rows, codes=False)
        measures = {
            "new members, codes in the file": ("import", given, folder / "a.db", folder / "a.csv"),
            "same file again": ("import", given, folder / "a.db", folder / "b.csv"),
            "new members, codes made": ("import", made, folder / "c.db", folder / "c.csv"),
            "bare executemany": ("bare", folder / "a.db", folder / "d.db"),
        }
        found = {title: _child(*arguments) for title, arguments in measures.items()}
    bare = found["bare executemany"]["seconds"]
    for title, one in found.items():
        print(
            f"{title:32} {one['seconds']:6.2f} s  {rows / one['seconds']:9.0f} rows/s  "
            f"cpu {one['cpu']:5.2f} s  peak {one['peak_mb']:4.0f} MB  x{one['seconds'] / bare:.1f}"
        )


if __name__ == "__main__":
    if sys.argv[1:2] in (["import"], ["bare"]):
        play = measure_import if sys.argv[1] == "import" else measure_bare
        result = play(*map(Path, sys.argv[2:]))
        used = resource.getrusage(resource.RUSAGE_SELF)
        cost = {
            "peak_mb": used.ru_maxrss / 1024,
            "cpu": used.ru_utime + used.ru_stime,
        }  # KiB: Linux
        print(json.dumps({**result, **cost}))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
