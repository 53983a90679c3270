"""One table says what is kept: nothing is stored or purged beside it, the terms say the same."""

import re

from tests.checked_client import tree
from tests.visitors import Progress, Town
from webapp.models import Base
from webapp.rules.retention import KEPT, said
from webapp.services.kernel.work import Work
from webapp.services.space.retention import overdue
from webapp.settings import ROOT

TERMS = ROOT / "templates" / "terms" / "2026-11.html"


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def test_every_table_stands_in_one_row() -> None:
    told = [table for each in KEPT.values() for table in each.tables]
    assert sorted(told) == sorted(Base.metadata.tables)


def test_every_purge_has_its_row(work: Work) -> None:
    for key, statement in overdue(work):
        assert statement.table.name in KEPT[key].tables, key


def test_what_the_purge_counts_with_is_said_in_words() -> None:
    for each in KEPT.values():
        if each.life is not None:
            assert said(each.life) in each.how_long, each.key


def test_each_row_says_what_why_on_what_ground_and_how_long() -> None:
    for each in KEPT.values():
        for words in (each.what, each.why, each.ground, each.how_long):
            assert len(words) > 10, each.key
            assert "'" not in words, each.key
            assert not words.endswith("."), each.key


def test_the_terms_say_the_same_lengths_and_no_others() -> None:
    text = plain("".join(tree(TERMS.read_text()).itertext()))
    section = text.split("Combien de temps nous les gardons")[1].split("Vos droits")[0]
    shown = " ".join(plain(each.how_long) for each in KEPT.values() if each.shown)
    length = r"\d+ (?:ans|mois|jours|heures)"
    assert set(re.findall(length, section)) == set(re.findall(length, shown))


def test_the_page_shows_every_row_that_is_for_members(town: Town) -> None:
    text = plain(
        "".join(tree(town.browser(Progress.MEMBER).get("/espace/mes-donnees").text).itertext())
    )
    for each in KEPT.values():
        assert (plain(each.how_long) in text) == each.shown, each.key
