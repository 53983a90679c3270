"""The success criteria of WCAG 2.2, levels A and AA, and what of the RGAA bears on each."""

from dataclasses import dataclass

from accessibility.auditing import NA, NC, NT, Audit, C
from accessibility.criteria import known

# Number, level, name in addresses. The RGAA maps WCAG 2.1: those of 2.2 alone have none of its criteria.
_TABLE = """
1.1.1 A non-text-content
1.2.1 A audio-only-and-video-only-prerecorded
1.2.2 A captions-prerecorded
1.2.3 A audio-description-or-media-alternative-prerecorded
1.2.4 AA captions-live
1.2.5 AA audio-description-prerecorded
1.3.1 A info-and-relationships
1.3.2 A meaningful-sequence
1.3.3 A sensory-characteristics
1.3.4 AA orientation
1.3.5 AA identify-input-purpose
1.4.1 A use-of-color
1.4.2 A audio-control
1.4.3 AA contrast-minimum
1.4.4 AA resize-text
1.4.5 AA images-of-text
1.4.10 AA reflow
1.4.11 AA non-text-contrast
1.4.12 AA text-spacing
1.4.13 AA content-on-hover-or-focus
2.1.1 A keyboard
2.1.2 A no-keyboard-trap
2.1.4 A character-key-shortcuts
2.2.1 A timing-adjustable
2.2.2 A pause-stop-hide
2.3.1 A three-flashes-or-below-threshold
2.4.1 A bypass-blocks
2.4.2 A page-titled
2.4.3 A focus-order
2.4.4 A link-purpose-in-context
2.4.5 AA multiple-ways
2.4.6 AA headings-and-labels
2.4.7 AA focus-visible
2.4.11 AA focus-not-obscured-minimum
2.5.1 A pointer-gestures
2.5.2 A pointer-cancellation
2.5.3 A label-in-name
2.5.4 A motion-actuation
2.5.7 AA dragging-movements
2.5.8 AA target-size-minimum
3.1.1 A language-of-page
3.1.2 AA language-of-parts
3.2.1 A on-focus
3.2.2 A on-input
3.2.3 AA consistent-navigation
3.2.4 AA consistent-identification
3.2.6 A consistent-help
3.3.1 A error-identification
3.3.2 A labels-or-instructions
3.3.3 AA error-suggestion
3.3.4 AA error-prevention-legal-financial-data
3.3.7 A redundant-entry
3.3.8 AA accessible-authentication-minimum
4.1.1 A parsing
4.1.2 A name-role-value
4.1.3 AA status-messages
"""


@dataclass(frozen=True)
class Criterion:
    """`handle`: how the W3C's addresses name it."""

    num: str
    level: str
    handle: str

    @property
    def rgaa(self) -> tuple[str, ...]:
        """The RGAA's criteria that bear on it."""
        return tuple(each for each, facts in known().items() if self.num in facts["wcag"])


WCAG: tuple[Criterion, ...] = tuple(
    Criterion(*line.split()) for line in _TABLE.strip().splitlines()
)


def outcome(audit: Audit, criterion: Criterion, page_key: str = "") -> str:
    """NC, NT, C or NA of all that bears on it, on one page or on all of them: what nobody has
    judged is never counted as met."""
    statuses = [
        line.status
        for rgaa in criterion.rgaa
        for line in audit.of_criterion(rgaa)
        if page_key in ("", line.page.key)
    ]
    return next((each for each in (NC, NT, C, NA) if each in statuses), NT)
