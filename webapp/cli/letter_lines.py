"""What `flask members show` prints of paper letters: in which state, since when, what to do."""

from webapp.cli.lines import Field
from webapp.rules.moments import day, moment
from webapp.rules.statuses import CLOSED_SPACE, NO_LETTER, WORDS
from webapp.services.desk.letters import LetterFacts

_STATES = {
    "unwritten": "pas encore fait : flask letters make",
    "good": "n’a pas encore servi",
    "made": "fait, pas encore posté",
    "posted": "posté, n’a pas encore servi",
    "used": "a servi à ouvrir l’espace",
    "expired": "périmé sans avoir servi",
    "returned": "revenu (NPAI), n’ouvre plus rien",
    "void": "remplacé par un plus récent",
    "erased": "ne vaut plus rien : l’espace qu’il avait ouvert est effacé",
}
_ADVICE = {  # to who left, died or refuses none is written
    "expired": " : refaites-le (flask members reissue, ou flask letters make --expired)",
    "returned": " : demandez l’adresse, importez-la, puis flask letters make",
    "erased": ". Refaites-le au besoin (flask members reissue)",
}
_LIVING = ("good", "made", "posted")


def present(letter: LetterFacts, status: str) -> list[Field]:
    """The letter of the code that is on the roll today."""
    lives = letter.state in (*_LIVING, "expired") and letter.good_until is not None
    until = f"jusqu’au {day(letter.good_until)}" if lives and letter.good_until else ""
    return [("État", _state(letter, status)), *_days(letter), ("Valable", until)]


def former(letter: LetterFacts) -> list[Field]:
    """One before it, which opens nothing any more."""
    return [("État", _STATES[letter.state]), *_days(letter)]


def _state(letter: LetterFacts, status: str) -> str:
    if letter.state in _LIVING and status in CLOSED_SPACE:
        return f"n’ouvre rien tant que la situation est « {WORDS[status]} »"
    if status in NO_LETTER:
        return (
            "aucun, à cause de la situation"
            if letter.state == "unwritten"
            else (_STATES[letter.state])
        )
    if letter.state == "made":
        return f"{_STATES['made']}, sinon dites-le : flask letters posted {letter.batch}"
    return _STATES[letter.state] + _ADVICE.get(letter.state, "")


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
