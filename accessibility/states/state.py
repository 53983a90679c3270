"""What a state is."""

from collections.abc import Callable
from dataclasses import dataclass

from accessibility.visit import Visit

Reach = Callable[[Visit], None]
WRONG = "pas le bon mot de passe"


@dataclass(frozen=True)
class State:
    """`shows`: the template. `needs_scripts`: nothing like it exists without them.
    `excused`: console messages that this state brings about on purpose."""

    name: str
    title: str
    shows: str
    reach: Reach
    needs_scripts: bool = False
    excused: tuple[str, ...] = ()
    kind: str = "page"  # or "mail"


def opens(path: str) -> Reach:
    """Type an address."""

    def reach(visit: Visit) -> None:
        visit.page.goto(path)

    return reach
