"""How many SQL statements each request of the procedure asks, as a phone with HTMX sends them."""

import re

from flask.testing import FlaskClient

from bench import members, server
from bench.browser import HTMX
from bench.figures import table
from player.mailed_codes import codes_in
from player.mails import waiting
from player.statements import Statements
from webapp import create_app
from webapp.services.kernel.work import Work


def main() -> None:
    """Prints a line a request."""
    with server.databases("sqlite") as kind, server.opened(kind.new("portal")) as (engine, world):
        members.write(engine, world, members=1, newcomers=1)
        app = create_app(server.settings_for(str(engine.url)), world, engine)
        rows = _Counted(app.test_client(), Work(engine, world)).procedure()
    print(table(["request", "statements", "status"], rows))


class _Counted:
    def __init__(self, client: FlaskClient, work: Work):
        self._client, self._work, self._token = client, work, ""
        self._rows: list[list[str]] = []

    def procedure(self) -> list[list[str]]:
        """Registration, then sign-in, then the space again."""
        letter = members.newcomer(1)
        twice = {"password": members.PASSWORD, "password_repeat": members.PASSWORD}
        about = {"number": letter.number, "access_code": letter.access_code}
        self.get("/inscription")
        self.post("/inscription", {**about, "email": letter.email, **twice})
        self.post("/inscription/cgu", {"accept": "y"})
        link = re.findall(r"/inscription/validation/\S+", self.mailed())[0]
        self.get(link)
        self.post(link, {})
        self.get("/connexion")
        self.post("/connexion", {"email": letter.email, "password": members.PASSWORD})
        self.post("/connexion/code", {"security_code": codes_in(self.mailed(), 6)[0]})
        self.get("/espace")
        return self._rows

    def get(self, path: str) -> None:
        self._ask("GET", path, {})

    def post(self, path: str, fields: dict[str, str]) -> None:
        self._ask("POST", path, {"csrf_token": self._token, **fields})

    def mailed(self) -> str:
        text = waiting(self._work)[-1].text
        self._work.settle()
        return text

    def _ask(self, method: str, path: str, fields: dict[str, str]) -> None:
        headers = HTMX if method == "POST" else {}
        with Statements(self._work.db.engine) as statements:
            self._work.settle()
            answer = self._client.open(path, method=method, data=fields or None, headers=headers)
        if token := re.search(r'name="csrf_token" value="([^"]+)"', answer.text):
            self._token = token[1]
        name = re.sub(r"/validation/.*", "/validation/…", path)
        self._rows.append([f"{method} {name}", str(len(statements.seen)), str(answer.status_code)])
