"""An owner who begins anew in every way, and a stranger who has planted something in every way."""

import re

from sqlalchemy import update

from player import mails
from player.members import ODILE
from player.world import NEW_PASSWORD, PASSWORD
from tests import own_steps
from tests.journeys import (
    code_in_mail,
    enter,
    found,
    give_code,
    give_password,
    mailed_recovery,
    signed_in,
    taking_over,
)
from webapp.models import Account, Takeover
from webapp.rules.ranks import Rank
from webapp.services.account import (
    address,
    address_confirmation,
    closing,
    password,
    recovery,
    recovery_link,
    restored,
    sign_out_everywhere,
)
from webapp.services.desk.deeds import suspension
from webapp.services.kernel import sessions
from webapp.services.sign_in import authenticators, devices
from webapp.services.space import history, security
from webapp.services.takeover import effect

THIEF, HERE = "voleur@example.org", "neuf@example.org"


def link(work, way, name):
    """The token of the youngest link of this kind."""
    texts = "".join(m.text for m in mails.waiting(work) if m.name == name)
    return re.findall(rf"{way}/(\S+)", texts)[-1]


class Owner:
    """Odile in her space, with every ending in her hands."""

    def __init__(self, work, clock):
        self.work, self.clock = work, clock
        self.session = found(work, signed_in(work, browser="Odile's own").token)
        clock.advance(minutes=2)

    def password_changed(self):
        password.change(self.work, self.session, present=PASSWORD, password=NEW_PASSWORD)

    def password_recovered(self):
        recovery.ask(self.work, email=ODILE.email, number=ODILE.number)
        self.work.settle()
        recovery_link.choose(self.work, mailed_recovery(self.work), password=NEW_PASSWORD)

    def shut_by_the_mutual(self):
        sign_out_everywhere.shut(self.work, [ODILE.number])

    def back_in_service(self):
        self.work.db.execute(update(Account).values(suspended_at=self.work.now))
        suspension.resume(self.work, self.session.roll_id, "retrouvé")

    def left_everywhere(self):
        security.leave_everywhere(self.work, self.session)

    def backup_restored(self):
        restored.make_safe(self.work)

    def others_closed(self):
        security.end_other_sessions(self.work, self.session)

    def disputed(self):
        entries = history.page(self.work, self.session).entries
        entry = next(each for each in entries if each.event == "sign_in.done")
        assert history.dispute(self.work, self.session, entry.id)

    def closing_confirmed(self):
        asked = closing.ask(self.work, self.session, password=PASSWORD)
        self.work.settle()
        closing.confirm(self.work, asked, code=code_in_mail(self.work))

    def address_changed(self):
        address.ask(self.work, self.session, email=HERE, password=PASSWORD)
        self.work.settle()
        address_confirmation.by_code(self.work, self.session, code=code_in_mail(self.work))

    def letter_took_effect(self):
        taking_over(self.work, email=HERE, password=NEW_PASSWORD)
        now = update(Takeover).values(effective_at=self.work.now)
        self.work.db.execute(now)
        assert effect.apply_due(self.work) == 1


ENDINGS = [name for name in vars(Owner) if not name.startswith("_")]


class Stranger:
    """Holds the password and the mailbox of a moment: plants one thing, then tries to use it.

    Each method plants, yields, and yields whether the thing opened anything.
    """

    def __init__(self, work):
        self.work = work

    def inside(self, **how):
        return found(self.work, signed_in(self.work, browser="a stranger's", **how).token)

    def an_open_session(self):
        entered = signed_in(self.work, browser="a stranger's")
        yield
        yield sessions.find(self.work, entered.token)

    def a_session_before_the_terms(self):
        session = self.inside()
        token = enter(
            self.work,
            Rank.TERMS,
            session,
            account_id=session.account_id,
            epoch=session.epoch,
        )
        yield
        yield sessions.find(self.work, token)

    def a_code_under_way(self):
        entered = give_password(self.work, browser="a stranger's", remember=True)
        session, code = found(self.work, entered.token), code_in_mail(self.work)
        yield
        yield give_code(self.work, session, code)

    def a_trusted_device(self):
        secret = signed_in(self.work, browser="a stranger's", remember=True).device_secret
        yield
        yield devices.remembered_email(self.work, secret)

    def a_change_of_address_by_link(self):
        address.ask(self.work, self.inside(), email=THIEF, password=PASSWORD)
        self.work.settle()
        token = link(self.work, "/adresse", "address_change")
        yield
        yield address_confirmation.by_link(self.work, token, None) == "done"

    def a_change_of_address_by_code(self):
        session = self.inside()
        address.ask(self.work, session, email=THIEF, password=PASSWORD)
        self.work.settle()
        code = code_in_mail(self.work)
        yield
        yield address_confirmation.by_code(self.work, session, code=code) is None

    def an_app_not_confirmed(self):
        session = self.inside()
        authenticators.start(self.work, session)
        self.work.settle()
        code = own_steps.app_code(self.work)
        yield
        yield authenticators.confirm(self.work, session, name="Appli", code=code)

    def a_link_to_a_new_password(self):
        recovery.ask(self.work, email=ODILE.email, number=ODILE.number)
        self.work.settle()
        token = mailed_recovery(self.work)
        yield
        yield recovery_link.choose(self.work, token, password="les mots du voleur ici") is None

    def a_closing_asked_for(self):
        asked = closing.ask(self.work, self.inside(), password=PASSWORD)
        self.work.settle()
        code = code_in_mail(self.work)
        yield
        yield closing.confirm(self.work, asked, code=code) is None


PLANTED = [name for name in vars(Stranger) if name.startswith(("a_", "an_"))]
