"""Every door says who may enter, and where the others go instead."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.checked_client import HX_PARTIAL
from tests.statements import Statements
from tests.visitors import RANKS, Stage, Town, path_of, paths
from webapp.models import TermsAcceptance
from webapp.rules.ranks import ANYONE, Rank
from webapp.web import doors
from webapp.web.doors import open_to, redirect_for

STAGES = (Stage.STREET, Stage.DRAFT, Stage.CODE, Stage.WAITING, Stage.TERMS, Stage.MEMBER)
HERE = "stays"
START, SIGN_IN, CODE = "/inscription", "/connexion", "/connexion/code"
STEPS = "/espace/securite/deuxieme-etape"
SECURITY, CONFIRM_ADDRESS = "/espace/securite", "/espace/securite/email/confirmation"
RECORDED, IN_PROGRESS, SPACE = "/inscription/confirmation", "/inscription/en-cours", "/espace"

CONDITIONS, MY_DATA, CLOSE = (
    "/connexion/conditions",
    "/espace/mes-donnees",
    "/espace/mes-donnees/fermer",
)
INSIDE = (SIGN_IN, SIGN_IN, CODE, IN_PROGRESS, HERE, HERE)

# where a GET ends: on the street, with a draft, with a code to type, waiting, new terms, signed in
ENDS = {
    "/": (HERE,) * 6,
    "/aide": (HERE,) * 6,
    "/mot-de-passe-oublie": (HERE,) * 6,
    "/mot-de-passe-oublie/envoi": (HERE,) * 6,
    "/mot-de-passe-oublie/nouveau/<token>": (HERE,) * 6,
    "/mot-de-passe-oublie/fait": (HERE,) * 6,
    "/accessibilite": (HERE,) * 6,
    "/cgu": (HERE,) * 6,
    "/sante": (HERE,) * 6,
    "/robots.txt": (HERE,) * 6,
    "/.well-known/security.txt": (HERE,) * 6,
    "/manifest.webmanifest": (HERE,) * 6,
    "/sw.js": (HERE,) * 6,
    "/hors-ligne": (HERE,) * 6,
    "/inscription": (HERE, HERE, HERE, HERE, CONDITIONS, SPACE),
    "/inscription/cgu": (START, HERE, START, START, CONDITIONS, SPACE),
    "/inscription/confirmation": (START, "/inscription/cgu", START, START, CONDITIONS, SPACE),
    "/inscription/en-cours": (SIGN_IN, SIGN_IN, CODE, HERE, CONDITIONS, SPACE),
    "/inscription/renvoyer": (START, RECORDED, START, IN_PROGRESS, CONDITIONS, SPACE),
    "/inscription/adresse": (START, RECORDED, START, IN_PROGRESS, CONDITIONS, SPACE),
    "/inscription/autre": (START, RECORDED, START, IN_PROGRESS, CONDITIONS, SPACE),
    "/inscription/validation/<token>": (HERE,) * 6,
    "/connexion": (HERE, HERE, HERE, HERE, CONDITIONS, SPACE),
    "/connexion/essais/<token>": ("/connexion?fait=essais-fin",) * 6,  # no link of this kind
    "/connexion/code": (SIGN_IN, SIGN_IN, HERE, IN_PROGRESS, CONDITIONS, SPACE),
    "/connexion/renvoyer": (SIGN_IN, SIGN_IN, CODE, IN_PROGRESS, CONDITIONS, SPACE),
    "/espace": (SIGN_IN, SIGN_IN, CODE, IN_PROGRESS, CONDITIONS, HERE),
    "/espace/preuve": (
        SIGN_IN,
        SIGN_IN,
        CODE,
        IN_PROGRESS,
        CONDITIONS,
        SPACE,
    ),  # proved a moment ago
    # my data
    "/espace/mes-donnees": INSIDE,
    "/espace/mes-donnees/export": INSIDE,
    "/espace/mes-donnees/export.json": (*INSIDE[:4], MY_DATA, MY_DATA),
    "/espace/mes-donnees/conditions/<acceptance_id>": INSIDE,
    "/espace/mes-donnees/fermer": INSIDE,
    "/espace/mes-donnees/fermer/code": (*INSIDE[:4], CLOSE, CLOSE),  # no code was asked for
    "/espace/mes-donnees/fermer/renvoyer": (*INSIDE[:4], f"{CLOSE}/code", f"{CLOSE}/code"),
    "/espace/mes-donnees/garder": (*INSIDE[:4], MY_DATA, MY_DATA),
    # new terms
    "/connexion/conditions": (*INSIDE[:4], HERE, SPACE),
    "/connexion/conditions/refus": (*INSIDE[:4], HERE, SPACE),
    # security: password, address, sessions, disputes
    SECURITY: (*INSIDE[:4], CONDITIONS, HERE),
    f"{SECURITY}/mot-de-passe": (*INSIDE[:4], CONDITIONS, HERE),
    f"{SECURITY}/mot-de-passe/fait": (*INSIDE[:4], CONDITIONS, HERE),
    f"{SECURITY}/email": (*INSIDE[:4], CONDITIONS, HERE),
    f"{SECURITY}/email/confirmation": (*INSIDE[:4], CONDITIONS, SECURITY),
    f"{SECURITY}/email/renvoyer": (*INSIDE[:4], CONDITIONS, CONFIRM_ADDRESS),
    f"{SECURITY}/email/annuler": (*INSIDE[:4], CONDITIONS, CONFIRM_ADDRESS),
    f"{SECURITY}/appareils/<_row>/oublier": (*INSIDE[:4], CONDITIONS, SECURITY),
    f"{SECURITY}/connexions/<_row>/fermer": (*INSIDE[:4], CONDITIONS, SECURITY),
    f"{SECURITY}/connexions/fermer": (*INSIDE[:4], CONDITIONS, SECURITY),
    f"{SECURITY}/deconnecter-partout": (*INSIDE[:4], CONDITIONS, SECURITY),
    f"{SECURITY}/deconnecter-partout/retirer": (*INSIDE[:4], CONDITIONS, HERE),
    f"{SECURITY}/historique": (*INSIDE[:4], CONDITIONS, HERE),
    f"{SECURITY}/historique/<entry_id>/pas-moi": (*INSIDE[:4], CONDITIONS, HERE),
    f"{SECURITY}/historique/tout-est-ferme": (HERE,) * 6,
    "/adresse/<token>": (HERE,) * 6,
    "/adresse-changee": (HERE,) * 6,
    "/adresse/retablir/<token>": (HERE,) * 6,
    "/adresse-retablie": (HERE,) * 6,
    "/espace/nouveau-courrier": (*INSIDE[:4], CONDITIONS, SPACE),
    # second step
    "/connexion/cle": (*INSIDE[:4], CONDITIONS, SPACE),  # Odile has no step of her own
    "/connexion/application": (*INSIDE[:4], CONDITIONS, SPACE),
    "/connexion/secours": (*INSIDE[:4], CONDITIONS, SPACE),
    "/connexion/cle/directe": (HERE, HERE, HERE, HERE, CONDITIONS, SPACE),
    "/espace/preuve/cle": (*INSIDE[:4], CONDITIONS, "/espace/preuve?suite=space.page"),
    STEPS: (*INSIDE[:4], CONDITIONS, HERE),
    f"{STEPS}/cle": (*INSIDE[:4], CONDITIONS, HERE),
    f"{STEPS}/application": (*INSIDE[:4], CONDITIONS, f"{STEPS}?fait=app_finie"),
    f"{STEPS}/application/valider": (*INSIDE[:4], CONDITIONS, f"{STEPS}/application"),
    f"{STEPS}/codes": (*INSIDE[:4], CONDITIONS, STEPS),
    f"{STEPS}/cle/<passkey_id>/retirer": (*INSIDE[:4], CONDITIONS, STEPS),
    f"{STEPS}/application/retirer": (*INSIDE[:4], CONDITIONS, STEPS),
    f"{STEPS}/mail/arreter": (*INSIDE[:4], CONDITIONS, STEPS),
    f"{STEPS}/mail/reprendre": (*INSIDE[:4], CONDITIONS, STEPS),
    f"{STEPS}/codes/notes": (*INSIDE[:4], CONDITIONS, STEPS),
    "/nouveau-courrier/<token>": (HERE,) * 6,
}
POSTS = {  # who may post
    "/inscription": {Rank.VISITOR, Rank.REGISTERING, Rank.CODE, Rank.WAITING},
    "/inscription/cgu": {Rank.REGISTERING},
    "/inscription/en-cours": {Rank.WAITING},
    "/inscription/renvoyer": {Rank.REGISTERING, Rank.WAITING},
    "/inscription/adresse": {Rank.REGISTERING, Rank.WAITING},
    "/inscription/autre": {Rank.VISITOR, Rank.REGISTERING, Rank.CODE, Rank.WAITING},
    "/inscription/validation/<token>": set(ANYONE),
    "/mot-de-passe-oublie": set(ANYONE),
    "/mot-de-passe-oublie/nouveau/<token>": set(ANYONE),
    "/nouveau-courrier/<token>": set(ANYONE),
    "/connexion": {Rank.VISITOR, Rank.REGISTERING, Rank.CODE, Rank.WAITING},
    "/connexion/code": {Rank.CODE},
    "/connexion/renvoyer": {Rank.CODE},
    "/deconnexion": set(ANYONE),
    "/espace/prolonger": {Rank.MEMBER, Rank.TERMS},
    "/espace/preuve": {Rank.MEMBER, Rank.TERMS},
    # my data
    "/espace/mes-donnees/export.json": {Rank.MEMBER, Rank.TERMS},
    "/espace/mes-donnees/fermer": {Rank.MEMBER, Rank.TERMS},
    "/espace/mes-donnees/fermer/code": {Rank.MEMBER, Rank.TERMS},
    "/espace/mes-donnees/fermer/renvoyer": {Rank.MEMBER, Rank.TERMS},
    "/espace/mes-donnees/garder": {Rank.MEMBER, Rank.TERMS},
    # new terms
    "/connexion/conditions": {Rank.TERMS},
    "/connexion/conditions/refus": {Rank.TERMS},
    # security: password, address, sessions, disputes
    f"{SECURITY}/mot-de-passe": {Rank.MEMBER},
    f"{SECURITY}/email": {Rank.MEMBER},
    f"{SECURITY}/email/confirmation": {Rank.MEMBER},
    f"{SECURITY}/email/renvoyer": {Rank.MEMBER},
    f"{SECURITY}/email/annuler": {Rank.MEMBER},
    f"{SECURITY}/appareils/<device_id>/oublier": {Rank.MEMBER},
    f"{SECURITY}/connexions/<session_id>/fermer": {Rank.MEMBER},
    f"{SECURITY}/connexions/fermer": {Rank.MEMBER},
    f"{SECURITY}/deconnecter-partout": {Rank.MEMBER},
    f"{SECURITY}/deconnecter-partout/retirer": {Rank.MEMBER},
    f"{SECURITY}/historique/<entry_id>/pas-moi": {Rank.MEMBER},
    "/adresse/<token>": set(ANYONE),
    "/adresse/retablir/<token>": set(ANYONE),
    "/espace/nouveau-courrier": {Rank.MEMBER},
    # second step
    "/connexion/cle": {Rank.CODE},
    "/connexion/application": {Rank.CODE},
    "/connexion/secours": {Rank.CODE},
    "/connexion/cle/directe": {Rank.VISITOR, Rank.REGISTERING, Rank.CODE, Rank.WAITING},
    "/espace/preuve/cle": {Rank.MEMBER},
    f"{STEPS}/cle": {Rank.MEMBER},
    f"{STEPS}/application": {Rank.MEMBER},
    f"{STEPS}/application/valider": {Rank.MEMBER},
    f"{STEPS}/codes": {Rank.MEMBER},
    f"{STEPS}/codes/notes": {Rank.MEMBER},
    f"{STEPS}/cle/<passkey_id>/retirer": {Rank.MEMBER},
    f"{STEPS}/application/retirer": {Rank.MEMBER},
    f"{STEPS}/mail/arreter": {Rank.MEMBER},
    f"{STEPS}/mail/reprendre": {Rank.MEMBER},
}


# a form of these is only ever shown to who has a passkey, or is adding an app
NOTHING_HERE = {"/connexion/cle", f"{STEPS}/application/valider"}


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
                assert end == app.url_for(redirect_for(rank, door)), rule.rule


@pytest.mark.parametrize("stage", STAGES)
def test_a_post_at_a_foreign_door_leads_away_and_does_nothing(town: Town, stage: Stage) -> None:
    browser = town.browser(stage)
    for path, ranks in POSTS.items():
        if RANKS[stage] in ranks:
            continue
        with Statements(town.work.db.engine) as statements:
            answer = browser.post(_with_link(town, path), data={"accept": "y"})
        assert answer.status_code == 303, path
        assert statements.writing == [], path


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.DRAFT])
def test_a_post_without_its_token_changes_nothing_at_any_door(town: Town, stage: Stage) -> None:
    browser = town.browser(stage)
    for path, ranks in POSTS.items():
        if path == "/deconnexion" or RANKS[stage] not in ranks:
            continue
        if path == CONFIRM_ADDRESS or path.startswith(f"{SECURITY}/email/"):
            continue  # without a change that waits they lead away: tests/unit/web/address
        if (path, stage) == ("/espace/prolonger", Stage.TERMS):  # its page is another's: sent there
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


def test_a_post_that_forgets_its_token_check_is_not_answered(own_app: Flask) -> None:
    @open_to(*ANYONE)
    def forgetful() -> str:
        return "done"

    own_app.add_url_rule("/etourdi", "forgetful", forgetful, methods=["POST"])
    assert own_app.test_client().post("/etourdi").status_code == 500


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
    return HERE if answer.status_code == 200 else answer.headers["Location"]
