#!/usr/bin/env bash
# A full disk or Ctrl+C while pyrage encrypts is an EncryptError; while it decrypts, it is itself.
#
# Version:   pyrage 1.4.0; Linux, whose /dev/full is a disk without room.
# Guess:     EncryptError is for what encryption refuses; what the caller's reader or writer raises
#            passes through encrypt_io() as it is, and decrypt_io() does alike.
# Behaviour: whatever a reader or a writer raises comes out of encrypt_io() as an EncryptError whose
#            text names it: no OSError, no errno, no __cause__. So does KeyboardInterrupt, and an
#            "except Exception" around it goes on where Ctrl+C was to stop. decrypt_io() lets the
#            fault of its writer through untouched.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pyrage==1.4.0 2>"$folder/pip" \
  || { cat "$folder/pip"; exit 2; }
cat > "$folder/see.py" <<'PYTHON'
"""A file for a full disk, one interrupted while it is read, one that is decrypted."""

import io
import signal
from importlib.metadata import version

import pyrage

key = pyrage.x25519.Identity.generate()
public, text = [key.to_public()], b"a" * 200_000
sealed = io.BytesIO()
pyrage.encrypt_io(io.BytesIO(text), sealed, public)


class Interrupted(io.BytesIO):
    """A file during whose reading someone presses Ctrl+C."""

    def read(self, size=-1):
        signal.raise_signal(signal.SIGINT)
        return super().read(size)


def fault(work):
    try:
        work()
    except BaseException as raised:
        return raised
    return None


with open("/dev/full", "wb", buffering=0) as full:
    seen = {
        "encrypt_io, full disk": fault(lambda: pyrage.encrypt_io(io.BytesIO(text), full, public)),
        "encrypt_io, Ctrl+C": fault(
            lambda: pyrage.encrypt_io(Interrupted(text), io.BytesIO(), public)
        ),
        "decrypt_io, full disk": fault(
            lambda: pyrage.decrypt_io(io.BytesIO(sealed.getvalue()), full, [key])
        ),
    }
print("pyrage", version("pyrage"))
print("guess:     OSError, KeyboardInterrupt, OSError")
print("behaviour: EncryptError, EncryptError, OSError")
for name, raised in seen.items():
    print(f"  {name}: {raised!r}, cause {raised.__cause__!r}")
for name in ("encrypt_io, full disk", "encrypt_io, Ctrl+C"):
    assert type(seen[name]) is pyrage.EncryptError and seen[name].__cause__ is None
    assert isinstance(seen[name], Exception) and not hasattr(seen[name], "errno")
assert type(seen["decrypt_io, full disk"]) is OSError and seen["decrypt_io, full disk"].errno == 28
PYTHON
"$folder/venv/bin/python" "$folder/see.py"
