"""A run that nobody played, and its reports read by others' schemas."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
from lxml import etree

from qa.trial import FAILED, PASSED, SKIPPED, STOPPED, Options, Trial
from webapp.rules.procedure import Procedure

SCHEMAS = Path(__file__).parent / "data" / "schemas"
BEGUN = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
# a PNG of one pixel
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
# what Xray and TestRail read beyond Jenkins' schema, as Xray's own extends it: properties of a
# test case, and pictures in one of them
_EXTENSION = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element ref="properties" minOccurs="0"/>
  <xs:element name="property"><xs:complexType mixed="true">
    <xs:sequence><xs:element name="item" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
      <xs:simpleContent><xs:extension base="xs:base64Binary">
        <xs:attribute name="name" type="xs:string" use="required"/>
      </xs:extension></xs:simpleContent>
    </xs:complexType></xs:element></xs:sequence>
    <xs:attribute name="name" type="xs:string" use="required"/>
    <xs:attribute name="value" type="xs:string"/>
  </xs:complexType></xs:element>
</xs:schema>
"""
_XS = "{http://www.w3.org/2001/XMLSchema}"


def made(out: Path, *procedures: Procedure, verdicts: dict[str, str] | None = None) -> Trial:
    """A run in which every step went well, took half a second and has its picture, but for those
    that `verdicts` names by reference: what follows one that failed was not played."""
    options = Options("https://qa.example.org", procedures, "phone", "chromium", out)
    trial = Trial(options, BEGUN, BEGUN + timedelta(seconds=9, milliseconds=500))
    for one in trial.played:
        for at, outcome in enumerate(one.outcomes, 1):
            verdict = (verdicts or {}).get(outcome.reference, PASSED)
            why = {FAILED: "L’écran montre « Oups » & <rien>", SKIPPED: "il faut attendre 24 h"}
            outcome.judge(verdict, why.get(verdict, ""))
            outcome.seconds = 0.5
            outcome.picture = f"{one.procedure.key}-{at:02d}-{outcome.step.key}.png"
            (out / outcome.picture).write_bytes(PICTURE)
            if verdict in (FAILED, SKIPPED, STOPPED):
                break
    return trial


def checked_junit(file: Path) -> Any:
    """The root of a JUnit file that keeps to Jenkins' schema, Xray's additions allowed."""
    schema = etree.parse(SCHEMAS / "junit-10.xsd")
    properties, property_ = etree.fromstring(_EXTENSION)
    former = schema.find(f"{_XS}element[@name='property']")
    former.getparent().replace(former, property_)
    schema.find(f"{_XS}element[@name='testcase']/{_XS}complexType/{_XS}sequence").append(properties)
    root = etree.parse(file)
    etree.XMLSchema(schema).assertValid(root)
    return root.getroot()


def checked_ctrf(file: Path) -> dict[str, Any]:
    """What a CTRF file tells, which keeps to the published schema."""
    told: dict[str, Any] = json.loads(file.read_text())
    schema = json.loads((SCHEMAS / "ctrf-0.0.json").read_text())
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    jsonschema.Draft7Validator(schema, format_checker=checker).validate(told)
    return told
