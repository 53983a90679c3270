"""A members' space with Flask-Security-Too: confirmed addresses, a code by e-mail at sign-in.

`python with_flask_security.py COUNT` makes its database, with that many members in it.
"""

import os
import sys
import uuid

from flask import Flask, render_template
from flask_mail import Mail
from flask_security import (
    Security,
    SQLAlchemyUserDatastore,
    auth_required,
    current_user,
    hash_password,
    user_confirmed,
)
from flask_security.models import fsqla_v3
from flask_sqlalchemy import SQLAlchemy
from passlib.utils.binary import h64
from sqlalchemy import Engine, event, insert, text

h64.encode_bytes(b"")  # passlib makes it at its first use, and two threads at once can't

SETTINGS = {
    "SECRET_KEY": os.environ["SITE_SECRET"],
    "SQLALCHEMY_DATABASE_URI": f"sqlite:///{os.environ['SITE_DATABASE']}",
    "MAIL_SERVER": "127.0.0.1",
    "MAIL_PORT": int(os.environ["SITE_MAIL_PORT"]),
    "MAIL_DEFAULT_SENDER": "nepasrepondre@example.org",
    "SECURITY_PASSWORD_SALT": os.environ["SITE_SECRET"],
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__type": "ID", "argon2__rounds": 2,
        "argon2__memory_cost": 19_456, "argon2__parallelism": 1,
    },
    "SECURITY_REGISTERABLE": True,
    "SECURITY_CONFIRMABLE": True,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,  # nobody learns who has an account
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},  # example.org has no mail
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_REQUIRED": True,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["email"],
    "SECURITY_TOTP_SECRETS": {"1": os.environ["SITE_SECRET"]},
    "SECURITY_TOTP_ISSUER": "Espace",
    "SECURITY_POST_LOGIN_VIEW": "/espace",
    "SECURITY_POST_REGISTER_VIEW": "/login",
}  # fmt: skip

app = Flask(__name__)
app.config.update(SETTINGS)


@event.listens_for(Engine, "connect")
def _prepare(connection, _record) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


db = SQLAlchemy(app)
fsqla_v3.FsModels.set_db_info(db)


class Role(db.Model, fsqla_v3.FsRoleMixin):
    """Asked for by the library."""


class User(db.Model, fsqla_v3.FsUserMixin):
    """A member."""


Mail(app)
security = Security(app, SQLAlchemyUserDatastore(db, User, Role))


@user_confirmed.connect_via(app)
def _codes_by_mail(_app, user, **_facts) -> None:
    """From the confirmation on, the second step is a mailed code; no page has to ask for it."""
    security.datastore.tf_set(user, "email", security.totp_factory.generate_totp_secret())


@app.get("/espace")
@auth_required("session")
def member_space() -> str:
    """What signing in opens."""
    return render_template("member.html", address=current_user.email)


def fill(count: int) -> None:
    """Members with one password hash and one second step for all of them."""
    with app.app_context():
        db.create_all()
        shared = {
            "password": hash_password(os.environ["SITE_PASSWORD"]),
            "tf_totp_secret": security.totp_factory.generate_totp_secret(),
            "tf_primary_method": "email",
            "active": True,
        }
        moment = text("CURRENT_TIMESTAMP || '.000000'")
        for first in range(1, count + 1, 10_000):
            people = [
                {
                    **shared,
                    "email": f"membre{number}@example.org",
                    "fs_uniquifier": uuid.uuid4().hex,
                }
                for number in range(first, min(first + 10_000, count + 1))
            ]
            statement = insert(User.__table__).values(confirmed_at=moment, update_datetime=moment,
                                                      create_datetime=moment)  # fmt: skip
            db.session.execute(statement, people)
        db.session.commit()


if __name__ == "__main__":
    fill(int(sys.argv[1]))
