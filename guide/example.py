"""The world of the guide: an invented member, one morning, chance that repeats itself."""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace

from player.post_office import Mail
from player.scene import Scene
from webapp.rules.credentials import ACCESS_ALPHABET, ACCESS_CODE_SIGNS

SITE = "https://espace.example.org"


class ExampleChance:
    """Values that look like chance and are the same in every run, whatever asks in between."""

    def __init__(self) -> None:
        self._asked: dict[str, int] = defaultdict(int)

    def token(self) -> str:
        """As `secrets` would."""
        return self._next("token").hex()[:43]

    def row_id(self) -> str:
        """32 hexadecimal digits."""
        return self._next("row").hex()[:32]

    def digits(self, count: int) -> str:
        """A code as mails show it."""
        return f"{int.from_bytes(self._next(f'digits {count}')) % 10**count:0{count}d}"

    def access_code(self) -> str:
        """A code as paper letters show it."""
        return "".join(
            ACCESS_ALPHABET[each % 32] for each in self._next("letter")[:ACCESS_CODE_SIGNS]
        )

    def _next(self, kind: str) -> bytes:
        self._asked[kind] += 1
        return hashlib.sha256(f"{kind} {self._asked[kind]}".encode()).digest()


@dataclass
class Example(Scene):
    """A scene whose mails name the example's site; their links lead to the stage all the same.

    `received` is the mail as its reader sees it, `leaves` is called before one is opened.
    """

    received: Mail | None = None
    leaves: Callable[[], None] = lambda: None

    def open_mail(self, subject_part: str, to: str = "") -> Mail:
        """Wait for the next mail, keep it as it is, follow it to where the stage really plays."""
        self.leaves()
        self.received = super().open_mail(subject_part, to)
        here = self.stage.url
        self.mail = replace(
            self.received,
            html=self.received.html.replace(SITE, here),
            text=self.received.text.replace(SITE, here),
        )
        return self.mail
