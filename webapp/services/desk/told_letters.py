"""What there is to tell of a member's paper letters: in which state, since when, until when."""

from collections.abc import Mapping

from webapp.rules.moments import day, moment
from webapp.rules.statuses import CLOSED_SPACE, NO_LETTER, WORDS
from webapp.services.desk.letters import LetterFacts

Field = tuple[str, str]  # « Posté », « le 1er décembre 2026 »; said of nothing: ""
STATES = {
    "unwritten": "pas encore fait",
    "good": "n’a pas encore servi",
    "made": "fait, pas encore posté",
    "posted": "posté, n’a pas encore servi",
    "used": "a servi à ouvrir l’espace",
    "expired": "périmé sans avoir servi",
    "returned": "revenu (NPAI), n’ouvre plus rien",
    "void": "remplacé par un plus récent",
    "erased": "ne vaut plus rien : l’espace qu’il avait ouvert est effacé",
}
LIVING = ("good", "made", "posted")
_NO_HINTS: Mapping[str, str] = {}


def present(letter: LetterFacts, status: str, hints: Mapping[str, str] = _NO_HINTS) -> list[Field]:
    """The letter of the code that is on the roll today. `hints`: what a state is followed by; to
    who left, died or refuses none is written."""
    lives = letter.state in (*LIVING, "expired") and letter.good_until is not None
    until = f"jusqu’au {day(letter.good_until)}" if lives and letter.good_until else ""
    return [("État", _state(letter, status, hints)), *_days(letter), ("Valable", until)]


def former(letter: LetterFacts) -> list[Field]:
    """One before it, which opens nothing any more."""
    return [("État", STATES[letter.state]), *_days(letter)]


def _state(letter: LetterFacts, status: str, hints: Mapping[str, str]) -> str:
    if letter.state in LIVING and status in CLOSED_SPACE:
        return f"n’ouvre rien tant que la situation est « {WORDS[status]} »"
    if status in NO_LETTER:
        unwritten = letter.state == "unwritten"
        return "aucun, à cause de la situation" if unwritten else STATES[letter.state]
    return STATES[letter.state] + hints.get(letter.state, "").format(batch=letter.batch)


def _days(letter: LetterFacts) -> list[Field]:
    made = f"le {moment(letter.made_at)}" if letter.made_at else ""
    if letter.reissued and made:
        made += ", à la place du précédent"
    return [
        ("Lot", f"{letter.batch}, n° {letter.sequence}" if letter.batch else ""),
        ("Fait", made),
        ("Posté", f"le {day(letter.posted_on)}" if letter.posted_on else ""),
        ("Revenu", f"noté le {moment(letter.returned_at)}" if letter.returned_at else ""),
        ("Servi", f"le {moment(letter.used_at)}" if letter.used_at else ""),
    ]
