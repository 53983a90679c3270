"""What looks wrong with a file of members as a whole, though each row may be good.

A guard stops the import. Its word, after `--accept`, lets it pass: then somebody has looked.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.rules.typography import french

EXAMPLES = 3  # of whatever an operator is told of a file
TEST_NUMBERS = "QAESSAI"  # of the test members: no number of a mutual begins so

SHARE = 20  # 1 in 20, 5 %: more than that is not a month's change, nor a birthday
FEW = 10  # fewer new or missing members than this are no surprise, however small the roll
SAME_DAY = 20  # members born on one day
CLEAR = 95  # of a hundred numbers, those of one length that make it the roll's
KNOWN_LENGTH = 3  # numbers of the roll that make another length no surprise
ENOUGH = 5  # numbers from which a roll has a length at all

_TOTAL = re.compile(
    r"\W*(?:(?:sous|grand)?[ -]?tota(?:l|ux)(?: g[ée]n[ée]ral)?\b.*"
    r"|nb\b(?! ?\d).*|(?:nombre|effectif|liste|fichier|export(?:ation)?|extraction|[ée]tat)\b.*"
    r"|somme\b.*|fin(?: d[eu] (?:fichier|liste|l.export))?|(?:page|feuille) \d+.*"
    r"|\d[\d\s.]* ?(?:adh[ée]rents?|lignes?|membres?|personnes?|assur[ée]s?)\b.*)\W*",
    re.IGNORECASE | re.DOTALL,
)
_ERROR = re.compile(
    r"#(?:N/?A|REF!?|VALUE!?|VALEUR!?|NAME\?|NOM\?|NUM!|NOMBRE!|DIV/0!|NULL!|NUL!|#+)"
    r"|(?:Err|Erreur) ?: ?\d{3}|[+-]?(?:\d+[.,]\d+E[+-]?\d+|\d+E\+\d+)",
    re.IGNORECASE,
)
_DECIMALS = re.compile(r"(?<=\d)[.,]0*$")
_NOT_SIGNS = re.compile(r"^N°|[^0-9A-Z]")
_LOOKALIKES = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class Guard:
    """`what` is counted; `advice` is what to do, and when `--accept` is right."""

    what: str
    advice: str


GUARDS: dict[str, Guard] = {
    "noms": Guard(
        "Noms mal lus, ou vides",
        "Corrigez ces noms ou enregistrez le fichier en « CSV UTF-8 » ; s’ils sont justes, ajoutez",
    ),
    "numeros": Guard(
        "Numéros qui ne diffèrent d’un autre que par des zéros, des décimales, un séparateur, un O "
        "ou un I",
        "Donnez à ces adhérents le numéro qu’ils ont déjà (dans un tableur, la colonne au format "
        "texte) ; si ce sont bien d’autres adhérents, ajoutez",
    ),
    "longueur": Guard(
        "Numéros nouveaux d’une autre longueur que ceux du fichier des adhérents",
        "Des zéros ont pu se perdre dans un tableur : vérifiez la colonne ; si ces numéros sont "
        "justes, ajoutez",
    ),
    "total": Guard(
        "Lignes qui sont un titre ou un total",
        "Supprimez-les du fichier ou, pour les laisser de côté, ajoutez",
    ),
    "codes": Guard(
        "Codes d’accès donnés à plusieurs adhérents",
        "Un code n’est qu’à un adhérent : corrigez la colonne ; pour importer quand même, ajoutez",
    ),
    "naissance": Guard(
        "Dates de naissance portées par plus d’un adhérent sur vingt",
        "Videz la date de ceux dont elle est inconnue ; si elle est juste, ajoutez",
    ),
    "erreurs": Guard(
        "Valeurs d’erreur, nombres abrégés ou à virgule d’un tableur",
        "Corrigez ces cellules dans le tableur ; si ces valeurs sont justes, ajoutez",
    ),
    "nouveaux": Guard(
        "Adhérents nouveaux, plus d’un pour vingt adhérents connus",
        "Vérifiez que c’est le bon fichier et que les numéros n’ont pas changé de forme ; s’ils "
        "arrivent bien tous, ajoutez",
    ),
    "manquants": Guard(
        "Adhérents absents du fichier, plus d’un sur vingt",
        "Vérifiez que l’export est entier ; s’ils sont bien partis, ajoutez",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """A guard that would stop the import: how many it is about, and the first of them."""

    word: str
    count: int
    examples: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What, how many, which ones for example, and the word that lets it pass."""
        guard = GUARDS[self.word]
        shown = f" ({' ; '.join(self.examples)})" if self.examples else ""
        told = f"{guard.what} : {grouped(self.count)}{shown}. {guard.advice} --accept {self.word}."
        return french(told)

    @property
    def on_screen(self) -> str:
        """The same without an example, for a page where a button lets it pass."""
        guard = GUARDS[self.word]
        advice = guard.advice.removesuffix("ajoutez") + "acceptez l’alerte ci-dessous"
        return french(f"{guard.what} : {grouped(self.count)}. {advice}.")


def grouped(count: int) -> str:
    """« 80 000 », its blank unbreakable."""
    return f"{count:,}".replace(",", "\u00a0")


def is_total(text: str) -> bool:
    """Whether a cell is the beginning of a title or of a total."""
    return _TOTAL.fullmatch(text.strip()) is not None


def is_total_row(number: str, others: Sequence[str]) -> bool:
    """Whether a row is a title or a total, and no member: its number says so or, in a row that is
    almost empty, another cell."""
    if is_total(number):
        return True
    told = [cell for cell in others if cell.strip()]
    return len(told) <= 1 + (not number.strip()) and any(map(is_total, told))


def is_error(text: str) -> bool:
    """Whether a cell holds what a spreadsheet shows in place of a value."""
    return _ERROR.fullmatch(text.strip()) is not None


def has_decimals(number: str) -> bool:
    """Whether a number is written as a program writes one that is not whole, « 12345.0 »."""
    return number.endswith(".0") and number[:-2].isdigit()


def loose(number: str) -> tuple[str, ...]:
    """What is left of a number in capitals when all that a spreadsheet or a hand adds is gone: two
    numbers that have one of these in common look alike.

    « 12345.0 » has two: a spreadsheet writes 12345 so, and who leaves the dot out types 123450.
    """
    plain = unicodedata.normalize("NFKC", number.replace("º", "°"))
    written = plain, _DECIMALS.sub("", plain)
    return tuple(dict.fromkeys(map(_bare, written)))


def _bare(number: str) -> str:
    return _NOT_SIGNS.sub("", number).translate(_LOOKALIKES).lstrip("0")


def clear_length(lengths: dict[int, int]) -> int | None:
    """The length that almost all of these numbers have: `lengths` counts them by theirs."""
    told = sum(lengths.values())
    if told < ENOUGH:
        return None
    length = max(lengths, key=lengths.__getitem__)
    return length if 100 * lengths[length] >= CLEAR * told else None


def surprising(count: int, of: int) -> bool:
    """Whether so many of these are more than a month brings."""
    return count >= FEW and count * SHARE > of
