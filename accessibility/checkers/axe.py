"""axe-core: run twice, once a theme. Its rules name the RGAA's tests that they decide."""

from functools import cache
from typing import Any

from accessibility import exclusions
from accessibility.checkers.packages import source, version
from accessibility.finding import Finding
from accessibility.inspected_page import InspectedPage

NAME = "axe-core"
# Off by default in axe, and wanted here: experiments and the newest criteria.
ALSO = (
    "target-size", "css-orientation-lock", "focus-order-semantics", "p-as-heading",
    "table-fake-caption", "td-has-header", "label-content-name-mismatch",
)  # fmt: skip
# Rules without a tag of the RGAA in axe's own table.
CRITERIA: dict[str, tuple[str, ...]] = {
    "heading-order": ("9.1",),
    "empty-heading": ("9.1",),
    "page-has-heading-one": ("9.1",),
    "landmark-banner-is-top-level": ("9.2",),
    "landmark-contentinfo-is-top-level": ("9.2",),
    "landmark-main-is-top-level": ("9.2",),
    "landmark-no-duplicate-banner": ("9.2",),
    "landmark-no-duplicate-contentinfo": ("9.2",),
    "landmark-no-duplicate-main": ("9.2",),
    "landmark-one-main": ("9.2", "12.6"),
    "landmark-unique": ("9.2",),
    "region": ("9.2", "12.6"),
    "accesskeys": ("12.10",),
    "tabindex": ("12.8",),
    "avoid-inline-spacing": ("10.12",),
    "label-title-only": ("11.1",),
    "summary-name": ("7.1",),
    "aria-allowed-role": ("7.1",),
    "aria-dialog-name": ("7.1",),
    "aria-tooltip-name": ("7.1",),
    "aria-treeitem-name": ("7.1",),
    "presentation-role-conflict": ("7.1",),
    "image-redundant-alt": ("1.2",),
    "empty-table-header": ("5.6",),
    "scope-attr-valid": ("5.7",),
    "meta-viewport-large": ("10.4",),
}
_RULES = "axe.getRules().map((rule) => [rule.ruleId, rule.tags])"
_RUN = """async ([on, off]) => {
  const rules = {};
  on.forEach((id) => { rules[id] = { enabled: true }; });
  off.forEach((id) => { rules[id] = { enabled: false }; });
  const run = await axe.run(document, { preload: false, resultTypes: ['violations'], rules });
  return run.violations.map((found) => ({
    id: found.id, help: found.help, tags: found.tags,
    nodes: found.nodes.map((node) => [node.target.flat().join(' '), node.failureSummary || '']),
  }));
}"""


def look(inspected: InspectedPage, theme: str = "clair") -> list[Finding]:
    """What axe calls a violation."""
    _inject(inspected)
    off = [*exclusions.AXE, *(exclusions.MAILS if inspected.is_mail else ())]
    known = {rule for rule, _ in rules(inspected)}
    found = inspected.page.evaluate(_RUN, [ALSO, [each for each in off if each in known]])
    return [
        Finding(f"{NAME} {version(NAME)}", each["id"], f"{each['help']} ({theme}) : {_short(why)}",
                where, criteria(each["id"], each["tags"]))
        for each in found
        for where, why in each["nodes"]
    ]  # fmt: skip


def criteria(rule: str, tags: list[str]) -> tuple[str, ...]:
    """« RGAA-11.1.1 » is test 1 of criterion 11.1."""
    told = [tag.removeprefix("RGAA-").rsplit(".", 1)[0] for tag in tags if tag.startswith("RGAA-")]
    return tuple(dict.fromkeys(told)) or CRITERIA.get(rule, ())


def rules(inspected: InspectedPage) -> list[tuple[str, list[str]]]:
    """Every rule of this axe with its tags."""
    _inject(inspected)
    return _known(inspected)


_KNOWN: list[Any] = []


def _known(inspected: InspectedPage) -> list[tuple[str, list[str]]]:
    if not _KNOWN:
        _KNOWN.extend(inspected.page.evaluate(_RULES))
    return _KNOWN


def _inject(inspected: InspectedPage) -> None:
    inspected.inject("axe", source("axe-core/axe.min.js"))
    inspected.inject("axe-fr", _in_french())


@cache
def _in_french() -> str:
    return f"axe.configure({{ locale: {source('axe-core/locales/fr.json')} }})"


def _short(why: str) -> str:
    return " ".join(why.split())[:200]
