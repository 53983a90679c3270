"""The page cache: a screen whose answers differ by a few facts is rendered once a process."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from markupsafe import escape

from webapp.web import slots
from webapp.web.slots import Context, FactOutsideSlot, Question, Read, Recording

# the screens of a registration and of a sign-in, which are most of what is asked on a busy day
CACHED = frozenset(
    (
        "registration/about_me.html",
        "registration/finished.html",
        "registration/in_progress.html",
        "registration/link.html",
        "registration/recorded.html",
        "registration/terms.html",
        "sign_in/code.html",
        "sign_in/page.html",
        "space/page.html",
    )
)
MOST = 200  # pages of a process: more are rendered each time
_PLACEHOLDER = re.compile(f"{slots.BEGIN}([0-9]+){slots.END}")


class PageCache:
    """The pages that this process rendered: for each, the questions that its template asks of a
    visitor's facts, and a page for each set of answers (web/slots.py)."""

    def __init__(self) -> None:
        self._pages: _Answers = {}
        self._count = 0

    def page(self, which: Hashable, context: Context, render: Callable[[Context], str]) -> str:
        """The page `which` with the facts of this context; `render` gives it the first time.

        Raises FactOutsideSlot when its template can't be cached.
        """
        found = self._pages.get(which)
        while isinstance(found, _Asked):
            found = found.pages.get(found.question.ask(context))
        if found is None:
            found = self._rendered(which, context, render)
        return found.filled(context)

    def _rendered(
        self, which: Hashable, context: Context, render: Callable[[Context], str]
    ) -> "_Page":
        with slots.recorded(context) as recording:
            parts = _PLACEHOLDER.split(render(recording.facts()))
        page = _Page(parts, [recording.slots[int(number)] for number in parts[1::2]])
        if self._count < MOST:
            self._count += 1
            self._keep(which, recording, page)
        return page

    def _keep(self, which: Hashable, recording: Recording, page: "_Page") -> None:
        pages, answer = self._pages, which
        for question, next_answer in recording.answers.values():
            asked = pages.setdefault(answer, _Asked(question))
            if not isinstance(asked, _Asked) or asked.question.name != question.name:
                raise FactOutsideSlot(f"{question.name}: no former rendering asked it here")
            pages, answer = asked.pages, next_answer
        pages[answer] = page


@dataclass(frozen=True)
class _Page:
    """Text and placeholder in turns; `reads` says what fills each placeholder."""

    parts: list[str]
    reads: list[Read]

    def filled(self, context: Context) -> str:
        filled = self.parts.copy()
        filled[1::2] = [escape(read(context)) for read in self.reads]
        return "".join(filled)


@dataclass(frozen=True)
class _Asked:
    question: Question
    pages: "_Answers" = field(default_factory=dict)


_Answers = dict[Hashable, "_Page | _Asked"]
