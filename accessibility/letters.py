"""The mails' HTML bodies as states: every mail of rules/mails.py, with its examples. A new mail is
looked at without a line here."""

from accessibility.states import State
from accessibility.visit import Visit
from webapp.adapters.letters import TemplateLetters
from webapp.adapters.world import letter_environment
from webapp.rules.mails import MAILS
from webapp.services.world import Letter

_TEMPLATES = TemplateLetters(letter_environment(), "https://espace.example.org")


def _written(name: str) -> Letter:
    return _TEMPLATES.write(name, **MAILS[name].facts)


def _reader(name: str):
    def reach(visit: Visit) -> None:
        visit.show_html(_written(name).html)

    return reach


LETTERS: tuple[State, ...] = tuple(
    State(
        f"courrier-{name}".replace("_", "-"),
        f"Message « {_written(name).subject} »",
        f"mail/{name}/body.html",
        _reader(name),
        kind="letter",
    )
    for name in sorted(MAILS)
)
