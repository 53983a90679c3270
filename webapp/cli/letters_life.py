"""`flask letters posted` and `flask letters returned`: what becomes of letters outside."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from webapp.cli import asking, letters_told, lines, numbers_file, typed, whom
from webapp.cli.commands import PortalCommand
from webapp.cli.letters_told import many
from webapp.cli.operator import operator
from webapp.cli.roll_files.faults import RollFileFault
from webapp.cli.typed import PLACE
from webapp.cli.work import command_work, stop, tell, today
from webapp.rules.letters import posted_until
from webapp.rules.moments import day
from webapp.rules.roll_values import shown
from webapp.services.kernel.work import Work
from webapp.services.letters import posting, states
from webapp.services.letters.batches import Batch, BatchRefused
from webapp.services.letters.posting import CameBack
from webapp.services.roll.members import Named, NotOnTheRoll, named

_SHOWN = 20
_ADVICE = "Vérifiez ce numéro sur le courrier revenu."


@click.command("posted", cls=PortalCommand)
@click.argument("lot", metavar="LOT", callback=typed.lot)
@click.option(
    "--on", "on", metavar="AAAA-MM-JJ", callback=typed.day,
    help="Le jour où il est parti ; sans cela, aujourd’hui.",
)  # fmt: skip
@asking.with_yes
def posted(lot: int, on: date | None, yes: bool) -> None:
    """Dit qu’un lot est posté : les 90 jours commencent, ses codes ne sont plus gardés.

    Il ne peut plus être réimprimé.
    """
    when = on or today()
    try:
        with command_work(reading=True) as work:
            batch = posting.check(work, lot, when)
        question = f"Le lot {lot} est parti le {day(when)} ? Il ne pourra plus être réimprimé."
        asking.go_on(question, yes=yes, about=_about(batch))
        with command_work() as work:
            posting.posted(work, lot, on=when, operator=operator())
            dead = letters_told.dead(batch, states.counts(work, lot))
    except BatchRefused as refusal:
        letters_told.refuse(refusal, lot)
    until = max(batch.good_until, posted_until(when))
    tell(
        f"Lot {lot} posté le {day(when)} : {many(batch.letters)}, dont les codes sont bons "
        f"jusqu’au {day(until)}. Supprimez ses fichiers."
    )
    if dead:
        tell(dead, err=True)


def _about(batch: Batch) -> list[str]:
    never = "jamais écrits : personne n’a ces courriers" if batch.is_unprinted else ""
    fields = [
        ("Fait", f"le {day(batch.made_at)}, par {batch.operator}"),
        ("Courriers", str(batch.letters)),
        ("Fichiers", never),
    ]
    return [f"Lot {batch.id}", *lines.told(fields)]


@click.command("returned", cls=PortalCommand)
@click.argument("numbers", nargs=-1, metavar="NUMÉRO...")
@click.option(
    "--file", "file", type=PLACE, metavar="FICHIER",
    help="Leurs numéros : un par ligne, ou un tableau.",
)  # fmt: skip
@asking.with_yes
def returned(numbers: tuple[str, ...], file: Path | None, yes: bool) -> None:
    """Note les courriers revenus (« NPAI ») de ces adhérents : leur code ne marche plus.

    Aucun autre n’est fait avant que leur adresse change.
    """
    if bool(numbers) == bool(file):
        asking.before(
            "Donnez les numéros des adhérents dont le courrier est revenu, ou --file FICHIER, l’un "
            "des deux. Rien n’a été changé."
        )
    try:
        given = numbers_file.read(file, today()) if file else numbers
        typed_numbers = whom.numbers(given)
        with command_work(reading=True) as work:
            members = _all_named(work, typed_numbers)
        if yes:
            whom.only_exact(members)
        question = (
            f"Noter revenu le courrier de {whom.these(members)} ? Leur code ne marchera plus."
        )
        asking.go_on(question, yes=yes, about=_listed(members))
        with command_work() as work:
            exact = [each.number for each in members]
            came = posting.returned(work, exact, operator=operator())
    except RollFileFault as fault:
        stop(str(fault))
    except NotOnTheRoll as unknown:
        whom.unknown(unknown, _ADVICE)
    _tell_returned(came)


def _all_named(work: Work, numbers: Sequence[str]) -> list[Named]:
    """The members; ends the command with all the numbers of a long list that are nobody's."""
    found: list[Named] = []
    unknown: list[NotOnTheRoll] = []
    for number in numbers:
        try:
            found += named(work, [number])
        except NotOnTheRoll as nobody:
            unknown.append(nobody)
    if len(unknown) > 1:
        given = _some([f"« {shown(each.number)} »" for each in unknown])
        stop(
            f"{len(unknown)} numéros ne sont ceux d’aucun adhérent, ou de plusieurs : {given}. "
            f"Rien n’a été changé. {_ADVICE}"
        )
    if unknown:
        raise unknown[0]
    return list({each.number: each for each in found}.values())


def _listed(members: Sequence[Named]) -> list[str]:
    """Those whose number was not written as on the roll, all of them; then the others."""
    near = [each for each in members if each.typed]
    exact = [each for each in members if not each.typed]
    told = [whom.line(each) for each in [*near, *exact[:_SHOWN]]]
    more = len(exact) - _SHOWN
    return [*told, f"… et {more} de plus."] if more > 0 else told


def _tell_returned(came: Sequence[CameBack]) -> None:
    if unwritten := [shown(each.number) for each in came if each.unwritten]:
        tell(
            f"Jamais eu de courrier, rien n’est noté : {_some(unwritten)}. Vérifiez ces numéros "
            "sur les courriers revenus.",
            err=True,
        )
    noted = len(came) - len(unwritten)
    tell(
        f"Courriers revenus : {noted}. Leurs codes ne marchent plus ; aucun courrier ne sera "
        "fait pour ces adhérents avant que leur adresse change dans le fichier."
        if noted
        else "Courriers revenus : 0. Rien n’a été changé."
    )
    for used, words in (
        ("used", "ont déjà ouvert leur espace, qui reste ouvert"),
        ("moved", "ont un courrier plus récent à une autre adresse, qui reste bon"),
    ):
        numbers = [shown(each.number) for each in came if getattr(each, used)]
        if numbers:
            tell(f"Parmi eux, {_some(numbers)} {words}.")


def _some(numbers: Sequence[str]) -> str:
    more = f" et {len(numbers) - _SHOWN} de plus" if len(numbers) > _SHOWN else ""
    return f"{', '.join(numbers[:_SHOWN])}{more}"
