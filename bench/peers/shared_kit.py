"""The portal as a target of a comparison kit that lives elsewhere and takes adapters from outside.

    KIT/run.sh --quick --adapter PORTAL/bench/peers/shared_kit.py --only portal --reference portal
    KIT/run.sh --adapter PORTAL/bench/peers/shared_kit.py --reference portal

where KIT is the kit's folder (`adapters.base` is its module) and PORTAL is this one. Not from this
folder: gunicorn reads `gunicorn.conf.py` where it is started, and the other targets would too. The
portal runs in its own `.venv`.
"""

import os
import sqlite3
import subprocess
from pathlib import Path

from adapters.base import PASSWORD, Target, gunicorn
from kit.browser import JourneyError

ROOT = Path(__file__).resolve().parents[2]
PYTHON = str(ROOT / ".venv" / "bin" / "python")
LETTERS = 5_000  # newcomers with a paper letter; a run registers a few hundred
CODE = "4F7K9QXM2T6B"

_FILL = """
import sys
from bench import members, server
from sqlalchemy import text
rows, letters, url, password = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
members.PASSWORD = password
with server.opened(url) as (engine, world):
    members.write(
        engine, world, members=rows, newcomers=letters, browser="Navigateur inconnu"
    )
    with engine.begin() as connection:  # the kit's own addresses
        address = "printf('member%07d@example.com', id)"
        connection.execute(text(f"UPDATE account SET email={address}, email_key={address}"))
"""


class Portal(Target):
    """Its scripts off, like the others."""

    name, title = "portal", "the portal"
    login_path, space_path = "/connexion", "/espace"
    code_field, link_part = "security_code", "/inscription/validation/"
    confirmed_marker = "finalisée"

    def command(self):
        server = gunicorn("wsgi:app", self.port, ROOT, python=PYTHON)
        return [*server, "--config", str(ROOT / "gunicorn.conf.py")]

    def env(self):
        return {
            **super().env(),
            "SECRET_KEY": "the secret key of the benchmarks, long enough",
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": str(self.smtp_port),
            "DATABASE_URL": self._url,
            "TRUSTED_PROXIES": "1",
        }

    @property
    def _url(self):
        return f"sqlite:///{self.work / 'members.sqlite3'}"

    def prepare(self, rows):
        subprocess.run(
            [PYTHON, "-c", _FILL, str(rows), str(LETTERS), self._url, PASSWORD],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            check=True,
        )

    def stored_hash(self, email):
        with sqlite3.connect(self.work / "members.sqlite3") as database:
            query = "SELECT password_hash FROM account WHERE email_key = ?"
            return database.execute(query, (email,)).fetchone()[0]

    def space_marker(self, email):
        return email

    def ask_to_register(self, browser, mails, email, password):
        mails.drain(email)
        browser.step = "the letter"
        number = 90_000_000 + int("".join(filter(str.isdigit, email.partition("@")[0])))
        page = browser.get("/inscription")
        fields = {"number": str(number), "access_code": CODE, "email": email}
        fields |= {"password": password, "password_repeat": password}
        page = browser.submit(page, fields)
        browser.step = "the terms"
        page = browser.submit(page, {"accept": "y"})
        if page.status != 200:
            raise JourneyError(f"the terms answered {page.status}")
        return mails.wait(email).link(self.link_part)

    def follow_link(self, browser, link):
        return browser.submit(browser.get(link), {})


TARGETS = [Portal]
