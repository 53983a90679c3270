"""A space that closes: asked for, confirmed, erased. Every step is settled."""

from datetime import timedelta

from sqlalchemy import insert

from player import mails
from player.members import ODILE
from player.world import PASSWORD
from tests.journeys import code_in_mail, settled
from webapp.models import AddressChange, Authenticator, Passkey, RecoveryCode, Takeover
from webapp.services.account import closing, recovery
from webapp.services.space import retention


def ask(work, session, password=PASSWORD):
    """« Recevoir le code »."""
    return settled(work, closing.ask, session, password=password)


def confirm(work, session, code):
    """The code typed once."""
    settled(work, closing.confirm, session, code=code)


def closed(work, session):
    """Both proofs given."""
    asked = ask(work, session)
    confirm(work, asked, code_in_mail(work))
    return asked


def purge(work):
    """As the sender does hourly; returns how many rows went."""
    return settled(work, retention.purge)


def names(work):
    found = [each.name for each in mails.waiting(work)]
    work.settle()
    return found


def everything_of(work, account_id):
    """A row of the member in every table."""
    work.db.execute(
        insert(Passkey).values(
            account_id=account_id, credential_id=b"1", public_key=b"1", sign_count=0,
            transports="", name="Téléphone", created_at=work.now,
        )
    )  # fmt: skip
    work.db.execute(
        insert(Authenticator).values(
            id="a" * 32, account_id=account_id, secret=b"1", name="App", last_step=0,
            created_at=work.now, confirmed_at=work.now,
        )
    )  # fmt: skip
    work.db.execute(
        insert(RecoveryCode).values(account_id=account_id, mac=b"1" * 32, created_at=work.now)
    )
    far = work.now + timedelta(days=30)
    work.db.execute(
        insert(AddressChange).values(
            id="b" * 32, account_id=account_id, state="waiting", email="n@example.org",
            email_key="n@example.org", former_email=ODILE.email, former_key=ODILE.email, codes="",
            created_at=work.now, mailed_at=work.now, expires_at=far,
        )
    )  # fmt: skip
    work.db.execute(
        insert(Takeover).values(
            id="c" * 32, account_id=account_id, state="stopped", email="n@example.org",
            email_key="n@example.org", password_hash="", terms_version="", terms_hash="",
            terms_at=work.now, terms_origin="", created_at=work.now, effective_at=far,
        )
    )  # fmt: skip
    recovery.ask(work, email=ODILE.email, number=ODILE.number)
    work.settle()
