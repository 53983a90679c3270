"""The session cookie: a visitor's is signed and kept by the browser alone, from the first proof on
it is only the random id of a row in our store."""

from datetime import timedelta
from typing import TypeVar, cast

from flask import Flask, Request, Response, current_app, g, session
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature

from webapp.rules.persons import Person
from webapp.rules.ranks import AtCode, Member, Rank, Registering, Session, Stored, Waiting
from webapp.services.kernel import sessions
from webapp.services.kernel.world import Seals
from webapp.web import cookies, persons
from webapp.web.tokens import PlainSerializer, csrf_token
from webapp.web.transactions import current_work

_STORED = "s."


class PortalSession(dict[str, object], SessionMixin):
    """What Flask and Flask-WTF see: a dict that holds the CSRF secret and nothing else of ours.

    `token` is the id of a stored session, None for a visitor.
    """

    modified = False

    def __init__(self, content: dict[str, object] | None = None, token: str | None = None):
        super().__init__(content or {})
        self.token = token
        self.minted = False  # the browser has not this token yet
        self.forgotten = False

    def __setitem__(self, key: str, value: object) -> None:
        super().__setitem__(key, value)
        self.modified = True

    def become(self, other: "PortalSession") -> None:
        """Be another session from now on, one that the browser has not been told of yet."""
        self.clear()
        super().update(other)
        self.token, self.minted = other.token, True


class PortalSessionInterface(SessionInterface):
    """Reads and writes the one session cookie. `prefix` keeps the keys of another application's
    sessions apart from these."""

    session_class = PortalSession

    def __init__(self, seals: Seals, *, secure: bool, name: str = "session", prefix: str = ""):
        self._seals, self._csrf = seals, f"{prefix}csrf"
        self.name = f"__Host-{name}" if secure else name
        self._signer = PlainSerializer(seals.mac(f"{prefix}visitor"), salt="visitor")

    def open_session(self, app: Flask, request: Request) -> PortalSession:
        """The visitor's cookie, or the id of a stored session; unreadable ones are strangers."""
        value = request.cookies.get(self.name, "")
        if value.startswith(_STORED):
            return self.stored(value[len(_STORED) :])
        try:
            content = self._signer.loads(value) if value else {}
        except (BadSignature, ValueError):
            content = {}
        return PortalSession(content if isinstance(content, dict) else {})

    def stored(self, token: str) -> PortalSession:
        """A stored session; its CSRF secret follows from its id, so that no GET needs to write."""
        return PortalSession({"csrf_token": self._seals.mac(self._csrf, token).hex()}, token)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie when there is something new to say, and only then. It lasts until the
        browser is closed: the next person at a shared one finds nothing."""
        if not isinstance(session, PortalSession) or response.status_code >= 500:
            return  # what was undone leaves the browser the session that it had
        if session.minted and session.token:
            cookies.write(response, self.name, _STORED + session.token, None)
        elif session.token is None and session.modified and session:
            cookies.write(response, self.name, str(self._signer.dumps(dict(session))), None)
        elif session.forgotten:
            cookies.write(response, self.name, "", timedelta(0))


def _own() -> PortalSession:
    return cast(PortalSession, session)  # Flask's stand-in for the one that `open_session` gave


def current() -> Session | None:
    """The stored session of this request, None for a visitor. Looked up once."""
    if "facts" not in g:
        token = _own().token
        g.facts = _find(token) if token else None
        if token and g.facts is None:
            g.had_session = True
            become_visitor()
    facts: Session | None = g.facts
    return facts


def _find(token: str) -> Session | None:
    known: tuple[Person, ...] = g.get("persons", ())
    return sessions.find(current_work(), token, persons.wanted(), known)


S = TypeVar("S", bound=Stored)


def must(kind: type[S]) -> S:
    """The stored session, of the class that the door asks for."""
    facts = current()
    if not isinstance(facts, kind):
        raise RuntimeError(f"a door for {kind.__name__} let in {type(facts).__name__}")
    return facts


def member() -> Member:
    """The session, behind a door for MEMBER or TERMS."""
    return must(Member)


def at_code() -> AtCode:
    """The session, behind a door for CODE."""
    return must(AtCode)


def registration_id() -> str | None:
    """Of the registration that this session carries, None when it carries none (any more)."""
    facts = current()
    return facts.registration_id if isinstance(facts, Registering | Waiting) else None


def rank() -> Rank:
    """How far this visitor has come."""
    facts = current()
    return facts.rank if facts else Rank.VISITOR


def browser_secret() -> str:
    """A secret that this browser keeps across a double tap, its CSRF secret: made for whoever has
    none yet."""
    if "csrf_token" not in session:
        csrf_token()
    return str(session["csrf_token"])


def enter(token: str, facts: Session | None = None) -> None:
    """Give the browser the session that a service minted, from this answer on. With `facts`, the
    next screen in the same answer need not read the store."""
    interface = current_app.session_interface
    assert isinstance(interface, PortalSessionInterface)  # noqa: S101 - `install` set it
    _own().become(interface.stored(token))
    _forget_facts()
    if facts is not None:
        g.facts = facts


def become_visitor() -> None:
    """From this answer on, the browser holds no session of ours."""
    own = _own()
    own.clear()
    own.token, own.minted, own.forgotten = None, False, True
    _forget_facts()
    g.facts = None


def refresh() -> None:
    """Read the session again when this answer shows it: a service changed its row."""
    former = g.pop("facts", None)
    if isinstance(former, Member):
        g.persons = former.persons  # as long as the row counts as many


def replace_facts(facts: Session) -> None:
    """Use these facts for the rest of the request: a service changed the session's row."""
    g.facts = facts


def email() -> str:
    """The address of the account of this session."""
    return member().email


def left() -> str:
    """Seconds until this session ends, whatever its member does."""
    return str(int((must(Stored).ends_at - current_work().now).total_seconds()))


def signed_in() -> bool:
    """Whether this page is of somebody in the space. An error page asks the store nothing; the
    cookie of a session that ended is left alone, for a page with a door to take away."""
    token = _own().token
    if token and "facts" not in g and not g.get("failing"):
        facts = _find(token)
        if facts is None:
            return False
        g.facts = facts
    return isinstance(g.get("facts"), Member)


def header_changes() -> bool:
    """Whether the header that the browser has is not this visitor's any more."""
    own = _own()
    return own.forgotten or "several" in g or (own.minted and signed_in())


def becomes_several() -> None:
    """Somebody has just joined this space: the next screen in this answer reads the session again,
    and its header's links say of whom they are."""
    refresh()
    g.several = True


def _forget_facts() -> None:
    g.pop("facts", None)
    g.pop("csrf_token", None)  # Flask-WTF keeps the signed token of the former session here
