"""Second steps of a member's own, added on the services as the space adds them."""

from pyotp import TOTP

from tests.authenticator import Phone
from tests.journeys import BROWSER, found, give_password, signed_in
from webapp.adapters.totp import PyotpCodes
from webapp.models import Authenticator
from webapp.rules.ranks import AtCode, Member, Session
from webapp.services.kernel.challenges import Answer
from webapp.services.kernel.work import Work
from webapp.services.sign_in import authenticators, passkeys
from webapp.services.sign_in.passkeys import Purpose


def member(work: Work) -> Member:
    """Odile in her space."""
    session = found(work, signed_in(work).token)
    work.settle()
    return session


def with_passkey(work: Work, session: Member, phone: Phone) -> tuple[str, ...]:
    """This phone's passkey is added; the recovery codes that came along."""
    ceremony = passkeys.to_add(work, session, browser=BROWSER)
    answer = Answer(phone.make(ceremony.options), ceremony.token, BROWSER)
    codes = passkeys.add(work, session, answer, name="Mon téléphone")
    work.settle()
    return codes


def signed(
    work: Work, phone: Phone, purpose: Purpose, session: Session | None, **how: object
) -> Answer:
    """What this phone answers to a challenge of this purpose."""
    ceremony = passkeys.to_use(work, purpose, session, browser=BROWSER)
    assert ceremony is not None
    work.settle()
    return Answer(phone.sign(ceremony.options, **how), ceremony.token, BROWSER)  # type: ignore[arg-type]


def app_code(work: Work, *, steps: int = 0) -> str:
    """What Odile's app shows now, or so many half minutes from now."""
    row = work.db.execute(Authenticator.__table__.select()).one()
    secret = work.world.seals.unlock(row.id, row.secret)
    work.settle()
    return TOTP(PyotpCodes("").key(secret)).at(work.now, counter_offset=steps)


def with_app(work: Work, session: Member) -> tuple[str, ...]:
    """An app is added and confirmed; the recovery codes that came along."""
    authenticators.start(work, session)
    work.settle()
    codes = authenticators.confirm(work, session, name="Mon appli", code=app_code(work))
    work.settle()
    return codes


def at_own_step(work: Work, **changes: object) -> AtCode:
    """The right password given; the member's own step is next."""
    session = found(work, give_password(work, **changes).token)
    work.settle()
    return session
