"""The mails' HTML bodies as states: every mail of rules/mails.py, with its example.

A new mail is inspected without a line here."""

from collections.abc import Callable

from accessibility.states import State
from accessibility.visit import Visit
from player.mail_examples import written
from webapp.rules import mails


def _reader(name: str) -> Callable[[Visit], None]:
    def reach(visit: Visit) -> None:
        visit.show_html(written(name).html)

    return reach


MAILS: tuple[State, ...] = tuple(
    State(
        f"message-{name}".replace("_", "-"),
        f"Message « {written(name).subject} »",
        f"mail/{name}/body.html",
        _reader(name),
        kind="mail",
    )
    for name in sorted(mails.MAILS)
)
