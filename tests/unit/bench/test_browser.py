"""The light browser finds forms as they are written by all three libraries."""

import gzip

import pytest

from bench.browser import Lost, Page

FORMS = """
<form action="/chercher"><input name="q" value="a&amp;b"></form>
<form method="post"><input type="hidden" name="csrf" value="x"><input name="email">
<input type="checkbox" name="remember" value="y"><input type="submit" name="go" value="1"></form>
"""


def page(text: str = FORMS, **headers: str) -> Page:
    body = text.encode()
    packed = headers.get("content-encoding") == "gzip"
    return Page(200, "/ici", headers, gzip.compress(body) if packed else body)


def test_the_first_form_with_all_fields_is_taken():
    assert page().form("email") == ("/ici", {"csrf": "x", "email": ""})
    assert page().form("q") == ("/chercher", {"q": "a&b"})


def test_a_page_without_the_form_is_no_way_on():
    with pytest.raises(Lost):
        page().form("password")


def test_a_compressed_page_reads_the_same():
    assert page(**{"content-encoding": "gzip"}).text == FORMS
