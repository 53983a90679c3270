"""A witness of the wire: what a step asked of the server, and where it left the reader."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page, Response, expect

from webapp.rules.procedure import Step

STATIC = ("stylesheet", "script", "image", "other")  # other: the icon
BY_FORM = {"about_me": 1, "terms": 1, "confirm": 1, "activate": 2, "password": 1, "code": 1}
BY_FORM |= {"forgotten": 1, "new_password": 1}
BY_FORM |= {"close_password": 1, "close_code": 1, "keep": 1, "new_terms": 1, "decline_terms": 1}
BY_FORM |= {"owner": 1, "agree": 1}
BY_FORM |= {"stop_takeover": 1}
AT_ITS_ADDRESS = {"stop_takeover"}  # the link's page itself says how it ended
# these begin with pages: the mail's, to sign in, to sign in and then to ask for a link
OPENS_PAGES = {"confirm": 1, "activate": 1, "forgotten": 2, "keep": 1}


@dataclass
class Exchange:
    """A request that is no static file, and its answer."""

    method: str
    kind: str
    status: int
    sent: dict[str, str] = field(repr=False)
    answered: dict[str, str] = field(repr=False)


class Ledger:
    """Every exchange of a page, in order; `forget` begins a new chapter."""

    def __init__(self, page: Page):
        self._responses: list[Response] = []
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        self._responses.append(response)

    def exchanges(self) -> list[Exchange]:
        """Since the last `forget`."""
        return [
            Exchange(
                r.request.method, r.request.resource_type, r.status, r.request.headers, r.headers
            )
            for r in self._responses
            if r.request.resource_type not in STATIC
        ]

    def posts(self) -> list[Exchange]:
        """What was sent."""
        return [each for each in self.exchanges() if each.method == "POST"]

    def forget(self) -> None:
        """Begin anew."""
        self._responses.clear()


class OneRoundTrip(Ledger):
    """Witness: with HTMX each form is one POST, answered 200 with the next screen; the address and
    the title change, and reading goes on at the h1."""

    def __init__(self, page: Page):
        super().__init__(page)
        self._before = ("", "")

    def __call__(self, step: Step, page: Page) -> None:
        posts = self.posts()
        assert len(posts) == BY_FORM.get(step.key, 0), f"{step.key}: {self.exchanges()}"
        if posts:
            self._check(step, page)
        self._before = (page.url, page.title())
        self.forget()

    def _check(self, step: Step, page: Page) -> None:
        for post in self.posts():
            assert post.status == 200, f"{step.key}: {post}"
            assert post.kind in ("fetch", "xhr"), step.key
            assert post.sent["hx-request-type"] == "partial", step.key
        last = self.posts()[-1]
        expect(page).to_have_url(last.answered["hx-push-url"])
        documents = [each for each in self.exchanges() if each.kind == "document"]
        assert len(documents) == OPENS_PAGES.get(step.key, 0), f"{step.key}: {documents}"
        assert self._before[0] != page.url or step.key in AT_ITS_ADDRESS, step.key
        assert self._before[1] != page.title(), step.key
        done = page.locator("#done")  # what was just done is told first, where it is told
        read = done if done.count() else page.get_by_role("heading", level=1)
        expect(read).to_be_focused()


class PlainForms(Ledger):
    """Witness: with scripts off, plain navigation only, each form a POST sent on by a 303."""

    def __call__(self, step: Step, page: Page) -> None:
        assert {each.kind for each in self.exchanges()} <= {"document"}, step.key
        assert [each.status for each in self.posts()] == [303] * BY_FORM.get(step.key, 0), step.key
        self.forget()


def path_of(page: Page) -> str:
    """The address without the host and without what follows « ? »."""
    return urlsplit(page.url).path
