"""What a template may do with the facts of one visitor, on a page that is rendered once for all.

While the page cache renders a page, each value of its context is a `Fact`. A template may

- print it: `{{ me.email|slot }}` leaves a slot, which is filled at each answer and escaped as ever;
- ask it: `{% if me.closing_at %}`, `me.devices == 1`, `"p" in ways`. The answer becomes part of the
  page's key in the cache. So does a fact that is None, True or False, or empty;
- say `{{ terms.version|keyed }}`: the value becomes part of the key.

Anything else raises FactOutsideSlot: no visitor's fact can stay in the page of the next one.
On a page that is not cached the filters change nothing.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from operator import attrgetter, itemgetter
from typing import Any, NoReturn

_FULL, _EMPTY = "full", "empty"  # kinds of facts
BEGIN, END = "\ue000", "\ue001"  # around a slot's number; no template has these private signs

Context = Mapping[str, object]
Read = Callable[[Context], object]


class FactOutsideSlot(TypeError):
    """A template did with a fact what can't be done again for the next visitor."""


@dataclass(frozen=True)
class Question:
    """What a rendering asked of its facts, and how to ask it of another visitor's."""

    name: str
    ask: Read


class Recording:
    """One rendering of a page to be cached: its slots, and its questions with their answers."""

    def __init__(self, context: Context):
        self._context = context
        self.slots: list[Read] = []
        self.answers: dict[str, tuple[Question, Hashable]] = {}

    def facts(self) -> dict[str, object]:
        """The context with a Fact for each value."""
        return {name: self.fact(name, itemgetter(name)) for name in sorted(self._context)}

    def fact(self, name: str, read: Read) -> object:
        """A Fact; but None, True and False themselves, for which the page is then kept."""
        kind = self.kind(name, read)
        return Fact(self, name, read) if kind in (_FULL, _EMPTY) else kind

    def kind(self, name: str, read: Read) -> object:
        """The answer to what every fact is asked: None, True, False, or whether it is empty."""
        return self.ask(f"{name} is", lambda context: _kind(read(context)))

    def ask(self, name: str, ask: Read) -> object:
        """The answer for this visitor, which is remembered with the page."""
        if name not in self.answers:
            self.answers[name] = (Question(name, ask), ask(self._context))
        return self.answers[name][1]

    def slot(self, read: Read) -> "_Slot":
        """A place in the page, to be filled at each answer."""
        self.slots.append(read)
        return _Slot(f"{BEGIN}{len(self.slots) - 1}{END}")


_current: ContextVar[Recording | None] = ContextVar("recording", default=None)


@contextmanager
def recorded(context: Context) -> Iterator[Recording]:
    """While this lasts, templates' functions (`asked_anew`) give facts."""
    recording = Recording(context)
    token = _current.set(recording)
    try:
        yield recording
    finally:
        _current.reset(token)


class Fact:
    """A value of one visitor, while the page of all is rendered."""

    __slots__ = ("_name", "_read", "_recording")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, recording: Recording, name: str, read: Read):
        self._recording, self._name, self._read = recording, name, read

    def through(self, how: Callable[[Any], object]) -> "Fact":
        """What the filter `how` makes of this fact."""
        read, name = self._read, f"{self._name}|{how.__name__}"
        return Fact(self._recording, name, lambda context: how(read(context)))

    def ask(self, question: str, how: Callable[[Any], object]) -> object:
        """The answer to a question about this fact."""
        read = self._read
        return self._recording.ask(self._name + question, lambda context: how(read(context)))

    def slot(self) -> "_Slot":
        """This fact's place in the page."""
        return self._recording.slot(self._read)

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        read, get = self._read, attrgetter(name)
        return self._recording.fact(f"{self._name}.{name}", lambda context: get(read(context)))

    def __bool__(self) -> bool:
        return self._recording.kind(self._name, self._read) == _FULL

    def __eq__(self, other: object) -> bool:
        _must_be_constant(other)
        return bool(self.ask(f" == {other!r}", lambda value: value == other))

    def __contains__(self, item: object) -> bool:
        _must_be_constant(item)
        return bool(self.ask(f" has {item!r}", lambda value: item in value))

    def _refuse(self, *_: object) -> NoReturn:
        raise FactOutsideSlot(f"{self._name}: a cached page prints a fact with |slot")

    __html__ = __str__ = __format__ = __iter__ = __len__ = _refuse
    __add__ = __radd__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse


@dataclass(frozen=True)
class _Slot:
    """Can be printed, whole, and nothing else."""

    placeholder: str

    def __html__(self) -> str:
        return self.placeholder

    def __str__(self) -> str:
        raise FactOutsideSlot("slot is the last filter of a fact")


def slot(value: object) -> object:
    """Filter: print this fact."""
    return value.slot() if isinstance(value, Fact) else value


def keyed(value: object) -> object:
    """Filter: one page is kept for each value of this fact."""
    return value.ask(" = ", lambda found: found) if isinstance(value, Fact) else value


def deferred(how: Callable[[Any], object]) -> Callable[[object], object]:
    """The filter `how`, which gives words or a number; before `slot`, it is applied at each
    answer."""

    @wraps(how)
    def applied(value: object) -> object:
        return value.through(how) if isinstance(value, Fact) else how(value)

    return applied


def asked_anew(ask: Callable[[], object]) -> Callable[[], object]:
    """The templates' function `ask`, whose answer is a fact of the visitor."""

    @wraps(ask)
    def answered() -> object:
        recording = _current.get()
        if recording is None:
            return ask()
        return recording.fact(f"{ask.__name__}()", lambda _context: ask())

    return answered


def refuse_while_recording(what: str) -> None:
    """Raise FactOutsideSlot when the page of all is being rendered: `what` is of one visitor."""
    if _current.get() is not None:
        raise FactOutsideSlot(f"{what} is of one visitor, and this page is cached for all")


def _must_be_constant(value: object) -> None:
    if isinstance(value, Fact | _Slot):
        raise FactOutsideSlot("a cached page compares a fact with what its template says alone")


def _kind(value: object) -> bool | str | None:
    if value is None or value is True or value is False:
        return value
    return _FULL if value else _EMPTY
