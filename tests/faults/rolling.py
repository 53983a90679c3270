"""Hosts restarted in turn while visitors send forms, and what became of each form."""

import http.client
import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from tests.faults.portal import Host, Portal
from tests.faults.visitor import Visitor

ANSWERED = 422  # the password is wrong: the form arrived, the portal read it
SENDERS = 6
_numbers = itertools.count(1)


def _source() -> str:
    """An address of loopback to come from: the sample limits what one address may ask."""
    number = next(_numbers)
    return f"127.{1 + number % 200}.{number // 200 % 200}.{1 + number // 40_000}"


class Sender(Visitor):
    """Sends a form of sign-in to one of `ports`: to the next where it is refused, as the proxy does
    (a form that a host took is never sent twice)."""

    def __init__(self, portal: Portal, ports: list[int]):
        super().__init__(portal)
        self._ports, self._turn = ports, 0
        self.get("/connexion")

    def send(self, **headers: str) -> int | str:
        """The status, or how the connection ended."""
        for _ in self._ports:
            self._turn = (self._turn + 1) % len(self._ports)
            self.host, self.source = _Door(self._ports[self._turn]), _source()  # type: ignore[assignment]
            fields = {"email": f"m{next(_numbers)}@example.org", "password": "un mot de passe faux"}
            try:
                return self.post("/connexion", fields, **headers).status
            except ConnectionRefusedError:
                continue
            except (OSError, http.client.HTTPException) as fault:
                return type(fault).__name__
        return "nobody"


class _Door:
    """A port of loopback, in a host's place."""

    def __init__(self, port: int):
        self.port = port


@contextmanager
def senders(portal: Portal, ports: list[int], pause: float = 0) -> Iterator[Counter[int | str]]:
    """Forms are sent to `ports` all the while, by each sender with a pause between two (seconds);
    yields how they ended, complete at the exit."""
    ended: Counter[int | str] = Counter()
    over, lock = threading.Event(), threading.Lock()

    def work() -> None:
        sender = Sender(portal, ports)
        while not over.is_set():
            end = sender.send()
            with lock:
                ended[end] += 1
            over.wait(pause)

    threads = [threading.Thread(target=work) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    try:
        yield ended
    finally:
        over.set()
        for thread in threads:
            thread.join()


def restart(portal: Portal, host: Host, seconds: float, *options: str) -> int | str:
    """SIGTERM and a start anew, with a request of so many `seconds` under way at this host, whose
    end is returned."""
    slow = Sender(portal, [host.port])
    with ThreadPoolExecutor(1) as apart:
        end = apart.submit(slow.send, X_Waits=str(seconds))
        time.sleep(0.3)  # it is under way
        host.stop()
        host.start(*options)
        return end.result()
