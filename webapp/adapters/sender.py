"""The sender: takes letters from the outbox one by one and hands them to the relay."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from sqlalchemy import Engine, insert
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from webapp.adapters.hands import Hands
from webapp.adapters.relay import Delayed, Undeliverable
from webapp.models import DemoMail
from webapp.services import dispatch, retention, takeover_effect
from webapp.services.dispatch import ClaimedLetter
from webapp.services.work import Work
from webapp.services.world import World

T = TypeVar("T")
log = logging.getLogger("portal.mail")

AT_ONCE = 20  # letters claimed in one statement
CLAIM_SECONDS = 0.25  # how long they are worked on: what a slow relay leaves is given back
POLL_SECONDS, PURGE_SECONDS, TROUBLE_SECONDS = 1.0, 3600.0, 5.0
LINGER_SECONDS = 5.0
TAKEOVER_SECONDS = 30.0  # how late a newer letter's access may open


class Relay(Protocol):
    """Where letters are handed over."""

    def deliver(self, claimed: ClaimedLetter) -> None:
        """Raises Undeliverable or Delayed."""

    def hang_up(self) -> None:
        """Close what the burst kept open."""


class DemoMailbox:
    """The relay of the demonstration: letters stay in a table that `/demo/boite-mail` shows."""

    def __init__(self, engine: Engine, world: World, sender: str):
        self._engine, self._world, self._sender = engine, world, sender

    def deliver(self, claimed: ClaimedLetter) -> None:
        """Keep the letter for the demonstration's mailbox."""
        letter = claimed.letter
        work = Work(self._engine, self._world)
        work.db.execute(
            insert(DemoMail).values(
                to=claimed.to,
                sender=self._sender,
                subject=letter.subject,
                text_body=letter.text,
                html_body=letter.html,
                received_at=work.now,
            )
        )
        work.close(keep=True)

    def hang_up(self) -> None:
        """Nothing is kept open."""


class Sender:
    """Sends what waits, then sleeps until it is woken or a second has passed. Beside that it opens
    the accesses of newer letters whose day is over, and purges once an hour.

    `hands`: what this process wrote to be sent at once."""

    def __init__(self, engine: Engine, relay: Relay, world: World):
        self._engine, self._relay, self._world = engine, relay, world
        self._name = _name()
        self._sent_at = 0.0
        self._awake, self._stopped = threading.Event(), threading.Event()
        self._one_waits = False
        self.hands = Hands(self._let_go, self._awake.set)
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """There is a letter in the outbox: don't wait for the next look."""
        self._one_waits = True
        self._awake.set()

    def start(self) -> None:
        """Run in a thread of this process, until `stop`."""
        self._name = _name()  # a forked process is another worker
        self._stopped.clear()
        self.hands.open(self._name)
        self._thread = threading.Thread(target=self.run, name="mail sender", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 15.0) -> None:
        """Finish the letter under way, then end."""
        self._stopped.set()
        self._awake.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def run(self) -> None:
        """Send until stopped; a database that is away is waited for."""
        purged_at, looked_at, polled_at = -PURGE_SECONDS, -TAKEOVER_SECONDS, -POLL_SECONDS
        while not self._stopped.is_set():
            pause = POLL_SECONDS
            self._awake.clear()
            try:
                sent = self._send_in_hand()
                if self._one_waits or time.monotonic() - polled_at >= POLL_SECONDS:
                    polled_at = time.monotonic()
                    sent += self._send_due()
                self._linger(sent)
                looked_at = self._take_over_in_time(looked_at)
                purged_at = self._purge_hourly(purged_at)
            except SQLAlchemyError as error:
                log.warning("outbox out of reach: %s", type(error).__name__)
                pause = TROUBLE_SECONDS
            except Exception:
                log.exception("the sender stumbled; it goes on")
                pause = TROUBLE_SECONDS
            self._awake.wait(pause)
        self.hands.close()
        self._relay.hang_up()

    def send_waiting(self) -> int:
        """Send all that is due now; returns how many letters the relay took."""
        try:
            return self._send_due()
        finally:
            self._relay.hang_up()

    def _linger(self, sent: int) -> None:
        """Keep the relay's line open for a few seconds after a letter: codes come one by one."""
        now = time.monotonic()
        if sent:
            self._sent_at = now
        elif now - self._sent_at > LINGER_SECONDS:
            self._relay.hang_up()

    def _send_due(self) -> int:
        """A look first, which locks nothing, unless one is known to wait."""
        sent = 0
        while not self._stopped.is_set():
            if not self._one_waits and not self._with_work(dispatch.due, reading=True):
                break
            self._one_waits = False  # who wakes us from here on has one that this claim may miss
            claimed = self._with_work(self._claim)
            if not claimed:
                break
            sent += self._send_all(claimed)
            sent += self._send_in_hand()
        return sent

    def _send_in_hand(self) -> int:
        """Send the mails that requests of this process have just handed over. When the relay is
        slow, the sender stops here, so that mails that wait in the outbox get their turn."""
        sent = self._send_while_quick(self._in_hand())
        if not self.hands.empty:
            self._awake.set()  # no pause
        return sent

    def _in_hand(self) -> Iterator[ClaimedLetter]:
        while not self._stopped.is_set() and (letter := self.hands.next()):
            yield letter

    def _claim(self, work: Work) -> list[ClaimedLetter]:
        return dispatch.claim_several(work, self._name, AT_ONCE)

    def _send_all(self, claimed: list[ClaimedLetter]) -> int:
        """Send them one by one; when the relay is slow the rest is given back, since a code may
        have come meanwhile, which leaves first, and the lease goes on."""
        rest = iter(claimed)
        sent = self._send_while_quick(rest)
        if left := list(rest):
            self._give_back(left)
        return sent

    def _send_while_quick(self, letters: Iterator[ClaimedLetter]) -> int:
        """Send one after the other over one connection, at least one, until there is no more, the
        relay proves slow or we are told to stop. Those that were not taken stay with the caller."""
        began, sent = time.monotonic(), 0
        kept = Work(self._engine, self._world)
        try:
            for letter in letters:
                sent += self._send(letter, kept)
                if self._stopped.is_set() or time.monotonic() - began > CLAIM_SECONDS:
                    break
        finally:
            kept.close(keep=False)
        return sent

    def _give_back(self, rest: Sequence[ClaimedLetter]) -> None:
        self._with_work(lambda work: dispatch.give_back(work, rest, self._name))

    def _let_go(self, letters: Sequence[ClaimedLetter]) -> None:
        """Give back what was in hand; never at the cost of the request that wrote it."""
        try:
            self._give_back(letters)
        except SQLAlchemyError as error:
            log.warning("letters in hand wait for their lease: %s", type(error).__name__)

    def _send(self, claimed: ClaimedLetter, kept: Work) -> int:
        try:
            self._relay.deliver(claimed)
        except Undeliverable as refusal:
            log.warning("letter %s (%s) refused: %s", claimed.id, claimed.name, refusal)
            status = str(refusal)[:3]
            self._record(
                kept, lambda work: dispatch.record_refused(work, claimed, self._name, status)
            )
            return 0
        except Delayed as trouble:
            reason = str(trouble)
            log.warning("letter %s (%s) delayed: %s", claimed.id, claimed.name, reason)
            self._record(
                kept, lambda work: dispatch.record_delayed(work, claimed, self._name, reason)
            )
            return 0
        self._record(kept, lambda work: dispatch.record_sent(work, claimed, self._name))
        return 1

    def _record(self, kept: Work, record: Callable[[Work], None]) -> None:
        """What the relay said, at once; over another connection when this one was lost meanwhile.
        Recording the same twice writes nothing: the letter is no longer claimed."""
        try:
            record(kept)
            kept.settle()
        except DBAPIError as error:
            kept.close(keep=False)
            if not error.connection_invalidated:
                raise
            self._with_work(record)

    def _purge_hourly(self, purged_at: float) -> float:
        now = self._world.clock.now().timestamp()
        if now - purged_at < PURGE_SECONDS:
            return purged_at
        self._with_work(retention.purge)
        return now

    def take_over_due(self) -> int:
        """Let the takeovers whose day is over take effect; a look first, which locks nothing."""
        if not self._with_work(takeover_effect.due, reading=True):
            return 0
        return self._with_work(takeover_effect.apply_due)

    def _take_over_in_time(self, looked_at: float) -> float:
        now = self._world.clock.now().timestamp()
        if now - looked_at < TAKEOVER_SECONDS:
            return looked_at
        self.take_over_due()
        return now

    def _with_work(self, act: Callable[[Work], T], *, reading: bool = False) -> T:
        work = Work(self._engine, self._world, reading=reading)
        keep = False
        try:
            result = act(work)
            keep = True
            return result
        finally:
            work.close(keep=keep)


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"[-40:]
