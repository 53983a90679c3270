"""All that a stranger may be about to open or to change, from what they proved before."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, partial
from typing import Any

from pyotp import TOTP
from sqlalchemy import insert

from player.world import PASSWORD
from tests.authenticator import Phone
from tests.pairs.members import Member, at_code, change_of_address, link_to_password, session_of
from webapp.models import Authenticator, Passkey
from webapp.services.account import address_confirmation, recovery_link
from webapp.services.kernel.challenges import Answer
from webapp.services.kernel.work import Work
from webapp.services.sign_in import authenticators, devices, first_factor, mailed_code, passkeys
from webapp.services.sign_in.passkeys import Purpose

AGENT, BROWSER = "Firefox, Linux", "the secret of a stranger's browser"
STRANGER_S = "les mots du voleur, rien d'autre"


@dataclass(frozen=True)
class Ground:
    """What the stranger is about to do, and what they hold already: sessions and devices."""

    act: Callable[[Work], object]
    sessions: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()


Beginning = Callable[[Work, Member], Ground]


def code_and_remembered(work: Work, member: Member) -> Ground:
    """The mailed code, with « Se souvenir de moi »."""
    token, session, code = at_code(work, member)
    return Ground(partial(mailed_code.enter, session=session, code=code, agent=AGENT), (token,))


def _password(member: Member, device_secret: str | None) -> Callable[[Work], object]:
    return partial(
        first_factor.password,
        email=member.email,
        password=PASSWORD,
        remember=True,
        device_secret=device_secret,
        browser=BROWSER,
        agent=AGENT,
        previous=None,
    )


def trusted_device(work: Work, member: Member) -> Ground:
    """The password on a trusted device."""
    _, secret = devices.remember(work, member.account_id, AGENT, 0)
    return Ground(_password(member, secret), devices=(secret,))


def password_step(_work: Work, member: Member) -> Ground:
    """The password alone: a code leaves by mail."""
    return Ground(_password(member, None))


def passkey_sign_in(work: Work, member: Member) -> Ground:
    """The whole sign-in with a passkey that the account has for long."""
    answer = _answer(work, _with_passkey(work, member), Purpose.SIGN_IN, None)
    return Ground(partial(passkeys.sign_in, answer=answer, agent=AGENT, previous=None))


def passkey_second_step(work: Work, member: Member) -> Ground:
    """The password given, then the passkey."""
    phone = _with_passkey(work, member)
    token, session, _ = at_code(work, member, ways="pm")
    answer = _answer(work, phone, Purpose.SECOND_STEP, session)
    return Ground(partial(passkeys.enter, session=session, answer=answer, agent=AGENT), (token,))


def recovery_used(work: Work, member: Member) -> Ground:
    """A link to a new password from the mailbox, used by the stranger."""
    token = link_to_password(work, member)
    return Ground(partial(recovery_link.choose, token=token, password=STRANGER_S))


def address_by_link(work: Work, member: Member) -> Ground:
    """The change that the stranger asked for, confirmed from their mailbox in another browser."""
    own, _ = session_of(work, member)
    change, _ = _their_change(work, member)
    token = work.world.seals.seal_link("address_change", change)
    return Ground(partial(address_confirmation.by_link, token=token, session=None), (own,))


def address_by_code(work: Work, member: Member) -> Ground:
    """The same in the space."""
    own, session = session_of(work, member)
    _, code = _their_change(work, member)
    return Ground(partial(address_confirmation.by_code, session=session, code=code), (own,))


def passkey_added(work: Work, member: Member) -> Ground:
    """A passkey of the stranger's own, added in the space."""
    own, session = session_of(work, member)
    ceremony = passkeys.to_add(work, session, browser=BROWSER)
    made = Answer(_phone().make(ceremony.options), ceremony.token, BROWSER)
    return Ground(partial(passkeys.add, session=session, answer=made, name="Clé"), (own,))


def app_confirmed(work: Work, member: Member) -> Ground:
    """An app of the stranger's own: its first code typed."""
    own, session = session_of(work, member)
    row_id, secret = work.world.chance.row_id(), b"twenty secret octets"
    work.db.execute(
        insert(Authenticator).values(
            id=row_id,
            account_id=member.account_id,
            secret=work.world.seals.lock(row_id, secret),
            name="",
            epoch=0,
            created_at=work.now,
        )
    )
    code = TOTP(work.world.app_codes.key(secret)).at(work.now)
    return Ground(partial(authenticators.confirm, session=session, name="Appli", code=code), (own,))


BEGINNINGS: tuple[Beginning, ...] = (
    code_and_remembered,
    trusted_device,
    password_step,
    passkey_sign_in,
    passkey_second_step,
    recovery_used,
    address_by_link,
    address_by_code,
    passkey_added,
    app_confirmed,
)


def _their_change(work: Work, member: Member) -> tuple[str, str]:
    new = member.stranger_s_email
    return change_of_address(work, member, "waiting", former=member.email, new=new)


@lru_cache
def _one_phone() -> Phone:
    return Phone(counts=False)


def _phone() -> Phone:
    """One key for all, each under a name of its own."""
    phone = copy.copy(_one_phone())
    phone.credential_id = Phone().credential_id
    return phone


@lru_cache
def _public_key(verifier: Any) -> bytes:
    challenge = b"any challenge of thirty-two octets"
    options = verifier.creation(challenge=challenge, handle=b"x", address="a@example.org", known=())
    made = verifier.made(_one_phone().make(options), challenge)
    assert made
    return bytes(made.public_key)


def _with_passkey(work: Work, member: Member) -> Phone:
    phone = _phone()
    phone.handle = member.email.encode()
    work.db.execute(
        insert(Passkey).values(
            account_id=member.account_id,
            credential_id=phone.credential_id,
            handle=phone.handle,
            public_key=_public_key(work.world.passkeys),
            sign_count=0,
            name="Clé",
            created_at=work.now - timedelta(days=20),
        )
    )
    return phone


def _answer(work: Work, phone: Phone, purpose: Purpose, session: Any) -> Answer:
    ceremony = passkeys.to_use(work, purpose, session, browser=BROWSER)
    assert ceremony
    return Answer(phone.sign(ceremony.options), ceremony.token, BROWSER)
