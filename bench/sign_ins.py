"""Two hundred members sign in at once: no error, and how long beside bare argon2 checks."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from argon2 import PasswordHasher

from bench import accounts
from bench.server import Browser, Sink, portal

MEMBERS = 200


def main() -> None:
    """Prints errors, seconds, and the ratio to the argon2 checks alone."""
    with portal() as (port, sink, database):
        accounts.write(database, MEMBERS)
        together = Barrier(MEMBERS)
        began = time.perf_counter()
        with ThreadPoolExecutor(MEMBERS) as members:
            waits = list(
                members.map(lambda number: _sign_in(port, sink, number, together), range(MEMBERS))
            )
        seconds = time.perf_counter() - began
    times = sorted(each for each in waits if each is not None)
    alone = MEMBERS * _argon2_seconds()
    print(f"{MEMBERS} sign-ins at once: {MEMBERS - len(times)} errors, {seconds:.1f} s in all,")
    print(f"  median {times[len(times) // 2]:.2f} s, slowest {times[-1]:.2f} s,")
    print(f"  {seconds / (alone / 2):.2f} x the same argon2 checks alone on two cores")


def _sign_in(port: int, sink: Sink, number: int, together: Barrier) -> float | None:
    """Seconds from the first page to the space; None when anything was not as it should be."""
    member, browser = accounts.letter(number), Browser(port)
    together.wait()
    began = time.perf_counter()
    try:
        browser.request("GET", "/connexion")
        fields = {"email": member.email, "password": accounts.PASSWORD}
        status, headers, _ = browser.request("POST", "/connexion", fields)
        if status != 303 or headers["Location"] != "/connexion/code":
            return None
        browser.request("GET", "/connexion/code")
        code = sink.wait_for(member.email, r"^\d{6}$")
        status, headers, _ = browser.request("POST", "/connexion/code", {"security_code": code})
        status, _, page = browser.request("GET", "/espace")
    except (OSError, TimeoutError):
        return None
    return time.perf_counter() - began if status == 200 and member.email.encode() in page else None


def _argon2_seconds() -> float:
    """One check with the portal's default settings, the best of ten."""
    hasher = PasswordHasher(2, 19_456, 1)
    made, best = hasher.hash(accounts.PASSWORD), 9.0
    for _ in range(10):
        began = time.perf_counter()
        hasher.verify(made, accounts.PASSWORD)
        best = min(best, time.perf_counter() - began)
    return best


if __name__ == "__main__":
    main()
