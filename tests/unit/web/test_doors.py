"""Every door says who may enter, and where the others go instead."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.checked_client import HX_PARTIAL
from tests.statements import Statements
from tests.visitors import RANKS, Stage, Town, path_of, paths
from webapp.rules.ranks import ANYONE, Rank
from webapp.web import doors
from webapp.web.doors import elsewhere, open_to

STAGES = (Stage.STREET, Stage.DRAFT, Stage.CODE, Stage.WAITING, Stage.MEMBER)
HERE = "stays"
START, SIGN_IN, CODE = "/inscription", "/connexion", "/connexion/code"
RECORDED, IN_PROGRESS, SPACE = "/inscription/confirmation", "/inscription/en-cours", "/espace"

ENDS = {  # where a GET ends: on the street, with a draft, with a code to type, waiting, signed in
    "/": (HERE,) * 5,
    "/aide": (HERE,) * 5,
    "/manifest.webmanifest": (HERE,) * 5,
    "/sw.js": (HERE,) * 5,
    "/hors-ligne": (HERE,) * 5,
    "/mot-de-passe-oublie": (HERE,) * 5,
    "/mot-de-passe-oublie/envoi": (HERE,) * 5,
    "/mot-de-passe-oublie/nouveau/<token>": (HERE,) * 5,
    "/mot-de-passe-oublie/fait": (HERE,) * 5,
    "/accessibilite": (HERE,) * 5,
    "/cgu": (HERE,) * 5,
    "/sante": (HERE,) * 5,
    "/robots.txt": (HERE,) * 5,
    "/.well-known/security.txt": (HERE,) * 5,
    "/inscription": (HERE, HERE, HERE, HERE, SPACE),
    "/inscription/cgu": (START, HERE, START, START, SPACE),
    "/inscription/confirmation": (START, "/inscription/cgu", START, START, SPACE),
    "/inscription/en-cours": (SIGN_IN, SIGN_IN, CODE, HERE, SPACE),
    "/inscription/renvoyer": (START, RECORDED, START, IN_PROGRESS, SPACE),
    "/inscription/adresse": (START, RECORDED, START, IN_PROGRESS, SPACE),
    "/inscription/validation/<token>": (HERE,) * 5,
    "/connexion": (HERE, HERE, HERE, HERE, SPACE),
    "/connexion/code": (SIGN_IN, SIGN_IN, HERE, IN_PROGRESS, SPACE),
    "/connexion/renvoyer": (SIGN_IN, SIGN_IN, CODE, IN_PROGRESS, SPACE),
    "/espace": (SIGN_IN, SIGN_IN, CODE, IN_PROGRESS, HERE),
    "/espace/preuve": (SIGN_IN, SIGN_IN, CODE, IN_PROGRESS, SPACE),  # proved a moment ago
}
POSTS = {  # who may post
    "/inscription": {Rank.VISITOR, Rank.REGISTERING, Rank.CODE, Rank.WAITING},
    "/inscription/cgu": {Rank.REGISTERING},
    "/inscription/en-cours": {Rank.WAITING},
    "/inscription/renvoyer": {Rank.REGISTERING, Rank.WAITING},
    "/inscription/adresse": {Rank.REGISTERING, Rank.WAITING},
    "/inscription/validation/<token>": set(ANYONE),
    "/mot-de-passe-oublie": set(ANYONE),
    "/mot-de-passe-oublie/nouveau/<token>": set(ANYONE),
    "/connexion": {Rank.VISITOR, Rank.REGISTERING, Rank.CODE, Rank.WAITING},
    "/connexion/code": {Rank.CODE},
    "/connexion/renvoyer": {Rank.CODE},
    "/deconnexion": set(ANYONE),
    "/espace/prolonger": {Rank.MEMBER},
    "/espace/preuve": {Rank.MEMBER},
    "/espace/appareils/<device_id>/oublier": {Rank.MEMBER},
    "/espace/deconnecter-partout": {Rank.MEMBER},
}


@pytest.mark.parametrize(("verb", "table"), [("GET", ENDS), ("POST", POSTS)])
def test_the_tables_know_every_route(app: Flask, verb: str, table: dict[str, object]) -> None:
    assert paths(app, verb) == set(table)


@pytest.mark.parametrize("stage", STAGES)
def test_every_page_is_shown_or_leads_to_the_first_step_not_done(town: Town, stage: Stage) -> None:
    browser = town.browser(stage)
    for path, ends in ENDS.items():
        answer = browser.get(_with_link(town, path))
        assert _end(answer) == ends[STAGES.index(stage)], path


@pytest.mark.parametrize("stage", STAGES)
def test_doors_and_table_agree(app: Flask, town: Town, stage: Stage) -> None:
    rank = RANKS[stage]
    for rule in app.url_map.iter_rules():
        door = app.view_functions[rule.endpoint].door  # type: ignore[attr-defined]
        if "POST" in (rule.methods or ()):
            assert (rank in door.ranks) == (rank in POSTS[path_of(rule)]), rule.rule
            continue
        end = ENDS[path_of(rule)][STAGES.index(stage)]
        if rank not in door.ranks:
            with app.test_request_context():
                assert end == app.url_for(elsewhere(rank, door)), rule.rule


@pytest.mark.parametrize("stage", STAGES)
def test_a_post_at_a_foreign_door_leads_away_and_does_nothing(town: Town, stage: Stage) -> None:
    browser = town.browser(stage)
    for path, ranks in POSTS.items():
        if RANKS[stage] in ranks:
            continue
        with Statements(town.work.db.engine) as statements:
            answer = browser.post(path.replace("<device_id>", "1"), data={"accept": "y"})
        assert answer.status_code == 303, path
        assert statements.writing == [], path


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.DRAFT])
def test_a_post_without_its_token_changes_nothing_at_any_door(town: Town, stage: Stage) -> None:
    browser = town.browser(stage)
    for path, ranks in POSTS.items():
        if path == "/deconnexion" or RANKS[stage] not in ranks:
            continue
        address = _with_link(town, path).replace("<device_id>", "1")
        with Statements(town.work.db.engine) as statements:
            answer = browser.post(address)
        assert answer.status_code == 422, path
        assert statements.writing == [], path


def test_htmx_is_sent_away_with_a_whole_new_page(town: Town) -> None:
    answer = town.browser().get("/espace", headers=HX_PARTIAL)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, SIGN_IN)


def test_a_session_that_ended_under_an_open_page_leads_htmx_to_the_sign_in(town: Town) -> None:
    browser = town.browser(Stage.MEMBER)
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
    browser = town.browser(Stage.DRAFT)
    for path, fields in (
        ("/inscription/renvoyer", {}),
        ("/inscription/adresse", {"email": "a@b.fr"}),
    ):
        answer = browser.submit(path, fields, page="/inscription/cgu")
        assert answer.headers["Location"] == "/inscription/confirmation"
    assert town.letters() == []


def test_a_post_that_forgets_its_token_check_is_not_answered(app: Flask) -> None:
    @open_to(*ANYONE)
    def forgetful() -> str:
        return "done"

    app.add_url_rule("/etourdi", "forgetful", forgetful, methods=["POST"])
    assert app.test_client().post("/etourdi").status_code == 500


def _with_link(town: Town, path: str) -> str:
    """The path, for <token> a link of its purpose."""
    world, purpose = town.work.world, "registration" if "inscription" in path else "recovery"
    return path.replace("<token>", world.seals.seal_link(purpose, world.chance.row_id()))


def _end(answer: TestResponse) -> str:
    assert answer.status_code in (200, 303), answer.status
    return HERE if answer.status_code == 200 else answer.headers["Location"]
