"""Files in clear or for a recipient: the owner's alone; what goes wrong keeps its name."""

import errno
import hashlib
import stat
import subprocess

import pyrage
import pytest

from webapp.cli import age_files
from webapp.cli.age_files import NoRecipient

PARTS = [b"", b"a" * 100_000, b"", b"b"]
CONTENT = b"".join(PARTS)


@pytest.fixture(scope="module")
def key():
    return pyrage.x25519.Identity.generate()


def test_in_clear_both_digests_are_the_content_s(tmp_path):
    told = age_files.write(tmp_path / "liste", iter(PARTS), None)
    assert (tmp_path / "liste").read_bytes() == CONTENT
    assert told.stored == told.clear == hashlib.sha256(CONTENT).hexdigest()
    assert stat.S_IMODE((tmp_path / "liste").stat().st_mode) == 0o600


def test_encrypted_one_digest_is_the_file_s_and_one_the_content_s(tmp_path, key):
    whom = age_files.recipient(f" {key.to_public()}\n")
    told = age_files.write(tmp_path / "liste.age", iter(PARTS), whom)
    box = (tmp_path / "liste.age").read_bytes()
    assert pyrage.decrypt(box, [key]) == CONTENT
    assert told.stored == hashlib.sha256(box).hexdigest()
    assert told.clear == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_an_ssh_key_is_a_recipient_too(tmp_path, kind):
    path = tmp_path / "id"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", path], check=True)
    whom = age_files.recipient(path.with_suffix(".pub").read_text())
    age_files.write(tmp_path / "liste.age", iter(PARTS), whom)
    identity = pyrage.ssh.Identity.from_buffer(path.read_bytes())
    assert pyrage.decrypt((tmp_path / "liste.age").read_bytes(), [identity]) == CONTENT


@pytest.mark.parametrize("text", ["", "age1", "ssh-ed25519 AAAA", "ssh-", "moi@example.org", "é"])
def test_anything_else_is_none(text):
    with pytest.raises(NoRecipient):
        age_files.recipient(text)


@pytest.mark.parametrize(
    "fault", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt(), ValueError()]
)
@pytest.mark.parametrize("encrypted", [False, True])
def test_what_the_parts_raise_is_raised_as_it_is(tmp_path, key, fault, encrypted):
    """pyrage makes an error of its own of it."""

    def parts():
        yield b"a"
        raise fault

    whom = age_files.recipient(str(key.to_public())) if encrypted else None
    with pytest.raises(type(fault)) as raised:
        age_files.write(tmp_path / "liste", parts(), whom)
    assert raised.value is fault


def test_a_file_that_is_there_is_not_written_over(tmp_path):
    (tmp_path / "liste").write_text("somebody's")
    with pytest.raises(FileExistsError):
        age_files.write(tmp_path / "liste", iter(PARTS), None)
    assert (tmp_path / "liste").read_text() == "somebody's"
