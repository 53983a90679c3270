"""What a person judged, page by page of the sample: audit/<criterion>.toml.

A judgement holds for what the page showed on its day: `shown` has a digest of what its states say and
name (their transcripts, without what is announced). A page that shows something else has no
judgement any more, and says so, until a person looks again.

    python -m accessibility.judgements                 what lapsed
    python -m accessibility.judgements --keep 3.1 code what was looked at again and holds as it is
"""

import argparse
import hashlib
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from accessibility import transcript
from accessibility.sample import KEYS, SAMPLE, Page

_STRUCTURE = re.compile(r"\s*- .?(heading|link|navigation|/url)\b")
FOLDER = Path(__file__).with_name("audit")
VERDICTS = ("C", "NC", "NA", "NT")


@dataclass(frozen=True)
class Judgement:
    """One criterion on one page. `holds`: the page still shows what was judged."""

    criterion: str
    page: str
    verdict: str
    evidence: str
    day: date
    holds: bool
    by: str = ""
    method: str = ""
    tools: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """In a sentence, for whoever reads the grid."""
        day = f"{self.day:%d/%m/%Y}" + (f" par {self.by}" if self.by else "")
        if self.holds:
            return f"{self.evidence} (constat du {day})"
        return f"À revoir : l’écran a changé depuis le constat du {day} ({self.verdict}) : {self.evidence}"


def digest(page: Page) -> str:
    """Of what the page's states show: twelve signs. Of a page whose words are computed, its headings
    and links."""
    shown = hashlib.sha256()
    for state in page.states:
        text = (transcript.FOLDER / f"{state}.txt").read_text(encoding="utf-8")
        head, _, tree = text.partition("\n\n")
        if page.computed:
            tree = "\n".join(each for each in tree.splitlines() if _STRUCTURE.match(each))
        shown.update("\0".join((head.partition("\n")[0], tree, "")).encode())
    return shown.hexdigest()[:12]


def judged() -> dict[tuple[str, str], Judgement]:
    """Every judgement, by criterion and page."""
    return {(each.criterion, each.page): each for path in files() for each in read(path)}


def files() -> list[Path]:
    """One a criterion, in the order of the criteria."""
    return sorted(FOLDER.glob("*.toml"), key=lambda path: [int(n) for n in path.stem.split(".")])


@cache
def criteria() -> frozenset[str]:
    """Those that are for a person: a tool's « conforme » never stands in for a judgement of them."""
    return frozenset(path.stem for path in files())


def lapsed() -> list[Judgement]:
    """What must be looked at again."""
    return [each for each in judged().values() if not each.holds]


def read(path: Path) -> Iterator[Judgement]:
    """Those of one criterion."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    pages = {page.key: page for page in SAMPLE}
    for group in told["verdicts"]:
        for key in group["pages"]:
            yield Judgement(
                criterion=path.stem, page=key, verdict=group["verdict"],
                evidence=group["evidence"], day=group.get("date", told["date"]),
                holds=told["shown"].get(key) == digest(pages[key]),
                by=told["by"], method=told["method"], tools=tuple(told["tools"]),
            )  # fmt: skip


def keep(criterion: str, keys: list[str], folder: Path = FOLDER) -> None:
    """Sign again: these pages were looked at, and the verdict is the same."""
    path = folder / f"{criterion}.toml"
    text = path.read_text(encoding="utf-8")
    for page in SAMPLE:
        if page.key in keys:
            shape = rf'^("?{re.escape(page.key)}"? = )"\w*"$'
            text = re.sub(shape, rf'\g<1>"{digest(page)}"', text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """1 when something lapsed."""
    parser = argparse.ArgumentParser(prog="python -m accessibility.judgements")
    parser.add_argument("--keep", nargs="+", metavar=("CRITERION", "PAGE"))
    asked: Any = parser.parse_args(arguments)
    if asked.keep:
        criterion, *keys = asked.keep
        if criterion not in criteria() or not keys or set(keys) - set(KEYS):
            parser.error(f"a criterion of {FOLDER.name}/, then pages among {', '.join(KEYS)}")
        keep(criterion, keys)
    for each in lapsed():
        print(f"{each.criterion} {each.page}: {each.told}")
    return 1 if lapsed() else 0


if __name__ == "__main__":
    sys.exit(main())
