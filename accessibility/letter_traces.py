"""What an engine does with a letter's QR code: the code must stay in the form."""

from player.heard import Heard, holds_code
from player.members import LUCE, RENE

# what a worker or a page of ours could keep, the address, the worker that stands before the page
ADDRESSES = """(async () => {
  const lists = (await caches.keys()).map(async (name) => (await caches.open(name)).keys());
  const kept = (await Promise.all(lists)).flat().map((request) => request.url);
  const worker = navigator.serviceWorker.controller;
  return [
    JSON.stringify([kept, { ...localStorage }, { ...sessionStorage }, history.state]),
    location.href, worker ? worker.scriptURL : '',
  ];
})()"""


def is_clean(addresses: list[str], path: str) -> None:
    """The worker is in place, and neither it nor the page keeps the code."""
    kept, here, worker = addresses
    if not here.endswith(path) or not worker:
        raise AssertionError(f"the address is {here}, the worker {worker or 'missing'}")
    if holds_code(kept, LUCE) or holds_code(kept, RENE):
        raise AssertionError(f"the code is kept: {kept}")


def said_once(heard: Heard) -> None:
    """In the one form that sends it, and in nothing else that the portal was asked."""
    found = heard.that_hold(LUCE) + heard.that_hold(RENE)
    if found != ["POST /inscription body"]:
        raise AssertionError(f"the letter's code came in {found}")
