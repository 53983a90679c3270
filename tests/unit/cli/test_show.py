"""`flask members show`: one member, as whoever answers the telephone needs them."""

import re
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import insert, select, update

from player.members import LUCE, ODILE, on_the_roll, suspended, with_account
from player.world import PASSWORD, StillClock
from tests import address_changes, closings
from tests.authenticator import Phone
from tests.journeys import (
    code_in_mail,
    drafted,
    dump,
    found,
    give_password,
    in_waiting,
    journalled,
    reissued,
    signed_in,
    taking_over,
)
from tests.operators import operator
from tests.own_steps import with_passkey
from webapp.models import OutboxMail, RollEntry
from webapp.rules import limits
from webapp.rules.limits import Limit
from webapp.rules.statuses import DECEASED, LEFT, REFUSED, WORDS
from webapp.services.desk.deeds import letter
from webapp.services.desk.told import LIMITS
from webapp.services.kernel.work import Work
from webapp.services.letters import posting
from webapp.services.roll.report import NEVER

AT = "1er décembre 2026 à 10 h 00"


@pytest.fixture
def run(app: Flask) -> Any:
    def run(*numbers: str, columns: int = 80) -> Result:
        return app.test_cli_runner().invoke(
            args=["members", "show", *numbers], env={"COLUMNS": str(columns)}
        )

    return run


@pytest.fixture
def shown(run: Any) -> Any:
    """What is said of Odile, its no-break spaces made plain and its lines unfolded."""

    def shown(number: str = ODILE.number) -> str:
        result = run(number, columns=80)
        assert (result.exit_code, result.stderr) == (0, ""), result
        return unfolded(result.stdout)

    return shown


def unfolded(text: str) -> str:
    return re.sub(r"\n {3,}", " ", text.replace("\u00a0", " "))


def lettered(work: Work, **values: object) -> None:
    on_the_roll(work)
    work.db.execute(update(RollEntry).values(values or {"contract": "Santé Confort"}))
    work.settle()


# Roll and letter


def test_a_member_who_did_nothing_yet(work: Work, shown: Any) -> None:
    lettered(work, address="12 rue Haute\n75001 PARIS")
    assert shown().splitlines() == [
        "Adhérent 0012345",
        "  Nom :       Mme Odile Exemple",
        "  Situation : adhérent",
        "  Adresse :   12 rue Haute, 75001 PARIS",
        "  Contrat :   Santé Confort",
        f"  Fichier :   mis à jour le {AT}",
        "Courrier",
        "  État :    n’a pas encore servi",
        f"  Fait :    le {AT}",
        "  Valable : jusqu’au 1er mars 2027",
        "Espace : aucun",
        "Attentes après trop d’essais : aucune",
        "Derniers mails : aucun",
        "Derniers événements : aucun",
    ]


def test_a_letter_that_is_not_written_yet(work: Work, shown: Any) -> None:
    lettered(work, code_issued_at=NEVER)
    assert "État : pas encore fait : flask letters make" in shown()


@pytest.mark.parametrize(
    ("status", "letter"),
    [
        (DECEASED, "n’ouvre rien tant que la situation est « décédé »"),
        (LEFT, "n’ouvre rien tant que la situation est « parti »"),
        (REFUSED, "n’a pas encore servi"),
    ],
)
def test_what_a_letter_is_worth_follows_from_the_status(
    work: Work, shown: Any, status: str, letter: str
) -> None:
    lettered(work, status=status)
    told = unfolded(shown())
    assert f"Situation : {WORDS[status]}" in told
    assert f"État : {letter}" in re.sub(" +", " ", told)


def test_who_gets_no_letter_is_told_to_have_none(work: Work, shown: Any) -> None:
    lettered(work, status=DECEASED, code_issued_at=NEVER)
    told = shown()
    assert "aucun, à cause de la situation" in told
    assert "flask" not in told


def test_a_letter_that_is_too_old(work: Work, shown: Any, clock: StillClock) -> None:
    lettered(work)
    clock.advance(days=91)
    assert "État :    périmé sans avoir servi : refaites-le (flask members reissue," in shown()


def test_a_letter_that_was_reissued_and_why(work: Work, shown: Any) -> None:
    lettered(work)
    reissued(work)
    told = shown()
    assert f"Fait : le {AT}, à la place du précédent" in re.sub(" +", " ", told)
    assert f"{AT} : Courrier refait par la mutuelle" in told


def test_a_letter_from_its_making_to_its_return_and_those_before_it(
    work: Work, shown: Any, clock: StillClock
) -> None:
    lettered(work)
    reissued(work)
    clock.advance(days=1)
    reissued(work)
    told = re.sub(" +", " ", shown())
    assert "État : fait, pas encore posté, sinon dites-le : flask letters posted 2" in told
    assert "Lot : 2, n° 1" in told
    assert "Valable : jusqu’au 17 mars 2027" in told
    former = told[told.index("Courrier d’avant") : told.index("Espace")]
    assert former.splitlines()[1:] == [
        " État : remplacé par un plus récent", " Lot : 1, n° 1", f" Fait : le {AT}",
    ]  # fmt: skip
    posting.posted(work, 2, on=None, operator="c.martin")
    work.settle()
    assert "État : posté, n’a pas encore servi" in re.sub(" +", " ", shown())
    posting.returned(work, [ODILE.number], operator="c.martin")
    work.settle()
    told = re.sub(" +", " ", shown())
    assert "État : revenu (NPAI), n’ouvre plus rien : demandez l’adresse" in told
    assert "Posté : le 2 décembre 2026" in told
    assert "Revenu : noté le 2 décembre 2026 à 10 h 00" in told
    assert "Valable" not in told


# Registering


def test_a_registration_that_waits_for_its_mail_to_be_confirmed(work: Work, shown: Any) -> None:
    lettered(work)
    in_waiting(work)
    told = shown()
    assert "Étape :          attend que l’adresse e-mail soit validée" in told
    assert "Adresse e-mail : o•••@e•••.org" in told
    assert "Fin :            le 2 décembre 2026 à 10 h 00" in told
    assert f"{AT} : Demande de confirmation d’inscription : en attente d’envoi" in told


def test_a_registration_that_another_letter_ended(work: Work, shown: Any) -> None:
    lettered(work)
    drafted(work)
    work.db.execute(update(RollEntry).values(code_mac=b"of another letter"))
    work.settle()
    assert "Étape :          n’est plus valable" in shown()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"state": "sent", "ended_at": "now"}, f"pris par le relais le {AT}"),
        (
            {"state": "failed", "ended_at": "now", "last_error": "550 5.1.1"},
            f"refusé par la messagerie le {AT} (550 5.1.1)",
        ),
        (
            {"state": "sent", "outcome": "failed", "outcome_status": "5.2.2"},
            "revenu, la boîte mail n’a pas pu le recevoir (5.2.2)",
        ),
        ({"state": "sent", "outcome": "delivered"}, "pris par le relais, remis"),
        ({"state": "expired", "ended_at": "now"}, f"jeté le {AT}, il serait parti trop tard"),
        ({"last_error": "451 4.7.1"}, f"réessayé à partir du {AT} (451 4.7.1)"),
    ],
)
def test_what_became_of_a_mail(work: Work, shown: Any, row: dict[str, Any], said: str) -> None:
    lettered(work)
    in_waiting(work)
    moments = {name: work.now if value == "now" else value for name, value in row.items()}
    work.db.execute(update(OutboxMail).values(state="ready"))
    work.db.execute(update(OutboxMail).values(not_before=work.now, **moments))
    work.settle()
    assert f"{AT} : Demande de confirmation d’inscription : {said}" in shown()


def test_mails_to_an_address_that_is_not_proved_are_nobody_s_to_see(work: Work, shown: Any) -> None:
    """Odile's own codes do not show with Luce, who registers with Odile's address."""
    with_account(work)
    on_the_roll(work, LUCE)
    signed_in(work)
    in_waiting(work, LUCE, email=ODILE.email)
    told = shown(LUCE.number)
    assert "Votre code de sécurité" not in told and "Demande de confirmation" in told


# The space


@pytest.fixture
def space(work: Work) -> None:
    with_account(work)
    work.settle()


def test_a_space_with_all_that_is_open_in_it(work: Work, shown: Any, space: None) -> None:
    session = found(work, signed_in(work, remember=True).token)
    with_passkey(work, session, Phone())
    told = shown()
    assert "État : a servi à ouvrir l’espace" in told
    assert f"Ouvert :           le {AT}" in told
    assert "Adresse e-mail :   o•••@e•••.org" in told
    assert f"Clé d’accès :      ajoutée le {AT}" in told
    assert "Mon téléphone" not in told
    assert "Codes de secours : 10 restants" in told
    assert f"Connexion :             Firefox, Linux, connecté, depuis le {AT}" in told
    assert "Appareil de confiance : Firefox, Linux" in told
    assert f"{AT} : Votre code de sécurité : en attente d’envoi" in told
    assert f"{AT} : Connexion réussie depuis Firefox, Linux" in told


def test_what_waits_to_change_it(work: Work, shown: Any, space: None) -> None:
    session = found(work, signed_in(work).token)
    address_changes.ask(work, session)
    told = shown()
    assert f"Adresse e-mail : n•••@e•••.org demandée le {AT}, attend d’être validée" in told
    assert "Confirmez votre nouvelle adresse : en attente" in told
    closings.closed(work, session)
    assert "Fermeture : demandée : l’espace sera effacé le 8 décembre" in re.sub(" +", " ", shown())


def test_a_newer_letter_that_will_take_it_over(work: Work, shown: Any, space: None) -> None:
    taking_over(work, email=ODILE.other_email, password="cheval-tulipe-azur-99")
    told = shown()
    assert "Nouvel accès : demandé le" in told
    assert "s’ouvrira le 2 décembre 2026 à 10 h 00" in told


def test_a_space_that_is_suspended(work: Work, shown: Any, space: None) -> None:
    suspended(work)
    said = shown()
    assert "  Suspendu :" in said and f"depuis le {AT} : personne n’y entre" in said


def test_a_letter_that_the_desk_asked_for(work: Work, shown: Any) -> None:
    lettered(work)
    work.operator_id = operator(work)
    letter.want(work, work.db.execute(select(RollEntry.id)).scalar_one(), "courrier égaré")
    work.settle()
    assert f"Courrier demandé : le {AT}, il sera dans le prochain lot" in shown()


def test_a_wait_and_its_end(work: Work, shown: Any, space: None) -> None:
    for _ in range(5):
        with pytest.raises(Exception, match="sign_in_wrong"):
            give_password(work, password="cheval-tulipe-azur-99")
    assert "Mot de passe : jusqu’au 1er décembre 2026 à 10 h 01" in shown()


def test_twenty_events_are_told_the_last_first(work: Work, shown: Any, space: None) -> None:
    for _ in range(12):
        signed_in(work)
    told = shown().partition("Derniers événements\n")[2].splitlines()
    assert len(told) == 20
    assert "Connexion réussie" in told[0] and "Mot de passe accepté" in told[1]


def test_each_limit_on_a_member_s_tries_has_its_french_name() -> None:
    """A new limit: count it in services/desk/waits.py and name it in services/desk/told.py, or say
    here why it is no member's."""
    nobody_s = {
        "own_tries", "passkey_challenge",  # of one link, of one challenge
        "warning", "notices", "urgent_notices", "thanks",  # nobody waits for these
        "recovery_origin",  # of an address of origin
        "desk_looks",  # of an operator
    }  # fmt: skip
    named = {each.name for each in vars(limits).values() if isinstance(each, Limit)}
    assert {*LIMITS} == named - nobody_s


# What is never shown, and for whom


def test_no_secret_no_address_and_no_line_too_long(work: Work, run: Any, space: None) -> None:
    session = found(work, signed_in(work, remember=True).token)
    address_changes.ask(work, session)
    code = code_in_mail(work)
    for columns in (40, 80):
        told = run(ODILE.number, columns=columns).stdout
        assert "@example.org" not in told and code not in told and PASSWORD not in told
        assert ODILE.access_code not in told.replace("-", "")
        assert max(map(len, told.splitlines())) <= columns


def test_looking_changes_nothing(work: Work, run: Any, space: None) -> None:
    signed_in(work)
    before = dump(work)
    run(ODILE.number)
    assert dump(work) == before
    assert journalled(work, "roll.imported") == []


def test_a_name_made_to_fool_a_terminal_is_harmless(work: Work, run: Any) -> None:
    lettered(work, last_name="\x1b[2JLefèvre", address="\x1b]0;x\x07 rue")
    assert "\x1b" not in run(ODILE.number).stdout


# Whose number it is


def test_a_number_typed_otherwise_says_whom_it_was_taken_for(work: Work, run: Any) -> None:
    lettered(work)
    told = run("00 123-45").stdout.replace("\u00a0", " ").splitlines()
    assert told[:2] == ["Vous avez donné « 00123-45 ».", "Adhérent 0012345"]
    assert "Vous avez donné" not in run(ODILE.number).stdout


def test_of_two_numbers_that_look_alike_the_one_that_is_exactly_it_is_shown(
    work: Work, run: Any
) -> None:
    lettered(work)
    twin = {"number": "00.123.45", "number_key": ODILE.number, "last_name": "Jumeau"}
    code = {"code_mac": b"x", "code_issued_at": work.now, "updated_at": work.now}
    work.db.execute(insert(RollEntry).values(**twin, **code))
    work.settle()
    assert "Jumeau" in run("00.123.45").stdout
    several = run("0012 3-45")
    assert (several.exit_code, several.stdout) == (1, "")
    assert "« 00.123.45 », « 0012345 »" in several.stderr.replace("\u00a0", " ")


@pytest.mark.parametrize("number", ["0099999", "?!"])
def test_nobody_is_told_in_a_sentence(run: Any, number: str) -> None:
    result = run(number)
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (1, "", 1)
