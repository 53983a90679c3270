"""What of the guide changed between two revisions."""

from pathlib import Path

from guide.diff import compared
from guide.example import ExampleChance


def test_pictures_are_compared_byte_by_byte(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder, files in (
        (before, {"same": b"1", "gone": b"1", "changed": b"1"}),
        (after, {"same": b"1", "new": b"1", "changed": b"2"}),
    ):
        folder.mkdir()
        for name, content in files.items():
            (folder / f"{name}.png").write_bytes(content)
    assert compared(before, after) == [
        ("changed.png", "changée"),
        ("gone.png", "supprimée"),
        ("new.png", "nouvelle"),
    ]


def test_example_values_repeat_themselves_whatever_is_asked_between() -> None:
    one, two = ExampleChance(), ExampleChance()
    two.token(), two.row_id()
    assert [one.digits(6), one.digits(13)] == [two.digits(6), two.digits(13)]
    assert one.digits(6) != one.digits(13)
    assert len(one.access_code()) == 12 and len(one.token()) == 43
