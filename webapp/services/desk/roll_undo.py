"""An import undone from the desk: one operator asks, another one agrees."""

from webapp.rules.refusals import Refusal
from webapp.rules.roles import AT_THE_PRINTER
from webapp.rules.roll_guards import grouped
from webapp.rules.typography import french
from webapp.services.desk import names, second_operator
from webapp.services.desk.second_operator import Facts
from webapp.services.kernel.work import Work
from webapp.services.roll import undo
from webapp.services.roll.report import RollRefused
from webapp.services.roll.undo import UndoRefused


def ask(work: Work, import_id: int, reason: str) -> int:
    """Have it wait for another operator; the request's number. Raises UndoRefused."""
    planned = undo.plan(work, import_id)
    facts = {
        "import_id": import_id,
        "asker": names.at_work(work),
        "told": french(
            f"import {import_id}, « {planned.what.file_name} » : {grouped(planned.restored)} "
            f"adhérents remis comme avant, {grouped(planned.removed)} retirés"
        ),
    }
    return second_operator.ask(work, DEED, None, facts, reason)


def _undo(work: Work, _roll_id: int | None, facts: Facts, reason: str) -> None:
    operator = names.both(work, str(facts["asker"]))
    try:
        undo.undo(work, int(str(facts["import_id"])), operator=operator, reason=reason)
    except UndoRefused as refused:
        raise Refusal("desk_undo_refused") from refused
    except RollRefused as refused:
        raise Refusal("desk_roll_busy") from refused


DEED = second_operator.declare("roll_undo", "Annuler un import", _undo, agrees=AT_THE_PRINTER).key
