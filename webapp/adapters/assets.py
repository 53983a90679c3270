"""What browsers are sent, built once from static/ and the brand: a folder that is served as it is.

Its name follows from all that it is made of, so that a server never shows another version's files
or another mutual's colours. Built when the portal is installed (`flask assets build`), and by the
first start that finds none, where it may write.
"""

import functools
import hashlib
import shutil
from importlib.metadata import version
from pathlib import Path

from webapp.adapters.brand import Brand
from webapp.adapters.builds import FILES, is_whole, remove_old, write_sums
from webapp.adapters.held_folders import hold, make_held
from webapp.settings import ROOT, SettingsError

SOURCE = ROOT / "static"
PLACE = SOURCE / "build"
BRAND = "brand"
STYLE, LOADER = "css/portal.css", "js/arrival.js"  # what stands in a page that arrives
SCRIPTS = (LOADER, "js/portal.js", "js/passkey.js", "js/awake.js")
PACKED = (".gz", ".br")
_NOT_PACKED = ("png", "pdf")  # are already


def of(mutual: Brand) -> Path:
    """The folder to serve for this brand, looked for once a process. Raises SettingsError."""
    return built(mutual.tokens, mutual.drawings)


@functools.cache
def built(
    tokens: str, drawings: tuple[Path, ...], source: Path = SOURCE, place: Path = PLACE
) -> Path:
    """The folder of these sources, colours and drawings below `place`, made when it is not there or
    not whole; its name is what addresses bear. Raises SettingsError where it can't be made."""
    folder = place / _fingerprint(tokens, drawings, source, place)
    while not (hold(folder) and is_whole(folder)):
        try:
            _build(tokens, drawings, source, folder)
        except OSError as fault:
            raise SettingsError(
                f"the static files of this version and BRAND_DIR are not built, and {place} can't "
                f"be written to ({fault.strerror}): run .venv/bin/flask assets build with the same "
                "BRAND_DIR, as the user who installed the portal"
            ) from fault
    return folder


def _build(tokens: str, drawings: tuple[Path, ...], source: Path, folder: Path) -> None:
    """Made aside and put in its place: whoever reads meanwhile finds a whole one."""
    folder.parent.mkdir(exist_ok=True)
    made = make_held(folder.parent, ".")
    try:
        remove_old(made)
        made.chmod(0o755)  # the portal reads what its installer wrote
        files = made / FILES
        for name in _sources(source, folder.parent):
            (files / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, files / name)
        (files / BRAND).mkdir()
        for drawing in drawings:
            shutil.copyfile(drawing, files / BRAND / drawing.name)
        _slim(files, tokens)
        _pack(files)
        write_sums(made)
        _put(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _put(made: Path, folder: Path) -> None:
    if not is_whole(folder):
        shutil.rmtree(folder, ignore_errors=True)
        try:
            made.rename(folder)
        except OSError:
            if not is_whole(folder):  # another process was faster
                raise


def _slim(files: Path, tokens: str) -> None:
    """What we wrote leaves minified. The brand's colours end the style sheet."""
    style = (files / STYLE).read_text(encoding="utf-8")
    (files / STYLE).write_text(slim(style + tokens, "text/css"), encoding="utf-8")
    for name in SCRIPTS:
        script = slim((files / name).read_text("utf-8"), "text/javascript")
        (files / name).write_text(script, encoding="utf-8")


def slim(text: str, kind: str) -> str:
    """Our own script or style sheet as the minifier leaves it. Raises SettingsError where it is
    ill-formed."""
    import minify

    try:
        made: str = minify.string(kind, text)
    except ValueError as fault:
        raise SettingsError(f"a static file can't be minified: {fault}") from fault
    return made


def _pack(files: Path) -> None:
    """Beside each file that gains by it, its compressed forms, for WhiteNoise to send."""
    from whitenoise.compress import Compressor

    compressor = Compressor(extensions=_NOT_PACKED, quiet=True)
    for file in [each for each in files.rglob("*") if each.is_file()]:
        if compressor.should_compress(file.name):
            compressor.compress(str(file))


def _sources(source: Path, place: Path) -> list[Path]:
    """What is served from `source`, as names below it: not the brand, whose drawings alone are
    public, nor what was built, nor the compressed copies that former versions made beside."""
    found = (
        each
        for each in source.rglob("*")
        if each.is_file()
        and each.suffix not in PACKED
        and not each.is_relative_to(place)
        and not each.is_relative_to(source / BRAND)
    )
    return sorted(each.relative_to(source) for each in found)


def _fingerprint(tokens: str, drawings: tuple[Path, ...], source: Path, place: Path) -> str:
    """Ten hexadecimal digits that change with any file, the brand, or how they are made."""
    inputs = {name.as_posix(): source / name for name in _sources(source, place)}
    inputs |= {f"{BRAND}/{each.name}": each for each in drawings}
    inputs["how"] = Path(__file__)
    digest = hashlib.sha256(tokens.encode() + version("tdewolff-minify").encode())
    for name, file in inputs.items():
        digest.update(name.encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:10]
