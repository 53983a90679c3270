"""The desk with a member's page to go back to, and a member whose page is open."""

import pytest
from flask import Flask, render_template_string
from sqlalchemy import create_engine, select

from player.members import with_account
from player.world import still_world, test_settings
from tests.checked_client import CheckedClient
from tests.operators import at_the_desk, operator
from webapp.desk_application import create_desk
from webapp.models import Account
from webapp.rules.roles import EVERYBODY, Role
from webapp.services.desk import looks, member
from webapp.services.kernel.work import Work
from webapp.web.transactions import current_work

PAGE = """{% extends layout %}{% block title %}Dossier{% endblock %}
{% block screen %}<h1 tabindex="-1">Dossier</h1>{% include "desk/deeds/offered.html" %}
{% endblock %}"""


def _page(roll_id: int) -> str:
    facts = member.look(current_work(), roll_id)
    return render_template_string(PAGE, roll_id=roll_id, facts=facts)


@pytest.fixture(scope="session")
def standing_desk() -> Flask:
    """The desk; where it has no member's page, a small one that lists what can be done."""
    settings = test_settings(desk_url="http://localhost:8001")
    application = create_desk(settings, still_world(), create_engine("sqlite://"))
    application.test_client_class = CheckedClient
    if "member.page" not in application.view_functions:
        _page.roles = EVERYBODY  # type: ignore[attr-defined]
        application.add_url_rule("/adherent/<int:roll_id>", "member.page", _page)
    return application


@pytest.fixture
def odile(work: Work) -> int:
    """Her entry of the roll: she has a space."""
    with_account(work)
    roll_id = work.db.execute(select(Account.roll_id)).scalar_one()
    work.settle()
    return int(roll_id)


@pytest.fixture
def opened(work: Work, odile: int):  # type: ignore[no-untyped-def]
    """Open her page for an operator of this name, the caller having answered."""

    def of(name: str, role: Role = Role.ADVISER, *, checked: bool = True) -> None:
        operator_id = operator(work, name, role)
        looks.begin(work, operator_id, odile, "appel")
        if checked:
            looks.check(work, operator_id, odile)
        work.settle()

    return of


@pytest.fixture
def browser(desk: Flask, opened) -> CheckedClient:  # type: ignore[no-untyped-def]
    """An adviser who has her page open and checked."""
    client = at_the_desk(desk, Role.ADVISER, "a.petit")
    opened("a.petit")
    return client
