"""How long the roll takes to import, beside the database's own bulk load of the same rows.

    .venv/bin/python -m bench roll_import [ROWS [sqlite|postgresql]]

Each measure runs in a process of its own, on a database of its own. The bulk load puts the very
rows that the import made into the same table, from a file of them: one `executemany` of what the
csv module reads (SQLite), one `COPY` of PostgreSQL's own text. It checks and hashes nothing.
"""

import csv
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import Engine

from bench import server
from bench.figures import table
from webapp.adapters.world import real_world
from webapp.cli.letters_csv import LettersFile
from webapp.cli.roll_files.opening import open_roll
from webapp.cli.roll_files.source import How
from webapp.models import schema
from webapp.models.engine import open_engine
from webapp.rules.credentials import ACCESS_ALPHABET
from webapp.services.kernel.work import Work
from webapp.services.letters import batches
from webapp.services.letters.batches import Maker, Nobody
from webapp.services.letters.choosing import Choice, room_for_all
from webapp.services.roll.import_file import import_roll
from webapp.services.roll.report import Source

ROWS = 100_000
PORTAL = "https://espace.example.org"
NEW, MADE = "new members, codes in the file", "new members, a batch of letters made"
WORKBOOK = "the first of these from a workbook"
AGAIN, BULK = "same file again", "the database’s own bulk load"
BLOCK = 64 * 1024
COLUMNS = (
    "number, number_key, civility, last_name, first_name, birth_date, contract, joined_on, "
    "code_issued_at, updated_at"
)  # beside the code’s keyed hash
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


def measure_import(file: str, url: str, letters: str) -> dict[str, float]:
    """Import as `flask members import` does, letters and commit included."""
    work = Work(_engine(url), real_world(server.settings_for(url)), origin="bench")
    started, cpu = perf_counter(), process_time()
    with (
        open_roll(Path(file), How(work.now.date())) as roll,
        LettersFile(Path(letters)) as box,
    ):
        source = Source("bench", Path(file).name, "0" * 64)
        report = import_roll(work, roll.header, roll.rows, source=source)
        if _letters(work, box):
            box.publish()
        work.close(commit=True)
    spent = {"seconds": perf_counter() - started, "cpu": process_time() - cpu}
    return {**spent, "added": report.added, "changed": report.changed}


def _letters(work: Work, box: LettersFile) -> bool:
    """Those of who waits for one, as the command makes them."""
    choice, maker = Choice(no_address_needed=True), Maker("bench", "", PORTAL)
    try:
        with work.db.begin_nested():
            made = batches.make(work, choice, maker=maker, unfit=room_for_all)
    except Nobody:
        return False
    box.write(batches.sheets(work, made.batch), PORTAL)
    return True


def write_rows(source: str, file: Path) -> None:
    """The rows of an imported database as its own bulk load reads them: CSV, or COPY's text."""
    with _engine(source).connect() as connection:
        if source.startswith("sqlite"):
            with file.open("w", encoding="utf-8", newline="") as out:
                found = connection.exec_driver_sql(f"SELECT {COLUMNS}, hex(code_mac) FROM roll")
                csv.writer(out).writerows(found)
        else:
            connection.exec_driver_sql("SET statement_timeout = 0")
            cursor = connection.connection.cursor()
            with (
                file.open("wb") as out,
                cursor.copy(f"COPY roll ({COLUMNS}, code_mac) TO STDOUT") as copy,
            ):
                for block in copy:
                    out.write(block)


def measure_bulk(file: str, url: str) -> dict[str, float]:
    """The same rows from a file of them, by the driver alone, with one commit."""
    with _engine(url).connect() as connection:
        driver = connection.connection
        cursor = driver.cursor()
        started, cpu = perf_counter(), process_time()
        if url.startswith("sqlite"):
            with open(file, encoding="utf-8", newline="") as rows:
                cursor.execute("BEGIN IMMEDIATE")
                # sqlite3 takes an iterator: all rows at once would cost the memory that is measured
                cursor.executemany(
                    f"INSERT INTO roll ({COLUMNS}, code_mac) VALUES ({', '.join('?' * 11)})",
                    ((*row[:-1], bytes.fromhex(row[-1])) for row in csv.reader(rows)),  # type: ignore[arg-type]
                )
                cursor.execute("COMMIT")
        else:
            cursor.execute("SET statement_timeout = 0")
            with (
                open(file, "rb") as rows,
                cursor.copy(f"COPY roll ({COLUMNS}, code_mac) FROM STDIN") as copy,
            ):
                while block := rows.read(BLOCK):
                    copy.write(block)
            driver.commit()
        spent = {"seconds": perf_counter() - started, "cpu": process_time() - cpu}
        added = connection.exec_driver_sql("SELECT count(*) FROM roll").scalar_one()
        return {**spent, "added": added, "changed": 0}


def measured(rows: int, kind: server.Databases, folder: Path) -> dict[str, dict[str, float]]:
    """Every measure of a roll of this many members, by its title."""
    given, made = folder / f"given-{rows}.csv", folder / f"made-{rows}.csv"
    book = folder / f"given-{rows}.xlsx"
    write_roll(given, rows, codes=True)
    write_roll(made, rows, codes=False)
    # In a process of its own: a child's peak begins at what its parent had.
    writing = [sys.executable, "-m", "bench.workbook", str(given), str(book)]
    subprocess.run(writing, check=True, cwd=server.ROOT)
    first, second, bulk, third = (kind.new(f"roll-{rows}-{name}") for name in "abcd")
    plan = {
        NEW: ("import", given, first, folder / f"letters-{rows}-a.csv"),
        AGAIN: ("import", given, first, folder / f"letters-{rows}-b.csv"),
        MADE: ("import", made, second, folder / f"letters-{rows}-c.csv"),
        WORKBOOK: ("import", book, third, folder / f"letters-{rows}-d.csv"),
    }
    found = {title: _child(kind, *arguments) for title, arguments in plan.items()}
    write_rows(first, folder / f"rows-{rows}")
    return found | {BULK: _child(kind, "bulk", folder / f"rows-{rows}", bulk)}


def _engine(url: str) -> Engine:
    engine = open_engine(url)
    schema.upgrade(engine)
    return engine


def _child(kind: server.Databases, *arguments: object) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.roll_import", *map(str, arguments)]
    before = kind.cpu()
    ran = subprocess.run(command, check=True, cwd=server.ROOT, stdout=subprocess.PIPE, text=True)
    found = dict(json.loads(ran.stdout))
    return {**found, "cpu": found["cpu"] + kind.cpu() - before}


def main(rows: str = str(ROWS), *kinds: str) -> None:
    """Play every measure and print it, one line each."""
    lines = []
    for name in kinds or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, server.databases(name) as kind:
            found = measured(int(rows), kind, Path(folder))
        bulk = found[BULK]
        lines += [
            [
                f"{name}: {title}", f"{one['seconds']:.2f}", f"{int(rows) / one['seconds']:.0f}",
                f"{one['cpu']:.2f}", f"{one['peak_mb']:.0f}",
                f"{bulk['seconds'] / one['seconds']:.2f}", f"{bulk['cpu'] / one['cpu']:.2f}",
            ]
            for title, one in found.items()
        ]  # fmt: skip
    head = [
        f"{rows} members",
        "s",
        "rows/s",
        "CPU s, database’s too",
        "peak MB",
        "speed ÷ bulk load’s",
        "by CPU",
    ]
    print(table(head, lines))


if __name__ == "__main__":
    if sys.argv[1] == "import":
        result = measure_import(*sys.argv[2:])
    else:
        result = measure_bulk(*sys.argv[2:])
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({**result, "peak_mb": used.ru_maxrss / 1024}))  # KiB: Linux
