"""The same journey everywhere, or none is measured: what each target must refuse and keep."""

from collections.abc import Awaitable

from bench.browser import Browser, Lost
from bench.peers.targets import HASH, Place, WithMembers
from bench.sink import NoMail, Sink


class NotTheSame(Exception):
    """A target that does less than the others."""


async def check(target: WithMembers, place: Place, port: int, sink: Sink, last: int) -> None:
    """Raises NotTheSame. Uses members `last` and `last` - 1, and newcomer 1."""

    async def must_fail(what: str, journey: Awaitable[object]) -> None:
        try:
            await journey
        except (Lost, NoMail):
            return
        raise NotTheSame(f"{target.title}: {what} leads on")

    def stranger() -> Browser:
        return target.browser(port)

    closed = await stranger().get(target.space_path)
    if "@example.org" in closed.text:
        raise NotTheSame(f"{target.title}: the space is open to strangers")
    wrong = target.sign_in(stranger(), sink, last, password="une autre suite de mots")
    await must_fail("a wrong password", wrong)
    await must_fail("a wrong code", target.sign_in(stranger(), sink, last - 1, change=1))
    browser = stranger()
    link = await target.ask(browser, sink, 1)
    unconfirmed = target.newcomer_signs_in(stranger(), sink, 1)
    await must_fail("an address that is not confirmed", unconfirmed)
    await target.confirm(browser, link)
    await target.newcomer_signs_in(stranger(), sink, 1)
    if not target.stored_hash(place).startswith(HASH):
        raise NotTheSame(f"{target.title}: passwords are not hashed as everybody's")
