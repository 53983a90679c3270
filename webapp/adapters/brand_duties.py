"""What brand.toml says of the law on accessibility: who is bound, plans, derogations. Raises
ValueError with one sentence: what is wrong in [accessibility]."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.adapters.brand_extras import is_address, is_words

LONGEST = 300  # signs of a sentence
# Article 47 of the law of 11 February 2005 binds public bodies and those with a mission of theirs,
# and firms from 250 M€ of turnover in France.
BOUND = ("public", "turnover", "no")
_LINKS, _LISTS = ("schema_url", "plan_url"), ("derogations", "out_of_scope")
_PARTS = {"criterion", "content", "reason"}


@dataclass(frozen=True)
class Derogation:
    """A content that would cost too much to make accessible; `alternative`: what there is in its
    place."""

    criterion: str
    content: str
    reason: str
    alternative: str = ""


@dataclass(frozen=True)
class Duties:
    """`bound`: one of BOUND; empty where nobody said. `schema_url`, `plan_url`: the « schéma
    pluriannuel » and this year’s « plan d’action »."""

    bound: str = ""
    schema_url: str = ""
    plan_url: str = ""
    derogations: tuple[Derogation, ...] = ()
    out_of_scope: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What the statement needs and brand.toml does not say."""
        if not self.bound:
            return ("bound",)
        links = () if self.bound == "no" else _LINKS
        return tuple(name for name in links if not getattr(self, name))


def duties(content: Mapping[str, Any]) -> Duties:
    """The table [accessibility], or nothing told."""
    table = content.get("accessibility", {})
    names = ("bound", *_LINKS, *_LISTS)
    if not isinstance(table, dict) or set(table) - set(names):
        raise ValueError(
            f"[accessibility] of brand.toml may say {', '.join(names)}, and nothing else"
        )
    if table.get("bound", "no") not in BOUND:
        raise ValueError(
            f"bound in [accessibility] of brand.toml must be one of {', '.join(BOUND)}"
        )
    for name in _LINKS:
        if name in table and not is_address(table[name]):
            raise ValueError(
                f"{name} in [accessibility] of brand.toml must begin with https:// and a host "
                "name, for example https://www.example.org/schema-pluriannuel"
            )
    return Duties(
        bound=table.get("bound", ""), schema_url=table.get("schema_url", ""),
        plan_url=table.get("plan_url", ""),
        derogations=tuple(_derogation(each) for each in _rows(table, "derogations")),
        out_of_scope=tuple(_sentence(each) for each in _rows(table, "out_of_scope")),
    )  # fmt: skip


def _rows(table: Mapping[str, Any], name: str) -> list[Any]:
    rows = table.get(name, [])
    if not isinstance(rows, list):
        raise ValueError(f"{name} in [accessibility] of brand.toml must be a list")
    return rows


def _sentence(value: object) -> str:
    if not is_words(value, LONGEST):
        raise ValueError(
            "out_of_scope in [accessibility] of brand.toml must be lines of "
            f"{LONGEST} signs at most"
        )
    return str(value).strip()


def _derogation(row: object) -> Derogation:
    if (
        not isinstance(row, dict)
        or not _PARTS <= set(row) <= {*_PARTS, "alternative"}
        or not all(is_words(each, LONGEST) for each in row.values())
    ):
        raise ValueError(
            "[[accessibility.derogations]] of brand.toml must have a criterion, a content and a "
            f"reason, and may have an alternative, each one line of {LONGEST} signs at most, for "
            'example criterion = "13.3", content = "Les relevés de 2019", reason = "…"'
        )
    return Derogation(**{name: value.strip() for name, value in row.items()})
