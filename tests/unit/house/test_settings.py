"""Every setting is told to operators."""

from dataclasses import fields

import pytest

from webapp.settings import ROOT, Settings

NAMES = [field.name.upper() for field in fields(Settings)]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_settings_names_every_setting(name: str) -> None:
    assert f"`{name}" in (ROOT / "docs" / "settings.md").read_text()
