"""The journal's first page: its questions' forms, and the signs of misuse."""

from flask.typing import ResponseReturnValue

from webapp.desk.journal.forms import DayForm, MemberForm, OperatorForm, PeriodForm
from webapp.rules.misuse import MONTH, SIGNS
from webapp.rules.refusals import Refusal
from webapp.services.desk import misuse
from webapp.services.operators import staff
from webapp.web import screens
from webapp.web.forms import PortalForm
from webapp.web.transactions import current_work


def refuse(form: PortalForm, refusal: Refusal, **typed: PortalForm) -> ResponseReturnValue:
    """The page again, with the one form that was typed."""
    return screens.refuse("desk/journal/page.html", form, refusal, **shown(**typed))


def shown(**typed: PortalForm) -> dict[str, object]:
    """What the page shows: each question's form, that which was typed as it is, who may be asked
    for, and the signs of the last 30 days."""
    blank = {
        "of_operator": OperatorForm, "of_member": MemberForm, "of_day": DayForm,
        "of_period": PeriodForm,
    }  # fmt: skip
    work = current_work()
    names = [(str(each.id), each.name) for each in staff.everybody(work)]
    signs = misuse.since(work, work.now - MONTH)
    return {**blank, **typed, "names": names, "signs": signs, "sign_words": SIGNS}
