"""What to do about a member's paper letter: whether to look for it, to wait for it, or to have
another one sent."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from webapp.rules.moments import day, moment, paris_date
from webapp.rules.statuses import NO_LETTER
from webapp.services.desk.letters import LetterFacts
from webapp.services.desk.member import MemberFacts

ON_ITS_WAY = timedelta(days=7)  # a letter that was posted so long ago has arrived, or is lost
_GOOD = ("good", "made", "posted")
_CHECK = "Vérifiez l’adresse avec l’adhérent"
_DEAD = {
    "unwritten": (
        "letter_unwritten",
        "Aucun courrier n’est encore fait : demandez-en un, il partira avec le prochain lot. "
        f"{_CHECK}.",
    ),
    "returned": (
        "letter_returned",
        "Le courrier est revenu : l’adresse du fichier n’est pas bonne, et aucun autre n’y part. "
        "Demandez la bonne adresse et faites-la noter au fichier ; un nouveau courrier pourra "
        "alors partir.",
    ),
    "erased": (
        "letter_erased",
        "L’espace a été effacé, et son courrier n’ouvre plus rien. Pour en ouvrir un nouveau : un "
        "nouveau courrier.",
    ),
    "used": (
        "letter_used",
        "Le dernier courrier a déjà servi. Pour ouvrir un espace, il en faut un nouveau.",
    ),
}


def is_good(facts: MemberFacts) -> bool:
    """Whether the present letter opens something."""
    return facts.letters[0].state in _GOOD


def without_a_space(facts: MemberFacts, now: datetime) -> Iterator[tuple[str, str]]:
    """To open one, a letter is needed."""
    letter = facts.letters[0]
    if facts.letter_wanted_at:
        yield _wanted(facts.letter_wanted_at)
        return
    if facts.on_the_roll.status in NO_LETTER:
        return
    if letter.state == "expired":
        yield (
            "letter_expired",
            f"Le courrier n’est plus bon{_since(letter)} : il n’ouvre plus rien. {_CHECK}, et "
            "demandez un nouveau courrier.",
        )
    elif letter.state in _DEAD:
        yield _DEAD[letter.state]
    else:
        yield _living(letter, now)


def beside_a_space(facts: MemberFacts) -> Iterator[tuple[str, str]]:
    """Who has a space and a newer letter changes their access with it."""
    letter = facts.letters[0]
    if facts.letter_wanted_at:
        yield _wanted(facts.letter_wanted_at)
    elif letter.state in _GOOD:
        yield (
            "letter_newer",
            f"Un nouveau courrier n’a pas encore servi, et est bon{_until(letter)} : avec lui, "
            "l’adhérent refait son inscription, avec l’e-mail et le mot de passe de son choix. Le "
            "nouvel accès s’ouvre 24 heures après.",
        )
    elif letter.state == "returned":
        yield _DEAD["returned"]


def _living(letter: LetterFacts, now: datetime) -> tuple[str, str]:
    if letter.state == "made":
        return (
            "letter_made",
            "Le courrier est fait, et va être posté : l’adhérent l’aura dans quelques jours. N’en "
            f"demandez pas d’autre, celui-ci ne vaudrait plus rien. {_CHECK}.",
        )
    posted = letter.posted_on
    if posted and paris_date(now) < posted + ON_ITS_WAY:
        return (
            "letter_on_its_way",
            f"Le courrier a été posté le {day(posted)} : il peut encore arriver. S’il n’est pas là "
            f"le {day(posted + ON_ITS_WAY)}, demandez-en un autre.",
        )
    return (
        "letter_good",
        f"Le courrier est encore bon{_until(letter)} : demandez à l’adhérent de le chercher. S’il "
        f"ne l’a pas : {_CHECK.lower()}, puis demandez un nouveau courrier.",
    )


def _wanted(at: datetime) -> tuple[str, str]:
    return (
        "letter_wanted",
        f"Un courrier est demandé depuis le {moment(at)} : il partira avec le prochain lot. "
        "N’en demandez pas un deuxième.",
    )


def _until(letter: LetterFacts) -> str:
    return f" jusqu’au {day(letter.good_until)}" if letter.good_until else ""


def _since(letter: LetterFacts) -> str:
    return f" depuis le {day(letter.good_until)}" if letter.good_until else ""
