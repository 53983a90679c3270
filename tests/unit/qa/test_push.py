"""Results sent to Squash TM: to a stand-in that records what it is sent and answers as Squash."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from qa import push

CALL = "/squash/api/rest/latest/import/results/42"
BODY = b'{"tests": []}'


class Squash(BaseHTTPRequestHandler):
    """The one call; the server holds the answer that it is to give."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.path, dict(self.headers), body))
        status, answer, headers = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def stand_in():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Squash)
    server.asked, server.answer = [], (204, b"", {})
    server.url = f"http://127.0.0.1:{server.server_address[1]}{CALL}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_call_is_the_one_that_squash_describes(stand_in) -> None:
    push.send(stand_in.url, "un-jeton", BODY)
    [(path, headers, body)] = stand_in.asked
    assert (path, body) == (CALL, BODY)
    assert headers["Authorization"] == "Bearer un-jeton"
    assert headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("status", "answer", "told"),
    [
        (207, b'{"errors": [{"reference": "sign_in"}]}', "sign_in"),
        (401, b"", "le jeton"),
        (403, b"", "droit"),
        (404, b"", "itération"),
        (500, b"<b>une\nerreur</b>", "<b>une erreur</b>"),
    ],
)
def test_what_squash_does_not_take_is_told(stand_in, status, answer, told) -> None:
    stand_in.answer = (status, answer, {})
    with pytest.raises(push.PushFault) as fault:
        push.send(stand_in.url, "un-jeton", BODY)
    assert told in str(fault.value) and "squash.json" in str(fault.value)
    assert "un-jeton" not in str(fault.value) and "\n" not in str(fault.value)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_token_follows_no_redirect(stand_in, status) -> None:
    stand_in.answer = (status, b"", {"Location": stand_in.url.replace("42", "43")})
    with pytest.raises(push.PushFault, match=str(status)):
        push.send(stand_in.url, "un-jeton", BODY)
    assert len(stand_in.asked) == 1


def test_a_squash_that_is_away_is_told(stand_in) -> None:
    with pytest.raises(push.PushFault, match="ne répond pas"):
        push.send(f"http://127.0.0.1:1{CALL}", "un-jeton", BODY)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://squash.example.org/squash", "numéro de l’itération"),
        (f"https://squash.example.org{CALL}/x", "numéro de l’itération"),
        (f"ftp://squash.example.org{CALL}", "numéro de l’itération"),
        (f"http://squash.example.org{CALL}", "https"),
        (f"https://moi:secret@squash.example.org{CALL}", "secret"),
        (f"https://squash.example.org{CALL}?token=x", "numéro de l’itération"),
    ],
)
def test_an_address_that_is_not_the_call_s_is_refused(url, told) -> None:
    with pytest.raises(push.PushFault, match=told):
        push.check(url)


def test_https_and_this_machine_are_accepted() -> None:
    push.check(f"https://squash.example.org{CALL}")
    push.check(f"http://localhost:8080{CALL}")


@pytest.mark.parametrize("token", ["", "  ", "un jeton", "jeton\nX: y", "jetoné"])
def test_a_token_that_is_none_is_refused(token) -> None:
    with pytest.raises(push.PushFault, match="jeton"):
        push.token({push.TOKEN: token})


def test_the_token_comes_from_the_environment() -> None:
    assert push.token({push.TOKEN: "un-jeton\n"}) == "un-jeton"
