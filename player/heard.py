"""What a portal was asked, whole: to see where something came and where it never did."""

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from player.members import Letter
from player.stage import Stage

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_ASKED = ("HTTP_", "REQUEST_", "QUERY_")


class Heard:
    """WSGI middleware that notes every request as the server got it: « method path », all that
    stands before the body, the body."""

    def __init__(self, inner: "WSGIApplication"):
        self._inner = inner
        self.requests: list[tuple[str, str, str]] = []

    @classmethod
    def by(cls, stage: Stage) -> "Heard":
        """All that this stage is asked from now on."""
        heard = cls(stage.app.wsgi_app)
        stage.app.wsgi_app = heard  # type: ignore[assignment,method-assign]
        return heard

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        before = repr({k: v for k, v in environ.items() if k.startswith(_ASKED)})
        asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        self.requests.append((asked, before, body.decode()))
        return self._inner(environ, start)

    def that_hold(self, letter: Letter) -> list[str]:
        """The requests with the letter's code in them: « POST /inscription body »."""
        return [
            f"{asked} {part}"
            for asked, before, body in self.requests
            for part, text in (("head", before), ("body", body))
            if holds_code(text, letter)
        ]


def holds_code(text: str, letter: Letter) -> bool:
    """Whether the letter's code can be read there, with its dashes or without."""
    return letter.access_code in text.replace("-", "")
