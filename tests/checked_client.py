"""A test client that checks every HTML answer for free, and fills in forms as a browser would."""

import functools
import re

import html5lib
from flask.testing import FlaskClient
from html5lib.treebuilders import getTreeBuilder
from werkzeug.test import TestResponse

from webapp.web import flash

TOKEN = re.compile(r'(<input type="hidden" name="csrf_token" value=")([^"]*)(">)')
CHALLENGE = re.compile(r'(data-passkey=")[^"]*|(name="challenge" value=")[^"]*')
# only its own signs: whatever else stands there is looked at
DRAWN = re.compile(
    r'(&#34;challenge&#34;:&#34;|<input type="hidden" name="challenge" value=")[\w.-]+(&#34;|">)',
    re.ASCII,
)
STYLE = re.compile("<style>[^<]*</style>")  # the sheet that a page brings, checked by its hash
TITLED = {  # h1: what its title says instead
    "Votre mutuelle, à portée de main": "Votre mutuelle santé",  # as people search for it
    "Votre inscription est prise en compte": "Étape 3 sur 3 : Confirmation",
}
HX_PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


class CheckedClient(FlaskClient):
    """Parses each HTML answer strictly and checks it: one h1, a title, no duplicate id, labels."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # it has been here before: pages come without the style sheet that they bring to a stranger
        self.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"

    def open(self, *args, **kwargs) -> TestResponse:
        response = super().open(*args, **kwargs)
        if (
            response.mimetype == "text/html"
            and response.data
            and not 300 <= response.status_code < 400
        ):
            # a page that differs only by its token, or by the challenge of its passkey, from one
            # already checked is as good
            text = TOKEN.sub(r"\1token\3", STYLE.sub("", response.text, count=1))
            text = DRAWN.sub(r"\1challenge\2", text)
            _check_once(text, partial=text.lstrip()[:9].lower() != "<!doctype")
            if response.status_code == 200:
                _check_flash(response)
        return response

    def csrf(self, path: str) -> str:
        """The token that the forms of this page carry."""
        token = TOKEN.search(self.get(path).text)
        assert token is not None, f"no form on {path}"
        return token[2]

    def submit(
        self,
        path: str,
        fields: dict[str, str],
        *,
        page: str | None = None,
        partial: bool = False,
        **kwargs,
    ):
        """Open `page` (default: `path`), then post its form with these fields."""
        data = {"csrf_token": self.csrf(page or path), **fields}
        headers = HX_PARTIAL if partial else {}
        return self.post(path, data=data, headers=headers, **kwargs)


def tree(text: str):
    """The page as an ElementTree, parsed as a browser parses."""
    return html5lib.parse(text, namespaceHTMLElements=False)


def words(text: str) -> str:
    """The page as it is read: its words without its tags, an ordinary space for each gap."""
    return " ".join("".join(tree(text).itertext()).split())


def check_page(text: str, *, partial: bool) -> None:
    """Raise AssertionError for what would trouble a member or a screen reader."""
    parser = html5lib.HTMLParser(getTreeBuilder("etree"), namespaceHTMLElements=False)
    page = parser.parseFragment(text, "main") if partial else parser.parse(text)
    known = {"unexpected-start-tag"} if partial else set()
    errors = [error for error in parser.errors if error[1] not in known]
    assert not errors, f"malformed HTML: {errors[:3]}"
    elements = list(page.iter())
    notice = partial and not any(each.tag == "h1" for each in elements)
    if not notice:
        assert sum(each.tag == "h1" for each in elements) == 1, "a page has one h1"
        titles = [each for each in elements if each.tag == "title"]
        assert len(titles) == 1, "a page has one title"
        _check_title(titles[0].text or "", next(each for each in elements if each.tag == "h1"))
    ids = [each.get("id") for each in elements if each.get("id")]
    assert len(ids) == len(set(ids)), f"duplicate ids: {sorted(ids)}"
    _check_fields(elements, set(ids))
    assert not any(each.get("style") or each.tag == "style" for each in elements), "no inline style"
    assert not any(str(name).startswith("on") for each in elements for name in (each.attrib or {}))


def _check_flash(response: TestResponse) -> None:
    """The page to which a flash message leads shows it."""
    told = flash.of(response.request.args.get("fait", ""))
    if told is not None:
        said = " ".join(told.words.split("{")[0].split())
        assert said in words(response.text), f"{response.request.path} shows no flash"


_check_once = functools.lru_cache(maxsize=4096)(check_page)


def _check_title(title: str, h1) -> None:
    """A title says what its page's h1 says: a tab, a history and a screen reader have only it."""
    assert title.strip(), "a page has a title"
    if " – " not in title:  # a mail of the demonstration's mailbox
        return
    said = " ".join("".join(h1.itertext()).split())
    assert said and TITLED.get(said, said) in " ".join(title.split()), f"« {said} » is « {title} »"


def _check_fields(elements: list, ids: set) -> None:
    labelled = {each.get("for") for each in elements if each.tag == "label"}
    assert labelled <= ids, f"labels of nothing: {labelled - ids}"
    for each in elements:
        hidden = each.get("type") == "hidden" or each.get("hidden") is not None
        if each.tag in ("input", "select", "textarea") and not hidden:
            assert each.get("id") in labelled, f"a field without label: {each.attrib}"
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            for target in (each.get(name) or "").split():
                assert target in ids, f"{name} leads nowhere: {target}"
        if each.tag == "button":
            assert each.get("type") in ("submit", "button"), "a button says its type"
