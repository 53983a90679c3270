"""The sender: takes mails from the outbox one by one and hands them to the relay."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from webapp.adapters.relay import Delayed, Undeliverable
from webapp.services.household import effect
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import ClaimedMail, World
from webapp.services.mail import claims
from webapp.services.space import retention

T = TypeVar("T")
log = logging.getLogger("portal.mail")

AT_ONCE = 20  # mails claimed in one statement
CLAIM_SECONDS = 0.25  # how long they are worked on: what a slow relay leaves is given back
POLL_SECONDS, PURGE_SECONDS, TROUBLE_SECONDS = 1.0, 3600.0, 5.0
LINGER_SECONDS = 5.0
TAKEOVER_SECONDS = 30.0  # how late a newer letter's access may open


class Relay(Protocol):
    """Where mails are handed over."""

    def deliver(self, claimed: ClaimedMail) -> None:
        """Raises Undeliverable or Delayed."""

    def hang_up(self) -> None:
        """Close what the burst kept open."""


class Sender:
    """Sends what waits, then sleeps until it is woken or a second has passed. Beside that it opens
    the accesses of newer letters whose day is over, and purges once an hour.

    It opens the world's `local_queue`, where requests of this process put what can't wait."""

    def __init__(self, engine: Engine, relay: Relay, world: World):
        self._engine, self._relay, self._world = engine, relay, world
        self.name = _name()  # under which this process claims mails
        self._sent_at = 0.0
        self._stopped = threading.Event()
        self._queue = world.local_queue
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Run in a thread of this process, until `stop`."""
        self.name = _name()  # a forked process is another worker
        self._stopped.clear()
        self._queue.open(self.name, self.give_back)
        self._thread = threading.Thread(target=self.run, name="mail sender", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 15.0) -> None:
        """Finish the mail under way, then end."""
        self._stopped.set()
        self._queue.awake.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def run(self) -> None:
        """Send until stopped; a database that is away is waited for."""
        purged_at, looked_at, polled_at = -PURGE_SECONDS, -TAKEOVER_SECONDS, -POLL_SECONDS
        while not self._stopped.is_set():
            pause = POLL_SECONDS
            self._queue.awake.clear()
            try:
                sent = self._send_queued()
                if self._queue.outbox_waits or time.monotonic() - polled_at >= POLL_SECONDS:
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
            self._queue.awake.wait(pause)
        self._queue.close()
        self._relay.hang_up()

    def send_waiting(self) -> int:
        """Send all that is due now; returns how many mails the relay took."""
        try:
            return self._send_due()
        finally:
            self._relay.hang_up()

    def _linger(self, sent: int) -> None:
        """Keep the relay's line open for a few seconds after a mail: codes come one by one."""
        now = time.monotonic()
        if sent:
            self._sent_at = now
        elif now - self._sent_at > LINGER_SECONDS:
            self._relay.hang_up()

    def _send_due(self) -> int:
        """A look first, which locks nothing, unless one is known to wait."""
        sent = 0
        while not self._stopped.is_set():
            if not self._queue.outbox_waits and not self._with_work(claims.due, reading=True):
                break
            # who wakes us from here on has one that this claim may miss
            self._queue.outbox_waits = False
            claimed = self._with_work(self._claim)
            if not claimed:
                break
            sent += self._send_all(claimed)
            sent += self._send_queued()
        return sent

    def _send_queued(self) -> int:
        """Send what requests of this process have just handed over; when the relay is slow, those
        that found no room in the queue have their turn before the rest."""
        sent = self._send_while_quick(self._queued())
        if not self._queue.is_empty:
            self._queue.awake.set()  # no pause
        return sent

    def _queued(self) -> Iterator[ClaimedMail]:
        while not self._stopped.is_set() and (mail := self._queue.next()):
            yield mail

    def _claim(self, work: Work) -> list[ClaimedMail]:
        return claims.claim_several(work, self.name, AT_ONCE)

    def _send_all(self, claimed: list[ClaimedMail]) -> int:
        """Send them one by one; when the relay is slow the rest is given back, since a code may
        have come meanwhile, which leaves first, and the lease goes on."""
        rest = iter(claimed)
        sent = self._send_while_quick(rest)
        if left := list(rest):
            self._give_back(left)
        return sent

    def _send_while_quick(self, mails: Iterator[ClaimedMail]) -> int:
        """Send one after the other over one connection, at least one, until there is no more, the
        relay proves slow or we are told to stop. Those that were not taken stay with the caller."""
        began, sent = time.monotonic(), 0
        kept = Work(self._engine, self._world)
        try:
            for mail in mails:
                sent += self._send(mail, kept)
                if self._stopped.is_set() or time.monotonic() - began > CLAIM_SECONDS:
                    break
        finally:
            kept.close(commit=False)
        return sent

    def _give_back(self, rest: Sequence[ClaimedMail]) -> None:
        self._with_work(lambda work: claims.give_back(work, rest, self.name))

    def give_back(self, mails: Sequence[ClaimedMail]) -> None:
        """Give back what was in the queue; never at the cost of the request that wrote it."""
        try:
            self._give_back(mails)
        except SQLAlchemyError as error:
            log.warning("queued mails wait for their lease: %s", type(error).__name__)

    def _send(self, claimed: ClaimedMail, kept: Work) -> int:
        try:
            self._relay.deliver(claimed)
        except Undeliverable as refusal:
            log.warning("mail %s (%s) refused: %s", claimed.id, claimed.name, refusal)
            status = str(refusal)
            self._record(kept, lambda work: claims.record_refused(work, claimed, self.name, status))
            return 0
        except Delayed as trouble:
            told = trouble.fault.for_the_log()
            log.warning("mail %s (%s) delayed: %s", claimed.id, claimed.name, told)
            self._delay(claimed, kept, str(trouble))
            return 0
        except SQLAlchemyError:
            raise  # the database is away: the mail waits for the end of its lease
        except Exception as error:  # a fault of ours with this one mail: the others go on
            self._relay.hang_up()
            name = type(error).__name__
            log.error(
                "mail %s (%s) stumbled, it is tried again: %s at %s",
                claimed.id, claimed.name, name, _place(error),
            )  # fmt: skip
            self._delay(claimed, kept, f"stumbled {name}")
            return 0
        self._record(kept, lambda work: claims.record_sent(work, claimed, self.name))
        return 1

    def _delay(self, claimed: ClaimedMail, kept: Work, reason: str) -> None:
        self._record(kept, lambda work: claims.record_delayed(work, claimed, self.name, reason))

    def _record(self, kept: Work, record: Callable[[Work], None]) -> None:
        """What the relay said, at once; over another connection when this one was lost meanwhile.
        Recording the same twice writes nothing: the mail is no longer claimed."""
        try:
            record(kept)
            kept.settle()
        except DBAPIError as error:
            kept.close(commit=False)
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
        """Let newer letters whose day is over take effect; a look first, which locks nothing."""
        if not self._with_work(effect.due, reading=True):
            return 0
        return self._with_work(effect.apply_due)

    def _take_over_in_time(self, looked_at: float) -> float:
        now = self._world.clock.now().timestamp()
        if now - looked_at < TAKEOVER_SECONDS:
            return looked_at
        self.take_over_due()
        return now

    def _with_work(self, act: Callable[[Work], T], *, reading: bool = False) -> T:
        with Work(self._engine, self._world, reading=reading) as work:
            return act(work)


def _place(error: Exception) -> str:
    """Where it happened. Its words are left out: they may hold an address or a code."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"[-40:]
