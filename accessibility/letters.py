"""The letters' HTML bodies as states: every folder of templates/mail, with the
facts of its example. A new letter is looked at without a line here."""

from accessibility.states import State
from accessibility.visit import Visit
from player.mail_examples import FACTS, written


def _reader(name: str):
    def reach(visit: Visit) -> None:
        letter = written(name)
        visit.show_html(letter.html)

    return reach


LETTERS: tuple[State, ...] = tuple(
    State(
        f"courrier-{name}".replace("_", "-"),
        f"Message « {written(name).subject} »",
        f"mail/{name}/body.html",
        _reader(name),
        kind="letter",
    )
    for name in sorted(FACTS)
)
