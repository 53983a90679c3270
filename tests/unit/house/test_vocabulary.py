"""One word for one thing in all that members read (docs/words.md).

Left aside: the terms, whose accepted versions never change, the printed letter, and what only
testers and operators see.
"""

import re
from collections.abc import Iterator

import pytest

from webapp.rules.events import EVENTS, told
from webapp.rules.procedure import PROCEDURES
from webapp.rules.retention import SHOWN
from webapp.settings import ROOT

TEMPLATES = ROOT / "templates"
NOT_MEMBERS = {"__pycache__", "demo", "letter", "roll", "terms"}
BANNER = re.compile(r'<aside class="demo".*?</aside>', re.DOTALL)


def _templates() -> Iterator[tuple[str, str]]:
    """Each template with its words alone: its text, and the strings of its code."""
    for path in sorted(TEMPLATES.rglob("*.*")):
        folder = path.relative_to(TEMPLATES).parts[0]
        if path.suffix in (".html", ".txt") and folder not in NOT_MEMBERS:
            yield str(path.relative_to(TEMPLATES)), _words(path.read_text())


def _words(source: str) -> str:
    source = BANNER.sub("", re.sub(r"{#.*?#}", "", source, flags=re.DOTALL))
    strings = [
        each
        for code in re.findall(r"{[{%].*?[%}]}", source, flags=re.DOTALL)
        for each in re.findall(r'"([^"]*)"', code)
        if not re.fullmatch(r"[\w./-]*", each)
    ]
    text = re.sub(r"<[^>]*>", "", re.sub(r"{[{%].*?[%}]}", " ", source, flags=re.DOTALL))
    return "\n".join([text, *strings])


TEXTS = [
    *_templates(),
    *((step.key, f"{step.title}. {step.do}") for each in PROCEDURES for step in each),
    *((key, told(key, event.facts)) for key, event in EVENTS.items()),
    *((row.what, row.what) for row in SHOWN),
]


@pytest.mark.parametrize(
    ("other", "word"),
    [
        (r"(?<!par )(?<!boîte )(?<!boîtes )(?<!-)\bmails?\b|\be-mails\b|par e-mail", "message"),
        (r"\b(?:re)?tap(?:ez|er|ée?s?|ent)\b", "saisir"),
    ],
    ids=["message", "saisir"],
)
def test_another_word_for_the_same_thing_is_not_used(other: str, word: str) -> None:
    used = {
        name: found[0]
        for name, text in TEXTS
        if (found := re.search(rf".*(?:{other}).*", text.replace("\u00a0", " "), re.IGNORECASE))
    }
    assert used == {}, f"say « {word} » (docs/words.md)"
