"""The portal's journeys as a browser plays them. What does not end as it should raises `Lost`."""

from bench import members
from bench.browser import Browser, Lost, Page
from bench.sink import Sink
from player.members import Letter


async def give_password(
    browser: Browser, email: str, *, password: str = members.PASSWORD, remember: bool = False
) -> Page:
    """The sign-in page, filled in and sent."""
    page = await browser.get("/connexion")
    fields = {"email": email, "password": password}
    return await browser.submit(page, fields, *(["remember"] if remember else []))


async def give_code(browser: Browser, page: Page, code: str, email: str) -> Page:
    """The security code, which opens the space of this member."""
    return arrived(await browser.submit(page, {"security_code": code}), email)


async def sign_in(browser: Browser, sink: Sink, email: str) -> Page:
    """Sign-in page, password, mailed code, space."""
    sink.forget(email)
    page = await give_password(browser, email)
    return await give_code(browser, page, await sink.code(email), email)


async def ask(browser: Browser, sink: Sink, letter: Letter) -> str:
    """The five fields and the terms; returns the mailed link."""
    sink.forget(letter.email)
    page = await browser.get("/inscription")
    fields = {
        "number": letter.number, "access_code": letter.access_code, "email": letter.email,
        "password": members.PASSWORD, "password_repeat": members.PASSWORD,
    }  # fmt: skip
    page = await browser.submit(page, fields)
    page = await browser.submit(page, {}, "accept")
    if "prise en compte" not in page.text:
        raise Lost(f"the registration was not recorded: {page.path} ({page.status})")
    return (await sink.mail(letter.email)).link("/inscription/validation/")


async def confirm(browser: Browser, link: str) -> Page:
    """The mailed link and its one button."""
    page = await browser.get(link[link.index("/inscription/") :])
    page = await browser.submit(page, {})
    if "finalisée" not in page.text:
        raise Lost(f"the link did not confirm: {page.path} ({page.status})")
    return page


async def register(browser: Browser, sink: Sink, letter: Letter) -> Page:
    """The five fields, the terms, the mail, the link's button."""
    return await confirm(browser, await ask(browser, sink, letter))


def arrived(page: Page, email: str) -> Page:
    """The page, when it is the space of this member."""
    if page.status != 200 or page.path.partition("?")[0] != "/espace" or email not in page.text:
        raise Lost(f"not in the space of {email}: {page.path} ({page.status})")
    return page
