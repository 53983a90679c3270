"""Who may enter the desk, and who may not."""

from flask import Flask

from tests.checked_client import CheckedClient
from tests.operators import at_the_desk
from webapp.rules.roles import Role
from webapp.services.kernel.work import Work
from webapp.services.operators import staff


def stranger(desk: Flask) -> CheckedClient:
    client = desk.test_client()
    assert isinstance(client, CheckedClient)
    return client


def test_a_stranger_is_sent_to_the_sign_in(desk: Flask) -> None:
    answer = stranger(desk).get("/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/connexion")


def test_an_unknown_address_is_not_there(desk: Flask) -> None:
    assert stranger(desk).get("/connexion/code").status_code == 404


def test_the_portal_has_none_of_the_desk_s_routes_and_the_desk_none_of_the_portal_s(
    app: Flask, desk: Flask
) -> None:
    def routes(application: Flask) -> set[str]:
        return {rule.rule for rule in application.url_map.iter_rules()}

    assert routes(app) & routes(desk) == {"/", "/connexion", "/deconnexion", "/sante", "/sw.js"}
    for application, other in ((app, desk), (desk, app)):
        views = {view.__module__ for view in application.view_functions.values()}
        theirs = {view.__module__ for view in other.view_functions.values()}
        assert not views & theirs


def test_every_role_comes_in(desk: Flask) -> None:
    for role in Role:
        page = at_the_desk(desk, role).get("/")
        assert page.status_code == 200
        assert f"{role}.un, {role}" in page.text


def test_fifteen_minutes_without_a_word_end_it(desk: Flask, clock) -> None:  # type: ignore[no-untyped-def]
    browser = at_the_desk(desk)
    clock.advance(minutes=14)
    assert browser.get("/").status_code == 200
    clock.advance(minutes=14)
    assert browser.get("/").status_code == 200
    clock.advance(minutes=15)
    ended = browser.get("/", follow_redirects=True)
    assert "Votre session est terminée" in ended.text


def test_eight_hours_end_it_whatever_is_done(desk: Flask, clock) -> None:  # type: ignore[no-untyped-def]
    browser = at_the_desk(desk)
    for _ in range(47):
        clock.advance(minutes=10)
        assert browser.get("/").status_code == 200
    clock.advance(minutes=10)
    assert browser.get("/").status_code == 303


def test_a_disabled_operator_is_out_at_once(desk: Flask) -> None:
    browser = at_the_desk(desk, Role.ADVISER, "a.petit")
    engine, world = desk.extensions["portal"]
    with Work(engine, world) as work:
        staff.disable(work, "a.petit", by="tests")
    assert browser.get("/").status_code == 303


def test_leaving_ends_the_session(desk: Flask) -> None:
    browser = at_the_desk(desk)
    left = browser.submit("/deconnexion", {}, page="/", follow_redirects=True)
    assert "Vous êtes déconnecté" in left.text
    assert browser.get("/").status_code == 303
