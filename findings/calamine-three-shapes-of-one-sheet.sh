#!/usr/bin/env bash
# python-calamine gives one sheet in three shapes, and a cell in error as an empty one.
#
# Version:   python-calamine 0.9.1; openpyxl 3.1.5 writes the workbook.
# Guess:     iter_rows() and to_python() hand on the same rows, which begin with the first that has
#            a value; a cell that holds #N/A says so.
# Behaviour: to_python() leaves out the empty rows above and the empty columns before; iter_rows()
#            keeps the rows and leaves out the columns, so that its row numbers are the sheet's and
#            its column numbers are not; to_python(skip_empty_area=False) keeps both. The cell in
#            error is "", as an empty cell is, in all three.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
  python-calamine==0.9.1 openpyxl==3.1.5 2>"$folder/pip" || { cat "$folder/pip"; exit 2; }
cat > "$folder/see.py" <<'PYTHON'
"""A table of two rows that begins in C3; its last cell is in error."""

import sys
from importlib.metadata import version

import openpyxl
from python_calamine import CalamineWorkbook

book = openpyxl.Workbook()
sheet = book.active
sheet["C3"], sheet["D3"], sheet["C4"] = "number", "name", "001"
sheet["D4"] = "#N/A"
sheet["D4"].data_type = "e"
book.save(sys.argv[1])

read = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0)
shapes = {
    "iter_rows()": list(read.iter_rows()),
    "to_python()": read.to_python(),
    "to_python(skip_empty_area=False)": read.to_python(skip_empty_area=False),
}
print("python-calamine", version("python-calamine"))
print("guess:     the same rows from both, and the error told")
print("behaviour: three shapes, and the error as an empty cell")
for name, rows in shapes.items():
    print(f"  {name}: {len(rows)} rows of {len(rows[0])}: {rows}")
table = [["number", "name"], ["001", ""]]
assert shapes["to_python()"] == table
assert shapes["iter_rows()"] == [["", ""]] * 2 + table
assert shapes["to_python(skip_empty_area=False)"] == [
    *([[""] * 4] * 2), *(["", "", *row] for row in table)
]
PYTHON
"$folder/venv/bin/python" "$folder/see.py" "$folder/roll.xlsx"
