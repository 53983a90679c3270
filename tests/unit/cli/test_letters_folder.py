"""The folder of a batch's files: all of them or none, whatever a killed command left behind."""

import fcntl
import os
from contextlib import closing

import pytest

from tests.letters_desk import names
from webapp.cli.letters_folder import Draft, draft_in
from webapp.cli.output import OutputFault

FILES = ("lot-1-001.pdf", "lot-1.csv", "lot-1.json")


def fill(draft, files=FILES):
    for name in files:
        (draft.path / name).write_text(name)


def abandoned(out, files):
    """A draft as a killed command leaves it."""
    left = out / ".courriers-left"
    left.mkdir(mode=0o700)
    for name in files:
        (left / name).write_text(name)
    return left


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "courriers"
    folder.mkdir()
    return folder


def test_files_are_unseen_until_all_of_them_are_there(out):
    with draft_in(out) as draft:
        fill(draft)
        assert not {*names(out)} & {*FILES}
        draft.publish()
        assert {*FILES} < {*names(out)}
    assert names(out) == sorted(FILES)


@pytest.mark.parametrize("taken", FILES)
def test_a_file_in_the_way_keeps_its_content_and_none_is_published(out, taken):
    with draft_in(out) as draft:
        fill(draft)
        (out / taken).write_text("somebody's")
        with pytest.raises(OutputFault, match="existe déjà"):
            draft.publish()
    assert names(out) == [taken] and (out / taken).read_text() == "somebody's"


def test_a_folder_made_for_nothing_goes_and_one_that_was_there_stays(tmp_path, out):
    for folder in (out, tmp_path / "neuf"):
        with draft_in(folder):
            pass
    assert names(tmp_path) == ["courriers"]


def test_a_draft_without_its_manifest_is_removed(out):
    abandoned(out, FILES[:2])
    with draft_in(out) as draft:
        (told,) = draft.told
    assert "ont été supprimés" in told and names(out) == []


def test_a_draft_with_its_manifest_is_finished(out):
    """Killed while it moved them: one is in place, of the next the place is claimed."""
    abandoned(out, FILES[1:])
    (out / FILES[0]).write_text(FILES[0])
    (out / FILES[1]).touch()
    with draft_in(out) as draft:
        (told,) = draft.told
    assert "« lot-1.json »" in told
    assert {name: (out / name).read_text() for name in names(out)} == {each: each for each in FILES}


def test_an_encrypted_manifest_is_one_too(out):
    encrypted = [f"{name}.age" for name in FILES]
    abandoned(out, encrypted)
    with draft_in(out):
        pass
    assert names(out) == sorted(encrypted)


def test_what_is_somebody_s_is_not_written_over_by_what_was_left(out):
    abandoned(out, FILES)
    (out / FILES[1]).write_text("somebody's")
    with draft_in(out):
        pass
    assert names(out) == [FILES[1]] and (out / FILES[1]).read_text() == "somebody's"


def test_a_draft_that_is_being_written_is_nobody_else_s(out):
    left = abandoned(out, FILES[:1])
    handle = os.open(left, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with draft_in(out) as draft:
            assert draft.told == []
        assert names(left) == [FILES[0]]
    finally:
        os.close(handle)


def test_a_link_is_no_draft(out, tmp_path):
    elsewhere = tmp_path / "ailleurs"
    elsewhere.mkdir()
    (elsewhere / "papiers").touch()
    (out / ".courriers-lien").symlink_to(elsewhere)
    with draft_in(out):
        pass
    assert names(elsewhere) == ["papiers"]


def test_two_commands_in_one_folder_do_not_meet(out):
    with draft_in(out) as first, draft_in(out) as second:
        fill(first, ["lot-1.json"])
        fill(second, ["lot-2.json"])
        first.publish()
        second.publish()
    assert names(out) == ["lot-1.json", "lot-2.json"]


def test_a_draft_that_is_not_open_has_no_folder(out):
    with closing(Draft(out)) as draft, pytest.raises(ValueError, match="not open"):
        draft.publish()
