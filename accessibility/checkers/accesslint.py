"""AccessLint's core: small and quick, and alone to see some faults."""

from accessibility import exclusions
from accessibility.checkers.packages import source, version
from accessibility.finding import Finding
from accessibility.inspected_page import InspectedPage

NAME = "@accesslint/core"
BY_GROUP: dict[str, tuple[str, ...]] = {
    "text-alternatives": ("1.1",), "time-based-media": ("4.3",), "aria": ("7.1",),
    "landmarks": ("9.2",), "labels-and-names": ("7.1",), "enough-time": ("13.8",),
}  # fmt: skip
CRITERIA: dict[str, tuple[str, ...]] = {
    "text-alternatives/image-alt-words": ("1.3",), "text-alternatives/image-redundant-alt": ("1.2",),
    "time-based-media/audio-transcript": ("4.1",),
    "adaptable/autocomplete-valid": ("11.13",), "adaptable/list-children": ("9.3",),
    "adaptable/listitem-parent": ("9.3",), "adaptable/dl-children": ("9.3",),
    "adaptable/definition-list": ("9.3",), "adaptable/orientation-lock": ("13.9",),
    "adaptable/aria-required-children": ("9.3",), "adaptable/aria-required-parent": ("9.3",),
    "adaptable/td-headers-attr": ("5.7",), "adaptable/th-has-data-cells": ("5.7",),
    "adaptable/td-has-header": ("5.7",), "adaptable/scope-attr-valid": ("5.7",),
    "adaptable/empty-table-header": ("5.6",),
    "distinguishable/meta-viewport": ("10.4",), "distinguishable/letter-spacing": ("10.12",),
    "distinguishable/line-height": ("10.12",), "distinguishable/word-spacing": ("10.12",),
    "distinguishable/link-in-text-block": ("10.6",), "distinguishable/color-contrast": ("3.2",),
    "keyboard-accessible/tabindex": ("12.8",), "keyboard-accessible/focus-order": ("12.8",),
    "keyboard-accessible/nested-interactive": ("7.1",),
    "keyboard-accessible/scrollable-region": ("7.3",),
    "keyboard-accessible/accesskeys": ("12.10",), "keyboard-accessible/focus-visible": ("10.7",),
    "enough-time/meta-refresh": ("13.1",), "enough-time/meta-refresh-no-exception": ("13.1",),
    "navigable/document-title": ("8.5",), "navigable/bypass": ("12.7",),
    "navigable/skip-link": ("12.7",), "navigable/page-has-heading-one": ("9.1",),
    "navigable/heading-order": ("9.1",), "navigable/empty-heading": ("9.1",),
    "navigable/p-as-heading": ("9.1",), "navigable/link-name": ("6.2",),
    "readable/html-has-lang": ("8.3",), "readable/html-lang-valid": ("8.4",),
    "readable/valid-lang": ("8.8",), "readable/html-xml-lang-mismatch": ("8.3",),
    "labels-and-names/frame-title": ("2.1",), "labels-and-names/frame-title-unique": ("2.2",),
    "labels-and-names/form-label": ("11.1",), "labels-and-names/multiple-labels": ("11.2",),
    "labels-and-names/label-content-mismatch": ("6.1", "11.2"),
    "labels-and-names/label-title-only": ("11.1",),
    "labels-and-names/label-placeholder-only": ("11.1",),
    "labels-and-names/button-name": ("11.9",), "labels-and-names/input-button-name": ("11.9",),
    "labels-and-names/duplicate-id-aria": ("8.2",),
    "aria/aria-hidden-body": ("10.8",), "aria/aria-hidden-focus": ("10.8",),
    "input-assistance/accessible-authentication": (),  # WCAG 2.2, 3.3.8: not in the RGAA
}  # fmt: skip
_RUN = """(off) => AccessLint.runAudit(document, { disabledRules: off }).violations
  .map((each) => ({ rule: each.ruleId, what: each.message, where: each.selector || '' }))"""


def look(inspected: InspectedPage) -> list[Finding]:
    """What AccessLint calls a violation."""
    inspected.inject("accesslint", source(f"{NAME}/dist/index.iife.js"))
    off = [*exclusions.ACCESSLINT, *(exclusions.MAILS if inspected.is_mail else ())]
    return [
        Finding(f"AccessLint {version(NAME)}", each["rule"], each["what"], str(each["where"]),
                criteria(each["rule"]))
        for each in inspected.page.evaluate(_RUN, off)
    ]  # fmt: skip


def criteria(rule: str) -> tuple[str, ...]:
    """A rule's own, else its group's."""
    return CRITERIA.get(rule, BY_GROUP.get(rule.split("/", maxsplit=1)[0], ()))
