"""What the roll says of a member's membership, and what follows from it."""

from collections.abc import Mapping

from webapp.rules.accents import unaccented

ACTIVE, LEFT, DECEASED, REFUSED = "active", "left", "deceased", "refused"
IN_FILE = {"actif": ACTIVE, "parti": LEFT, "decede": DECEASED, "refus": REFUSED}  # docs/roll.md
WORDS = {
    ACTIVE: "adhérent",
    LEFT: "parti",
    DECEASED: "décédé",
    REFUSED: "refuse l’espace en ligne",
}
CLOSED_SPACE = frozenset({LEFT, DECEASED})  # nobody signs in there any more; nothing is erased
SUSPENDED = "suspended"  # of a space, never of the roll: an operator keeps everybody out
NO_ENTRY = CLOSED_SPACE | {SUSPENDED}
NO_LETTER = frozenset({LEFT, DECEASED, REFUSED})  # nor any reminder
_SEVERAL = {LEFT: "partis", DECEASED: "décédés", REFUSED: "refus"}
_ONE = {LEFT: "parti", DECEASED: "décédé", REFUSED: "refus"}

_LONGER = {"active": ACTIVE, "partie": LEFT, "decedee": DECEASED}


def words(status: str) -> str:
    """What a member reads of theirs; « inconnue » for one that only another version knows."""
    return WORDS.get(status, "inconnue")


def counted(members: Mapping[str, int]) -> str:
    """« 3 partis, 1 décédé »: how many of each status."""
    found = ((members.get(status, 0), status) for status in _ONE)
    return ", ".join(
        f"{count} {(_ONE if count == 1 else _SEVERAL)[status]}" for count, status in found if count
    )


def read_status(raw: str) -> str:
    """A cell of the file as the roll stores it; empty: an active member. Raises ValueError."""
    plain = unaccented(raw.strip()).casefold()
    if not plain:
        return ACTIVE
    found = IN_FILE.get(plain) or _LONGER.get(plain)
    if found is None:
        raise ValueError(f"attendu {', '.join(IN_FILE)} ou rien")
    return found
