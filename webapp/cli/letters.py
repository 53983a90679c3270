"""`flask letters`: the paper letters, in batches."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app

from webapp.cli import (
    asking,
    letters_life,
    letters_list,
    letters_told,
    numbers_file,
    signals,
    typed,
    whom,
)
from webapp.cli import letters_print as printing
from webapp.cli.age_files import Recipient
from webapp.cli.commands import PortalGroup
from webapp.cli.letters_files import Extent, Writer, Written
from webapp.cli.letters_folder import Draft
from webapp.cli.operator import operator
from webapp.cli.output import OutputFault
from webapp.cli.roll_files.faults import RollFileFault
from webapp.cli.typed import PLACE
from webapp.cli.work import command_work, public_url, stop, tell, today
from webapp.rules import credentials, letters
from webapp.services.letters import batches, beforehand
from webapp.services.letters.batches import Made, Maker, Nobody
from webapp.services.letters.choosing import Choice, not_exact
from webapp.services.letters.sheets import Addressee, Press, PressFault, Sheet
from webapp.services.roll.members import NotOnTheRoll, named

_OLDEST = 36_500  # days: no letter of the portal is older than a hundred years

group = PortalGroup("letters", help="Les courriers : les faire, les imprimer, les suivre.")
group.add_command(printing.command)
group.add_command(letters_life.posted)
group.add_command(letters_life.returned)
group.add_command(letters_list.command)


@dataclass(frozen=True)
class _Wish:
    """What the operator asked for. `numbers`: the file of numbers; `trial`: the daily letter."""

    out: Path
    whom: Recipient | None
    choice: Choice
    numbers: Path | None
    trial: bool
    reason: str


@group.command("make")
@printing.with_place
@click.option("--new", is_flag=True, help="Qui n’a pas encore de courrier (par défaut).")
@click.option("--expired", is_flag=True, help="Dont le courrier est périmé sans avoir servi.")
@click.option(
    "--unused-since", metavar="JOURS",
    callback=typed.count("--unused-since", "un nombre de jours", _OLDEST),
    help="Dont le courrier, parti depuis tant de jours, n’a pas servi.",
)  # fmt: skip
@click.option(
    "--numbers", type=PLACE, metavar="FICHIER",
    help="Ces adhérents seulement : un numéro par ligne, ou un tableau.",
)  # fmt: skip
@click.option(
    "--limit", metavar="N", callback=typed.count("--limit", "un nombre de courriers"),
    help="Au plus tant de courriers.",
)  # fmt: skip
@click.option("--allow-no-address", is_flag=True, help="Aussi pour qui n’a pas d’adresse.")
@click.option("--test", "trial", is_flag=True, help="Un courrier d’essai, à la mutuelle même.")
@asking.with_reason()
def make(
    out: Path,
    encrypt_to: Recipient | None,
    *,
    new: bool,
    expired: bool,
    unused_since: int | None,
    numbers: Path | None,
    limit: int | None,
    allow_no_address: bool,
    trial: bool,
    reason: str,
) -> None:
    """Fait un lot de courriers, et écrit ses fichiers : PDF, liste, manifeste.

    Les codes que ces courriers remplacent ne marchent plus.
    """
    choice = Choice(
        new=new, expired=expired, unused_since=unused_since, limit=limit,
        no_address_needed=allow_no_address,
    )  # fmt: skip
    wish = _Wish(out, encrypt_to, choice, numbers, trial, reason)
    _refuse_unclear(wish)
    try:
        with printing.folder(out) as draft:
            press = printing.press()
            _prove(press)
            made = _made(wish, press, draft)
            _write(wish, draft, press, made)
        letters_told.unprinted()
    except (OutputFault, RollFileFault) as fault:
        stop(str(fault))
    except PressFault as fault:
        letters_told.stop_unprintable(fault)
    except Nobody as nobody:
        _nobody(nobody)
        letters_told.unprinted()
    except NotOnTheRoll as unknown:
        whom.unknown(unknown, whom.IMPORT_FIRST)


def _refuse_unclear(wish: _Wish) -> None:
    """What would mean nothing: exit code 2."""
    chosen = wish.choice.new or wish.choice.expired or wish.choice.unused_since is not None
    if wish.numbers and chosen:
        asking.before(
            "--numbers désigne les adhérents : rien n’a été changé. Ôtez --new, --expired et "
            "--unused-since."
        )
    if wish.trial and (chosen or wish.numbers or wish.choice != Choice()):
        asking.before("--test ne va avec aucun choix d’adhérents. Rien n’a été changé.")


def _prove(press: Press) -> None:
    """Print an invented letter: what can't be printed is told before anything is done."""
    _, world = current_app.extensions["portal"]
    now = world.clock.now()
    until = letters.printed_until(now)
    whom = Addressee("0012345", "Mme", "Exemple", "Odile", "MME ODILE EXEMPLE\n75000 EXEMPLE")
    sheet = Sheet(1, 1, 1, whom, credentials.grouped("0" * 12), today(), until)
    list(press.files([[sheet]], made_at=now))


def _made(wish: _Wish, press: Press, draft: Draft) -> Made:
    """The batch, committed; nothing at all where that fails."""
    maker = Maker(operator(), press.recipe, public_url(), wish.reason)
    numbers = _exact_numbers(wish.numbers) if wish.numbers else ()
    choice, writer = replace(wish.choice, numbers=numbers), Writer(draft, wish.whom)
    if not wish.trial:
        with command_work(reading=True) as work:
            unfit = beforehand.measured(work, choice, press.unfit)
    with command_work() as work:
        if wish.trial:
            made = Made(batches.make_trial(work, _own(), maker=maker), ())
        else:
            made = batches.make(work, choice, maker=maker, unfit=unfit)
        draft.refuse_existing(writer.names(_whole(made)))
    return made


def _whole(made: Made) -> Extent:
    return Extent(made.batch, 1, made.batch.letters)


def _write(wish: _Wish, draft: Draft, press: Press, made: Made) -> None:
    """The files of a batch that is made: whatever happens to them, it can be printed again."""
    lot, extent = made.batch.id, _whole(made)
    try:
        done = Writer(draft, wish.whom).write(extent, press, made.left_out)
        printing.publish(draft, extent, done)
    except (*printing.FAULTS, KeyboardInterrupt) as fault:
        _unwritten(made, fault)
    _tell(wish, extent, done, made)
    if not wish.trial:
        tell(f"Une fois ces courriers partis : flask letters posted {lot}.")


def _unwritten(made: Made, fault: BaseException) -> NoReturn:
    lot = made.batch.id
    stop(
        f"Le lot {lot} est fait ({letters_told.many(made.batch.letters)}), ses fichiers ne sont "
        f"pas écrits : {letters_told.why(fault)}. Rien n’est perdu ; pour les écrire : flask "
        f"letters print {lot} --out DOSSIER.",
        code=signals.exit_code(fault) if isinstance(fault, KeyboardInterrupt) else 1,
    )


def _tell(wish: _Wish, extent: Extent, done: Written, made: Made) -> None:
    tell(letters_told.written(extent, done, wish.out, encrypted=wish.whom is not None))
    if told := letters_told.skipped(made.batch.skipped):
        tell(told)
    letters_told.left_out(done.left_out, extent.left_out)


def _nobody(refusal: Nobody) -> None:
    """No fault: most nights there is nobody new."""
    tell("Aucun courrier à faire : personne ne correspond à ce choix.")
    if told := letters_told.skipped(refusal.skipped):
        tell(told)
    letters_told.left_out(refusal.left_out)


def _exact_numbers(file: Path) -> tuple[str, ...]:
    """The members whom a file names, who must be written as on the roll: nobody is asked whether
    it is them."""
    numbers = whom.numbers(numbers_file.read(file, today()))
    with command_work(reading=True) as work:
        if others := not_exact(work, numbers):
            whom.only_exact(named(work, others[:1]))
    return tuple(numbers)


def _own() -> Addressee:
    """The mutual itself, to whom the trial letter goes."""
    name, lines = current_app.extensions["portal_own_address"]
    if not lines:
        asking.before(
            "L’adresse de la mutuelle n’est pas connue : rien n’a été changé. Écrivez-la dans "
            "brand.toml (BRAND_DIR), [contact] address = […], puis relancez la commande."
        )
    return Addressee(letters.TRIAL_NUMBER, "", name, "", "\n".join(lines))
