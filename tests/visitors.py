"""Browsers that play the portal's screens, as visitors do, up to where a test begins."""

import re
from dataclasses import dataclass
from enum import StrEnum

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from player.households import Companion, joins
from player.mails import WaitingMail, waiting
from player.members import LUCE, ODILE, RENE, Letter, becomes, on_the_roll, with_account
from player.world import PASSWORD
from tests.checked_client import CheckedClient
from tests.journeys import code_in_mail, mailed_link, mailed_recovery, mailed_stop, taking_over
from webapp.models import Account, RollEntry
from webapp.rules.ranks import Rank
from webapp.rules.statuses import LEFT
from webapp.services.kernel.work import Work

OLDER_TERMS = "2025-01"


class Progress(StrEnum):
    """How far a browser has come: a rank, and within registration the step."""

    STREET = "street"
    DRAFT = "draft"
    RECORDED = "recorded"
    CODE = "code"
    WAITING = "waiting"
    TERMS = "terms"
    MEMBER = "member"
    SHUT = "shut"


RANKS = {
    Progress.STREET: Rank.VISITOR,
    Progress.DRAFT: Rank.REGISTERING,
    Progress.RECORDED: Rank.REGISTERING,
    Progress.CODE: Rank.CODE,
    Progress.WAITING: Rank.WAITING,
    Progress.TERMS: Rank.TERMS,
    Progress.MEMBER: Rank.MEMBER,
    Progress.SHUT: Rank.SHUT,
}


def paths(app: Flask, verb: str) -> set[str]:
    """The path of every route that answers this verb, its parameters as <name>."""
    rules = [rule for rule in app.url_map.iter_rules() if verb in (rule.methods or ())]
    return {path_of(rule) for rule in rules}


def path_of(rule: Rule) -> str:
    """A route's path, its parameters as <name>."""
    return re.sub(r"<[^<>]*:(\w+)>", r"<\1>", rule.rule)


def about_me(letter: Letter, **changes: str) -> dict[str, str]:
    """The five fields of screen 5, as the member of this letter fills them in."""
    return {
        "number": letter.number,
        "access_code": letter.access_code,
        "email": letter.email,
        "password": PASSWORD,
        "password_repeat": PASSWORD,
    } | changes


@dataclass
class Town:
    """Odile has an account; René and Luce only their letters. Every step is settled."""

    app: Flask
    work: Work
    partial: bool = False

    def __post_init__(self) -> None:
        with_account(self.work, ODILE)
        on_the_roll(self.work, RENE)
        on_the_roll(self.work, LUCE)
        self.work.settle()

    def browser(self, progress: Progress = Progress.STREET) -> CheckedClient:
        """A browser at this point. Odile signs in, René registers, Luce has not confirmed."""
        browser = self.app.test_client()
        assert isinstance(browser, CheckedClient)
        match progress:
            case Progress.DRAFT:
                self.prove_letter(browser, RENE)
            case Progress.RECORDED:
                self.register(browser, RENE)
            case Progress.WAITING:
                self.register(self.browser(), LUCE)
                self.give_password(browser, LUCE)
            case Progress.CODE:
                self.give_password(browser, ODILE)
            case Progress.TERMS:
                self.accepted_older_terms()
                self.sign_in(browser)
            case Progress.MEMBER:
                self.sign_in(browser)
            case Progress.SHUT:
                becomes(self.work, LEFT)
                self.sign_in(browser)
        return browser

    def shared_by(self, *companions: Companion) -> tuple[int, ...]:
        """These join Odile's space; the roll entries of all who share it, hers first."""
        own = select(Account.id, Account.roll_id).where(Account.email_key == ODILE.email)
        account = self.work.db.execute(own).one()
        joined = [joins(self.work, account.id, each) for each in companions]
        self.work.settle()
        return (account.roll_id, *joined)

    def prove_letter(
        self, browser: CheckedClient, letter: Letter = RENE, **changes: str
    ) -> TestResponse:
        """Screen 5."""
        fields = about_me(letter, **changes)
        return browser.submit("/inscription", fields, partial=self.partial)

    def accept_terms(self, browser: CheckedClient) -> TestResponse:
        """Screen 6."""
        return browser.submit("/inscription/cgu", {"accept": "y"}, partial=self.partial)

    def register(
        self, browser: CheckedClient, letter: Letter = RENE, **changes: str
    ) -> TestResponse:
        """Screens 5 and 6, up to screen 7."""
        self.prove_letter(browser, letter, **changes)
        return self.accept_terms(browser)

    def give_password(
        self,
        browser: CheckedClient,
        letter: Letter = ODILE,
        password: str = PASSWORD,
        *,
        remember: bool = False,
    ) -> TestResponse:
        """Screen 10."""
        fields = {"email": letter.email, "password": password}
        if remember:
            fields["remember"] = "y"
        return browser.submit("/connexion", fields, partial=self.partial)

    def give_code(self, browser: CheckedClient, code: str | None = None) -> TestResponse:
        """Screen 12, with the code mailed last unless told."""
        fields = {"security_code": code or self.code_in_mail()}
        return browser.submit("/connexion/code", fields, partial=self.partial)

    def sign_in(self, browser: CheckedClient, *, remember: bool = False) -> TestResponse:
        """Screens 10 to 12, up to the space."""
        self.give_password(browser, remember=remember)
        return self.give_code(browser)

    def accepted_older_terms(self, letter: Letter = ODILE) -> None:
        """The terms changed since this member accepted them."""
        older = update(Account).where(Account.email_key == letter.email)
        self.work.db.execute(older.values(terms_version=OLDER_TERMS))
        self.work.settle()

    def status(self, letter: Letter = ODILE) -> str:
        """What the roll says of this member."""
        own = select(RollEntry.status).where(RollEntry.number == letter.number)
        found = self.work.db.execute(own).scalar_one()
        self.work.settle()
        return found

    def ask_to_close(self, browser: CheckedClient, password: str = PASSWORD) -> TestResponse:
        """« Fermer mon espace », up to the mailed code."""
        fields = {"present_password": password}
        return browser.submit("/espace/mes-donnees/fermer", fields, partial=self.partial)

    def close(self, browser: CheckedClient, code: str | None = None) -> TestResponse:
        """The mailed code typed: the space closes in seven days."""
        fields = {"security_code": code or self.code_in_mail()}
        path = "/espace/mes-donnees/fermer/code"
        return browser.submit(path, fields, partial=self.partial)

    def forget_password(
        self, browser: CheckedClient, letter: Letter = ODILE, **changes: str
    ) -> TestResponse:
        """« Mot de passe oublié ? », filled in and sent."""
        fields = {"email": letter.email, "number": letter.number} | changes
        return browser.submit("/mot-de-passe-oublie", fields, partial=self.partial)

    def recovery_link(self, letter: Letter = ODILE) -> str:
        """The path of a link to a new password, asked for and mailed just now."""
        self.forget_password(self.browser(), letter)
        token = mailed_recovery(self.work)
        self.work.settle()
        return f"/mot-de-passe-oublie/nouveau/{token}"

    def ask_address(self, browser: CheckedClient, email: str = "neuf@example.org") -> TestResponse:
        """« Changer mon adresse e-mail », filled in and sent."""
        fields = {"email": email, "present_password": PASSWORD}
        page = "/espace/securite/email"
        return browser.submit(page, fields, page=f"{page}?autre", partial=self.partial)

    def address_link(self) -> str:
        """The path of the link that confirms a new address, mailed last."""
        return self._mailed_path("address_change", r"(/adresse/\S+)")

    def undo_link(self) -> str:
        """The path of the link that restores the former address, mailed last."""
        return self._mailed_path("address_changed", r"(/adresse/retablir/\S+)")

    def _mailed_path(self, name: str, shape: str) -> str:
        mail = next(each for each in reversed(self.mails()) if each.name == name)
        found = re.search(shape, mail.text)
        assert found, "this mail carries no such link"
        return found[1]

    def stop_link(self, letter: Letter = ODILE, email: str = "odile.neuve@example.org") -> str:
        """The path of the link that stops a newer letter, confirmed just now."""
        taking_over(self.work, letter, email=email)
        token = mailed_stop(self.work)
        self.work.settle()
        return f"/nouveau-courrier/{token}"

    def mails(self) -> list[WaitingMail]:
        """The mails that have not left yet, oldest first."""
        found = waiting(self.work)
        self.work.settle()
        return found

    def code_in_mail(self) -> str:
        """The code mailed last."""
        code = code_in_mail(self.work)
        self.work.settle()
        return code

    def mailed_link(self) -> str:
        """The path of the link mailed last."""
        token = mailed_link(self.work)
        self.work.settle()
        return f"/inscription/validation/{token}"


@pytest.fixture
def town(app: Flask, work: Work) -> Town:
    """Members on the roll, one with an account, and browsers to bring to any screen."""
    return Town(app, work)
