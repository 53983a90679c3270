#!/usr/bin/env bash
# One column of an alias, read once, makes SQLAlchemy keep a copy of every column of its table.
#
# Version:   SQLAlchemy 2.1.9, Python's tracemalloc.
# Guess:     a statement holds what it names: an alias of which one column is compared holds that one,
#            a few hundred bytes, however wide the table is, by aliased() or by Table.alias() alike.
# Behaviour: an alias is nearly free until its first column is read; then all are copied, and
#            aliased() copies them twice. Where statements are written once and kept, an EXISTS over
#            one column of a table of forty keeps some 140 kB, or 77 kB by its table.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check sqlalchemy==2.1.9 2>"$folder/pip" \
  || { cat "$folder/pip"; exit 2; }
cat > "$folder/see.py" <<'PYTHON'
"""Kilobytes that one alias keeps, of tables of 5 and of 40 columns."""

import gc
import tracemalloc
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, aliased, configure_mappers, mapped_column


class Base(DeclarativeBase):
    pass


def mapped(columns: int) -> type[Base]:
    """A class of so many columns: an id, and text."""
    fields = {f"text_{at}": mapped_column(sa.String) for at in range(1, columns)}
    key = mapped_column(sa.Integer, primary_key=True)
    return type(f"Of{columns}", (Base,), {"__tablename__": f"of_{columns}", "id": key, **fields})


def kilobytes(make: Callable[[], object], times: int = 100) -> float:
    """What one result keeps, once the library's own caches are warm."""
    kept = [make() for _ in range(5)]
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    kept += [make() for _ in range(times)]
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / times / 1024


def by_class(of: type[Base]) -> object:
    alias = aliased(of)
    return sa.exists().where(alias.id == 1)


def by_table(of: type[Base]) -> object:
    alias = of.__table__.alias()
    return sa.exists().where(alias.c.id == 1)


print("SQLAlchemy", sa.__version__)
print("guess:     what is read of an alias is kept, under 2 kB for one column, whatever the table")
print("behaviour: all of its columns are, once one is read, and twice by aliased()")
kept: dict[tuple[int, str], float] = {}
for columns in (5, 40):
    of = mapped(columns)
    configure_mappers()
    ways = {
        "aliased(), unread": lambda of=of: aliased(of),
        "aliased(), one column read": lambda of=of: by_class(of),
        "Table.alias(), unread": lambda of=of: of.__table__.alias(),
        "Table.alias(), one column read": lambda of=of: by_table(of),
    }
    for name, make in ways.items():
        kept[columns, name] = kilobytes(make)
        print(f"  {columns} columns, {name}: {kept[columns, name]:.1f} kB")
for name in ("aliased(), one column read", "Table.alias(), one column read"):
    assert kept[40, name] > 4 * kept[5, name], name
    assert kept[40, name] > 50, name
assert kept[40, "aliased(), one column read"] > 1.5 * kept[40, "Table.alias(), one column read"]
assert max(kept[40, "aliased(), unread"], kept[40, "Table.alias(), unread"]) < 5
PYTHON
"$folder/venv/bin/python" "$folder/see.py"
