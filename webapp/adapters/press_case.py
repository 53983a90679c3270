"""What a letter is set with: template, texts, fonts, pictures and the mutual's brand, as a folder
that typst reads. BRAND_DIR/letter/ may bring files of its own, which replace ours by their name."""

import json
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from webapp.adapters.brand import Brand
from webapp.rules.disk_faults import reason
from webapp.rules.procedure import ACTIVATION, REGISTRATION, SIGN_IN, Procedure, Step
from webapp.rules.typography import french
from webapp.services.letters.sheets import PressFault
from webapp.settings import ROOT

OURS = ROOT / "templates" / "letter"
TEMPLATE, TEXTS, FACTS, MARK = "letter.typ", "texts.toml", "facts.json", "mark.svg"
DRIVER = "press.typ"  # always ours
PROCEDURES = (REGISTRATION, SIGN_IN)  # the paper's thirteen steps
_COLOURS = ("brand", "brand-deep", "accent", "accent-ink", "wash", "hair")


def where(mutual: Brand) -> str:
    """The template's file as an operator finds it."""
    own = mutual.folder / "letter" / TEMPLATE
    return str(own if own.is_file() else OURS / TEMPLATE)


def contents(mutual: Brand, public_url: str) -> dict[str, bytes]:
    """The folder's files by name, `facts.json` among them. Raises PressFault."""
    own = mutual.folder / "letter"
    files = _read(OURS) | (_read(own) if own.is_dir() else {})
    files[DRIVER] = (OURS / DRIVER).read_bytes()
    files[MARK] = (mutual.folder / MARK).read_bytes()
    facts = _facts(mutual, public_url, _texts(own), files)
    files[FACTS] = json.dumps(facts, ensure_ascii=False).encode()
    return files


@contextmanager
def laid(files: Mapping[str, bytes]) -> Iterator[Path]:
    """These files in a folder that goes away afterwards. Raises PressFault."""
    with tempfile.TemporaryDirectory(prefix="courriers-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        try:
            for each, content in files.items():
                place = folder / each
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
        except OSError as fault:
            raise PressFault(f"{folder} ne peut pas être écrit : {reason(fault)}.") from fault
        yield folder


def texts_in(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The words of a folder's letters."""
    found: dict[str, Any] = json.loads(files[FACTS])["texts"]
    return found


def _read(folder: Path) -> dict[str, bytes]:
    try:
        return {
            each.relative_to(folder).as_posix(): each.read_bytes()
            for each in sorted(folder.rglob("*"))
            if each.is_file()
        }
    except OSError as fault:
        raise PressFault(f"{fault.filename} ne peut pas être lu : {reason(fault)}.") from fault


def _facts(
    mutual: Brand, public_url: str, texts: dict[str, Any], files: Mapping[str, bytes]
) -> dict[str, object]:
    portal = urlsplit(public_url).netloc
    said = {name: getattr(mutual, name) for name in ("short", "mark", "phone", "hours", "email")}
    said |= {"mutual": mutual.full, "portal": portal}
    words = {name: _said(text, said) for name, text in texts.items()}
    steps = [step for procedure in PROCEDURES for step in procedure]
    screens = [
        {
            "file": file,
            "alt": words["screen_alt"].format(number=step.number, title=step.title),
            "caption": words["step_of_paper"].format(number=step.number),
        }
        for step in steps
        if (file := f"screens/{step.key}.png") in files
    ]
    return {
        **said,
        "rest": mutual.rest,
        "colours": {name: mutual.light[name] for name in _COLOURS},
        "texts": words,
        "screens": screens,
        "procedures": [_procedure(each, mutual) for each in PROCEDURES],
        "otherwise": _otherwise(mutual),
    }


def _procedure(procedure: Procedure, mutual: Brand) -> dict[str, object]:
    steps = [{"number": step.number, **_step(step, mutual)} for step in procedure]
    return {"title": french(mutual.named(procedure.title)), "steps": steps}


def _otherwise(mutual: Brand) -> dict[str, str]:
    """The way by code, which is no step of its own on the paper."""
    return next(_step(each, mutual) for each in ACTIVATION if each not in tuple(REGISTRATION))


def _step(step: Step, mutual: Brand) -> dict[str, str]:
    return {"title": french(mutual.named(step.title)), "do": french(mutual.named(step.do))}


def _texts(own: Path) -> dict[str, Any]:
    """Our texts with those that the mutual writes otherwise."""
    ours = _toml(OURS / TEXTS)
    if not (own / TEXTS).is_file():
        return ours
    theirs = _toml(own / TEXTS)
    for name, text in theirs.items():
        if name not in ours:
            raise PressFault(
                f"{own / TEXTS} : le courrier n’a pas de texte « {name} » ; il a {', '.join(ours)}."
            )
        if not _is_like(text, ours[name]):
            kind = "une liste de lignes" if isinstance(ours[name], list) else "une ligne"
            raise PressFault(f"{own / TEXTS} : « {name} » doit être {kind}, entre guillemets.")
    if (ours | theirs)["greeting"].count("{name}") != 1:
        raise PressFault(f"{own / TEXTS} : « greeting » doit dire {{name}}, une fois.")
    return ours | theirs


def _is_like(text: object, ours: object) -> bool:
    if isinstance(ours, list):
        return isinstance(text, list) and all(isinstance(each, str) for each in text)
    return isinstance(text, str)


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as fault:
        told = reason(fault) if isinstance(fault, OSError) else fault
        raise PressFault(f"{file} ne peut pas être lu : {told}.") from fault


def _said(text: str | list[str], said: Mapping[str, str]) -> Any:
    if isinstance(text, list):
        return [_said(each, said) for each in text]
    for name, value in said.items():
        text = text.replace("{" + name + "}", value)
    return french(text)
