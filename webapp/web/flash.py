"""Flash messages: what was just done, said once at the top of the next page.

Each is declared beside its view, or here when several journeys say it. Its key stands in the next
page's address (`?fait=`), which anybody may write: one that is not declared says nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Flash:
    """A flash message, made by `declare`. `warning`: something could not be done. `removed`: the
    kinds of second factors that went with the act (templates/components/recent_steps.html)."""

    key: str
    words: str
    warning: bool = False
    removed: tuple[str, ...] = ()

    def with_removed(self, kinds: Iterable[str]) -> "Flash":
        """The same, saying what was removed too."""
        return replace(self, removed=tuple(sorted(kinds)))

    @property
    def query(self) -> str:
        """What stands in the address: the key, then each kind removed, between dots."""
        return ".".join((self.key, *self.removed))


FLASHES: dict[str, Flash] = {}


def declare(key: str, words: str, *, warning: bool = False) -> Flash:
    """A flash message and its French words; `{phone}` in them is the mutual's number. Raises
    ValueError without words, and for a key that is taken."""
    if not words or key in FLASHES:
        raise ValueError(f"flash message {key!r} needs words, and a key of its own")
    FLASHES[key] = Flash(key, words, warning)
    return FLASHES[key]


def of(query: str) -> Flash | None:
    """The flash message of an address, None for whatever is none."""
    key, *removed = query.split(".")
    known = FLASHES.get(key)
    return replace(known, removed=tuple(removed)) if known and removed else known


SENT_AGAIN = declare(
    "renvoi",
    "C’est fait : un nouveau message est parti. Il peut mettre une ou deux minutes à arriver.",
)
OLD_PAGE = declare(
    "ancienne",
    "Cette page était ouverte depuis longtemps. Appuyez de nouveau sur le bouton.",
)
SESSION_ENDED = declare(
    "session",
    "Votre session est terminée, pour protéger vos données. Connectez-vous de nouveau.",
)
REMOVED = declare("retrait", "Retiré en même temps")  # recent_steps.html says what
