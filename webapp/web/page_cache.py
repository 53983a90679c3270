"""Pages that differ from one visitor to the next by a few words: rendered once a process, with a
mark for each of those words; from then on only the words are put in."""

import re
from collections.abc import Callable, Hashable, Mapping

from markupsafe import escape

MOST = 200  # pages of a process: more are rendered each time
_BEGIN, _END = "\ue000", "\ue001"  # no page of ours has these signs of private use
_MARK = re.compile(f"{_BEGIN}(.*?){_END}")

Late = Callable[[], str]


def mark(name: str) -> str:
    """What stands for a word while the page is rendered to be kept."""
    return f"{_BEGIN}{name}{_END}"


def marks(words: Mapping[str, str]) -> dict[str, str]:
    """A mark for each word; an empty word stays empty, so that a template may ask for it."""
    return {name: mark(name) if word else "" for name, word in words.items()}


class KeptPages:
    """The pages that this process rendered, each as text and names of words in turns."""

    def __init__(self, late: Mapping[str, Late]):
        """`late` words are asked for where a page has them."""
        self._late = late
        self._pages: dict[Hashable, list[str]] = {}

    def page(self, which: Hashable, words: Mapping[str, str], render: Callable[[], str]) -> str:
        """The page `which` with these words, escaped as Jinja would; `render` gives it with marks
        the first time. Words that are there in one answer and not in another make two pages."""
        kept = (which, *(name for name, word in words.items() if word))
        parts = self._pages.get(kept)
        if parts is None:
            parts = _MARK.split(render())
            if len(self._pages) < MOST:
                self._pages[kept] = parts
        filled = parts.copy()
        for place in range(1, len(parts), 2):
            name = parts[place]
            filled[place] = escape(words[name] if name in words else self._late[name]())
        return "".join(filled)
