"""Every door says who may enter, and where the others go instead."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from player.statements import Statements
from tests.checked_client import HX_PARTIAL
from tests.unit.web.door_table import ADVICE, APPROVING, POSTS, STAGES, STAYS, approve, approved
from tests.visitors import RANKS, Progress, Town, path_of, paths
from webapp.models import TermsAcceptance
from webapp.rules.ranks import ANYONE, Rank
from webapp.web import doors
from webapp.web.doors import Door, open_to, redirect_for

SIGN_IN = "/connexion"
SECURITY = "/espace/securite"
STEPS, CONFIRM_ADDRESS = f"{SECURITY}/deuxieme-etape", f"{SECURITY}/email/confirmation"

# a form of these is only ever shown to who has a passkey, or is adding an app
NOTHING_HERE = {"/connexion/cle", f"{STEPS}/application/valider"}


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_the_approved_table_has_every_route(app: Flask, verb: str) -> None:
    known = {path for each, path in approved() if each == verb}
    assert APPROVING or paths(app, verb) == known, ADVICE


@pytest.mark.parametrize("stage", STAGES)
def test_every_address_leads_where_it_was_approved(town: Town, stage: Progress) -> None:
    """A page is shown or leads to the first step not done; a form is taken, or leads away and does
    nothing."""
    browser, rank = town.browser(stage), RANKS[stage]
    met = {("GET", path): _end(browser.get(_with_link(town, path))) for path in _all(town, "GET")}
    for path, door in _doors(town.app, "POST").items():
        if rank in door.ranks:
            met["POST", path] = POSTS
            continue
        with Statements(town.work.db.engine) as statements:
            answer = browser.post(_with_link(town, path), data={"accept": "y"})
        assert answer.status_code == 303, path
        assert statements.writing == [], path
        met["POST", path] = answer.headers["Location"]
    if APPROVING:
        approve(town.app, stage, met)
    at = STAGES.index(stage)
    assert met == {which: row[at] for which, row in approved().items()}, ADVICE


@pytest.mark.parametrize("stage", STAGES)
def test_doors_and_table_agree(app: Flask, stage: Progress) -> None:
    """Who may not enter is sent where the door says, and a form is taken from who may."""
    table, at, rank = approved(), STAGES.index(stage), RANKS[stage]
    for path, door in _doors(app, "POST").items():
        assert (rank in door.ranks) == (table["POST", path][at] == POSTS), path
    for path, door in _doors(app, "GET").items():
        if rank not in door.ranks:
            told = {"fait": door.notice.query} if door.notice and rank is Rank.MEMBER else {}
            with app.test_request_context():
                assert table["GET", path][at] == app.url_for(redirect_for(rank, door), **told), path


@pytest.mark.parametrize("stage", [stage for stage in Progress if stage is not Progress.DRAFT])
def test_a_post_without_its_token_changes_nothing_at_any_door(town: Town, stage: Progress) -> None:
    browser = town.browser(stage)
    for path, door in _doors(town.app, "POST").items():
        if path == "/deconnexion" or RANKS[stage] not in door.ranks:
            continue
        if path == CONFIRM_ADDRESS or path.startswith(f"{SECURITY}/email/"):
            continue  # without a change that waits they lead away: tests/unit/web/address
        if (path, stage) == (
            "/espace/prolonger",
            Progress.TERMS,
        ):  # its page is another's: sent there
            continue
        address = _with_link(town, path)
        with Statements(town.work.db.engine) as statements:
            answer = browser.post(address)
        assert answer.status_code == (303 if path in NOTHING_HERE else 422), path
        assert statements.writing == [], path


def test_htmx_is_sent_away_with_a_whole_new_page(town: Town) -> None:
    answer = town.browser().get("/espace", headers=HX_PARTIAL)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, SIGN_IN)


def test_a_session_that_ended_under_an_open_page_leads_htmx_to_the_sign_in(town: Town) -> None:
    browser = town.browser(Progress.MEMBER)
    token = browser.csrf("/espace")
    elsewhere_too = town.browser()
    town.work.world.clock.advance(minutes=31)  # type: ignore[attr-defined]
    answer = browser.post("/espace/prolonger", data={"csrf_token": token}, headers=HX_PARTIAL)
    assert answer.headers["HX-Redirect"] == "/connexion?fait=session"
    assert "Votre session est terminée" in elsewhere_too.get("/connexion?fait=session").text


def test_a_route_without_a_door_stops_the_start(app: Flask) -> None:
    bare = Flask("bare")
    bare.add_url_rule("/nulle-part", "nowhere", lambda: "")
    with pytest.raises(RuntimeError, match="no door on"):
        doors.install(bare)


def test_a_draft_has_no_mail_to_send_again(town: Town) -> None:
    browser = town.browser(Progress.DRAFT)
    for path, fields in (
        ("/inscription/renvoyer", {}),
        ("/inscription/adresse", {"email": "a@b.fr"}),
    ):
        answer = browser.submit(path, fields, page="/inscription/cgu")
        assert answer.headers["Location"] == "/inscription/confirmation"
    assert town.mails() == []


def test_a_post_that_forgets_its_token_check_is_not_answered(own_app: Flask) -> None:
    @open_to(*ANYONE)
    def forgetful() -> str:
        return "done"

    own_app.add_url_rule("/etourdi", "forgetful", forgetful, methods=["POST"])
    assert own_app.test_client().post("/etourdi").status_code == 500


def _doors(app: Flask, verb: str) -> dict[str, Door]:
    """The door of each address that answers this verb."""
    rules = [rule for rule in app.url_map.iter_rules() if verb in (rule.methods or ())]
    return {path_of(rule): vars(app.view_functions[rule.endpoint])["door"] for rule in rules}


def _all(town: Town, verb: str) -> list[str]:
    return sorted(paths(town.app, verb))


PURPOSES = {"inscription": "registration", "retablir": "address_undo", "adresse": "address_change"}
PURPOSES |= {"nouveau-courrier": "takeover"}


def _with_link(town: Town, path: str) -> str:
    """The path: for <token> a link of its purpose, for the id of a row 1; the entry in the journal
    is the member's sign-in."""
    world = town.work.world
    purpose = next((PURPOSES[word] for word in PURPOSES if f"/{word}/" in path), "recovery")
    link = world.seals.seal_link(purpose, world.chance.row_id())
    path = (
        path.replace("<acceptance_id>", str(_acceptance(town)))
        .replace("<token>", link)
        .replace("<entry_id>", "2")
    )
    return re.sub(r"<\w+>", "1", path)


def _acceptance(town: Town) -> int:
    """The proof of Odile's terms."""
    found = town.work.db.execute(select(TermsAcceptance.id)).scalar_one()
    town.work.settle()
    return found


def _end(answer: TestResponse) -> str:
    assert answer.status_code in (200, 303), answer.status
    return STAYS if answer.status_code == 200 else answer.headers["Location"]
