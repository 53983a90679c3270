"""Whom a command is about: numbers as an operator types them, members as the roll has them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NoReturn

from webapp.cli.work import stop
from webapp.rules import credentials
from webapp.rules.roll_values import shown
from webapp.services.roll.members import Named, NotOnTheRoll

IMPORT_FIRST = (
    "Vérifiez ce numéro, ou importez d’abord le fichier des adhérents."  # advice for `unknown`
)


def numbers(typed: Iterable[str]) -> list[str]:
    """The numbers, each once; ends the command when one can't be a member's."""
    return list(dict.fromkeys(map(_number, typed)))


def _number(typed: str) -> str:
    number = credentials.typed_number(typed)
    if number is None:
        stop(
            f"« {shown(typed)} » n’est pas un numéro d’adhérent. Rien n’a été changé. Donnez des "
            "chiffres et des lettres, comme sur le courrier."
        )
    return number


def line(member: Named) -> str:
    """« 0012345 : Mme Odile Martin », and what was typed for that number where it is not it."""
    names = shown(member.names, 120) or "nom non renseigné"
    given = f" (vous avez donné « {shown(member.typed)} »)" if member.typed else ""
    return f"{shown(member.number)} : {names}{given}"


def these(members: Sequence[object]) -> str:
    """« cet adhérent », « ces 12 adhérents »."""
    return "cet adhérent" if len(members) == 1 else f"ces {len(members)} adhérents"


def only_exact(members: Sequence[Named]) -> None:
    """Ends the command, whose --yes spares the question, where a number is not written as the roll
    writes it: nobody would look whether it is that member."""
    for member in members:
        if member.typed:
            stop(
                f"« {shown(member.typed)} » n’est pas écrit ainsi dans le fichier des adhérents, "
                f"qui a {line(replace(member, typed=None))}. Rien n’a été changé. Si "
                "c’est cet adhérent, donnez son numéro tel que le fichier l’écrit."
            )


def unknown(fault: NotOnTheRoll, advice: str) -> NoReturn:
    """Ends the command: no member has this number, or several may be meant."""
    if fault.near:
        near = ", ".join(f"« {shown(each)} »" for each in fault.near)
        stop(
            f"« {shown(fault.number)} » peut être le numéro de plusieurs adhérents : {near}. Rien "
            "n’a été changé. Donnez celui qu’il vous faut, exactement comme ici."
        )
    stop(f"Aucun adhérent n’a le numéro « {shown(fault.number)} ». Rien n’a été changé. {advice}")
