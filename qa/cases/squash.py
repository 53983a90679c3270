"""The workbook that Squash TM imports: five sheets, their names and headings fixed by Squash.

Squash keeps no reference of a step: it stands in the step's action. Requirements, parameters and
datasets are the tester's own, so those sheets have their headings alone.
"""

import html
import io

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from qa.cases.words import beforehand, result
from qa.incidents import INCIDENTS
from qa.known import KNOWN
from qa.references import of_steps
from webapp.rules.procedure import Procedure
from webapp.rules.typography import french

SHEETS = {
    "TEST_CASES": (
        *("ACTION", "TC_PATH", "TC_NUM", "TC_REFERENCE", "TC_NAME", "TC_WEIGHT", "TC_NATURE"),
        *("TC_TYPE", "TC_STATUS", "TC_DESCRIPTION", "TC_PRE_REQUISITE"),
    ),
    "STEPS": (
        *("ACTION", "TC_OWNER_PATH", "TC_STEP_NUM", "TC_STEP_IS_CALL_STEP"),
        *("TC_STEP_CALL_DATASET", "TC_STEP_ACTION", "TC_STEP_EXPECTED_RESULT"),
    ),
    "PARAMETERS": ("ACTION", "TC_OWNER_PATH", "TC_PARAM_NAME", "TC_PARAM_DESCRIPTION"),
    "DATASETS": (
        *("ACTION", "TC_OWNER_PATH", "TC_DATASET_NAME", "TC_PARAM_OWNER_PATH"),
        *("TC_DATASET_PARAM_NAME", "TC_DATASET_PARAM_VALUE"),
    ),
    "LINK_REQ_TC": ("REQ_PATH", "REQ_VERSION_NUM", "TC_PATH"),
}
_FOLDERS = {False: "Démarches", True: "Incidents"}
Cell = str | int


def written(project: str) -> dict[str, bytes]:
    """The one workbook. `project`: of Squash, with folders below it where there are « / »."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheets: dict[str, Worksheet] = {name: book.create_sheet(name) for name in SHEETS}
    for name, headings in SHEETS.items():
        sheets[name].append(headings)
    numbers = dict.fromkeys(_FOLDERS.values(), 0)
    for each in KNOWN.values():
        folder = _FOLDERS[each in INCIDENTS]
        numbers[folder] += 1
        path = f"/{project.strip('/')}/{folder}/{_in_path(each.title)}"
        _append(sheets["TEST_CASES"], _case(each, path, numbers[folder]))
        for number, (reference, step) in enumerate(of_steps(each), 1):
            action = (
                f"<p>{_safe(step.do)}</p><p><small>{_safe(step.title)} [{reference}]</small></p>"
            )
            shown = f"<p>{_safe(result(step))}</p>"
            _append(sheets["STEPS"], ("C", path, number, 0, "", action, shown))
    whole = io.BytesIO()
    book.save(whole)
    return {"": whole.getvalue()}


def _case(procedure: Procedure, path: str, number: int) -> tuple[Cell, ...]:
    before = "".join(f"<li>{_safe(each)}</li>" for each in beforehand(procedure))
    return (
        *("C", path, number, procedure.key, french(procedure.title)),
        *("MEDIUM", "NAT_FUNCTIONAL_TESTING", "TYP_UNDEFINED", "UNDER_REVIEW"),
        f"<p>{_safe(procedure.title)} [{procedure.key}]</p>",
        f"<ol>{before}</ol>",
    )


def _append(sheet: Worksheet, row: tuple[Cell, ...]) -> None:
    """A row whose texts are texts, a leading « = » or « #N/A » included."""
    sheet.append(row)
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"


def _safe(text: str) -> str:
    """HTML, which these columns are read as."""
    return html.escape(french(text), quote=False)


def _in_path(title: str) -> str:
    """A « / » of the title is none between folders."""
    return french(title).replace("/", "\\/")
