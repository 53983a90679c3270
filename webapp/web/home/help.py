"""How the help page arranges the procedures: four questions first, all others below them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from webapp.rules import procedure as p
from webapp.rules.steps import Procedure, Step

ASKED = {  # by the key of a question in templates/home/help.html: shown open, then folded
    "create": ((p.REGISTRATION,), (p.ACTIVATION, p.COUPLE, p.CARER)),
    "sign_in": ((p.SIGN_IN,), (p.DEVICE, p.SIGN_IN_PASSKEY, p.SIGN_IN_APP, p.RECOVERY_CODE)),
    "lost": ((p.RECOVERY,), (p.NEW_LETTER, p.OWN_SPACE)),
    "inside": (
        (),
        (
            *(p.CHANGE_PASSWORD, p.CHANGE_ADDRESS, p.PASSKEY, p.AUTHENTICATOR, p.REMOVE_STEP),
            *(p.MY_DATA, p.NEW_TERMS, p.DECLINE_TERMS, p.CLOSE, p.KEEP),
        ),
    ),
    "not_me": ((), (p.SESSIONS, p.DISPUTE, p.UNDO_ADDRESS, p.STOP_NEW_LETTER)),
}


@dataclass(frozen=True)
class Told:
    """A procedure as the page tells it: `above`, the steps that the page has told already, in a
    sentence, then the others."""

    title: str
    above: str
    steps: tuple[Step, ...]


@cache
def arranged() -> dict[str, tuple[tuple[Told, ...], tuple[Told, ...]]]:
    """For each question, what stands open and what is folded: the same for every visitor."""
    shown: list[Procedure] = []
    return {
        key: (tuple(_told(shown, opened)), tuple(_told(shown, folded)))
        for key, (opened, folded) in ASKED.items()
    }


def _told(shown: list[Procedure], procedures: Iterable[Procedure]) -> Iterator[Told]:
    for each in procedures:
        of, same = max(
            ((former, _common(former, each)) for former in shown),
            key=lambda found: found[1],
            default=(each, 0),
        )
        above, steps = "", tuple(each)
        if same > 1:
            above = f"Étapes {steps[0].number} à {steps[same - 1].number} : comme dans "
            above, steps = f"{above}« {of.title} ».", steps[same:]
        shown.append(each)
        yield Told(each.title, above, steps)


def _common(one: Procedure, other: Procedure) -> int:
    """How many steps both begin with."""
    count = 0
    for mine, its in zip(one, other, strict=False):
        if mine.key != its.key:
            break
        count += 1
    return count
