"""What templates may not hold, and who alone may say HX-."""

import ast
import re
from pathlib import Path

import pytest

from webapp.settings import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "mail" not in path.parts]
CODE = sorted((ROOT / "webapp").rglob("*.py"))
MAY_SAY_HX = {
    "webapp/web/screens.py",
    "templates/components/forms.html",
    "templates/layouts/document.html",
    "templates/layouts/fragment.html",
    "templates/layouts/notice.html",
    "templates/desk/layouts/fragment.html",
}
PARTS = ("templates/desk/error.html", "templates/desk/deeds/offered.html")  # of another one
FORBIDDEN = {
    "eval of htmx": r"hx-on|js:|javascript:|hx-vals|hx-trigger",
    "an inline script": r"<script(?! src=)(?![^>]*>{{ loader }}</script>)",
    "an inline style": r"<style>(?!{{ style }}</style>)|<style\s|\sstyle\s*=",
    "an inline handler": r"\son[a-z]+\s*=",
    "an escape from escaping": r"\|\s*safe\b|autoescape|Markup\(",
    "another site": r"(?:src|action)\s*=\s*[\"']?(?:https?:)?//",
    "a straight apostrophe in French": r">[^<{]*\b[ldjcnsmtLDJCNSMT]'[a-zéèêàh]",
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("why", FORBIDDEN)
def test_no_page_holds(why: str) -> None:
    found = [name(path) for path in PAGES if re.search(FORBIDDEN[why], path.read_text())]
    assert found == []


def test_no_mail_holds_a_script_or_escapes_escaping() -> None:
    for path in set(TEMPLATES) - set(PAGES):
        text = path.read_text()
        assert not re.search(r"<script|\son[a-z]+\s*=|\|\s*safe\b|javascript:", text), name(path)


def test_no_code_makes_html_or_evaluates_text() -> None:
    forbidden = re.compile(
        r"Markup\(|render_template_string|\|safe|\beval\(|\bexec\(|\bpickle\b|shell=True"
    )
    texts = {name(path): path.read_text() for path in CODE}
    for brought in ("Markup(style)", "Markup(loader)"):  # what stands in a page that arrives
        texts = {path: text.replace(brought, "", 1) for path, text in texts.items()}
    assert [each for each, text in texts.items() if forbidden.search(text)] == []


def test_only_the_screens_and_the_layouts_know_htmx() -> None:
    told = {name(path) for path in [*TEMPLATES, *CODE] if re.search(r"(?i)\bhx-", path.read_text())}
    assert told <= MAY_SAY_HX


def test_every_form_names_its_verb_and_address_in_one_macro() -> None:
    with_forms = {name(path) for path in PAGES if "<form" in path.read_text()}
    # and one that no member sees, and only scripts send
    assert with_forms == {"templates/components/forms.html", "templates/components/passkeys.html"}


def test_every_template_that_a_view_shows_is_there() -> None:
    shown = {
        each.value
        for path in CODE
        for each in ast.walk(ast.parse(path.read_text()))
        if isinstance(each, ast.Constant) and re.fullmatch(r"\w+/\w+\.html", str(each.value))
    }
    missing = {each for each in shown if not (ROOT / "templates" / each).exists()}
    assert len(shown) > 40
    assert not missing, "views show them: write them in templates/"


def test_every_page_is_one_template_whole_or_in_part() -> None:
    folders = {"components", "layouts", "terms"}
    for path in PAGES:
        if path.parent.name not in folders and name(path) not in PARTS:
            assert path.read_text().startswith("{% extends layout %}"), name(path)
