"""Each migration says what it does, and which code may still serve what it leaves."""

import pytest
from alembic.config import Config
from alembic.script import Script, ScriptDirectory

from webapp.models import schema
from webapp.settings import ROOT

FIRST_TO_SAY = "0006"


def _migrations() -> list[Script]:
    config = Config()
    folder = ROOT / "webapp" / "models" / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return list(ScriptDirectory.from_config(config).walk_revisions())[::-1]


@pytest.mark.parametrize("migration", _migrations()[1:], ids=lambda each: each.revision)
def test_it_says_in_french_what_it_does(migration: Script) -> None:
    told = getattr(migration.module, "told", "")
    assert told, f"{migration.path}: give it a `told`, a few French words for « upgrade --plan »"
    assert told[0].islower() and not told.endswith("."), told


def test_each_says_which_code_may_still_serve() -> None:
    """A migration that only adds repeats the `oldest_code` of the one before; one that renames,
    tightens or removes names the first version that does without (docs/decisions/schema.md)."""
    before = FIRST_TO_SAY
    for each in _migrations():
        if each.revision < FIRST_TO_SAY:
            continue
        oldest = getattr(each.module, "oldest_code", None)
        advice = f"{each.path}: write oldest_code = {before!r} if it only adds"
        assert oldest and before <= oldest <= each.revision <= schema.wanted(), advice
        before = oldest
