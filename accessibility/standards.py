"""What is measured against: the only place that names versions. A new RGAA comes with its grid
(rgaa_model/) and its criteria (rgaa.json)."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

_CRITERIA = Path(__file__).with_name("rgaa.json")


@dataclass(frozen=True)
class Standards:
    """`en_301_549`: the version that the law refers to. `next_en_301_549`: published, not yet cited in
    the Official Journal; nothing is claimed about it. `wcag`: what this RGAA maps;
    `wcag_extended`: what the report for tenders abroad is written against."""

    rgaa: str
    en_301_549: str = "V3.2.1"
    next_en_301_549: str = "V4.1.1"
    wcag: str = "2.1"
    wcag_extended: str = "2.2"
    openacr_catalog: str = "2.5-edition-wcag-2.2-508-eu-en"


STANDARDS = Standards(json.loads(_CRITERIA.read_text(encoding="utf-8"))["rgaa_version"])


def as_json() -> dict[str, str]:
    """For the statement."""
    return asdict(STANDARDS)
