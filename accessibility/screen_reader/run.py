"""`python -m accessibility.screen_reader [--accept] [--browser NAME] [SCENE …]`: what is really
spoken, scene by scene, compared with accessibility/spoken/.

`--accept` keeps what is spoken now as what to compare with, and notes the pairs that were tried.
Exit code 1 on a difference, 0 with a sentence where a program is missing.
"""

import argparse
import difflib
import json
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from accessibility.screen_reader import desktop
from accessibility.screen_reader.browsers import BROWSERS, browser_version, check_browser, version
from accessibility.screen_reader.desktop import MissingError
from accessibility.screen_reader.listener import listening
from accessibility.screen_reader.scenes import SCENES
from player.databases import fresh_sqlite, migrated_sqlite
from player.stage import Stage

FOLDER = Path(__file__).parent.parent / "spoken"
PAIRS = FOLDER / "pairs.json"
HOST = "localhost"  # a passkey belongs to a name, never to a number
LANES = 3  # desktops a browser: a listener mostly waits


def main() -> int:
    """Returns the exit code."""
    asked = _arguments()
    browsers = [asked.browser] if asked.browser else list(BROWSERS)
    scenes = asked.scenes or list(SCENES)
    try:
        desktop.check_programs()
        for each in browsers:
            check_browser(each)
    except MissingError as missing:
        print(f"no screen reader is listened to: {missing}")
        return 0
    faults = 0
    with (
        tempfile.TemporaryDirectory(prefix="spoken-") as folder,
        ThreadPoolExecutor(LANES * len(browsers)) as pool,
    ):
        template = migrated_sqlite(Path(folder) / "template.sqlite3")  # once: it is not for threads
        left = {each: iter(scenes) for each in browsers}  # each lane takes the next one
        jobs = [
            pool.submit(listen, left[each], each, template, accept=asked.accept)
            for each in browsers
            for _ in range(min(LANES, len(scenes)))
        ]
        for job in jobs:
            for name, text in job.result().items():
                change = compare(FOLDER / name, text, accept=asked.accept)
                faults += bool(change)
                print("\n".join(change), end="\n" if change else "")
    if asked.accept:
        _note_pairs(browsers, scenes)
    print(f"{len(scenes)} scenes, {' and '.join(browsers)}: {faults} differ")
    return 1 if faults else 0


def listen(scenes: Iterator[str], browser: str, template: Path, *, accept: bool) -> dict[str, str]:
    """What was spoken, by the name of its file. A scene that differs is played once more."""
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="spoken-") as folder, desktop.opened() as screen:
        for scene in scenes:
            begun, name = time.monotonic(), f"{scene}.{browser}.txt"
            for _attempt in (1, 2):
                place = Path(tempfile.mkdtemp(dir=folder))
                with Stage(fresh_sqlite(template, place), HOST) as stage:
                    found[name] = _play(screen, stage, scene, browser)
                if accept or not compare(FOLDER / name, found[name], accept=False):
                    break
            print(f"{time.monotonic() - begun:6.0f} s  {name}", flush=True)
    return found


def compare(known: Path, text: str, *, accept: bool) -> list[str]:
    """The lines of a difference; with `accept` the text becomes the known one. A scene that broke
    off is never accepted."""
    before = known.read_text(encoding="utf-8") if known.exists() else ""
    if text == before:
        return []
    if accept and BROKEN not in text:
        known.write_text(text, encoding="utf-8")
        return []
    changes = difflib.unified_diff(
        before.splitlines(), text.splitlines(), known.name, "now", "", "", 1
    )
    return list(changes)


BROKEN = "!! "


def _play(screen: desktop.Desktop, stage: Stage, scene: str, browser: str) -> str:
    with listening(screen, stage, browser) as listener:
        try:
            SCENES[scene](listener)
        except (TimeoutError, AssertionError) as error:
            listener.told.append(f"{BROKEN}{error}")
        return listener.transcript()


def _note_pairs(browsers: list[str], scenes: list[str]) -> None:
    """The browsers and the screen reader that were tried together, for whoever tells of them."""
    known = json.loads(PAIRS.read_text(encoding="utf-8")) if PAIRS.exists() else []
    pairs = {each["browser"]: each for each in known}
    for each in browsers:
        pairs[each] = {
            "browser": each, "browser_version": browser_version(each),
            "screen_reader": "Orca", "screen_reader_version": version("orca"),
            "language": "fr", "date": datetime.now().astimezone().date().isoformat(),
            "scenes": sorted(set(scenes) | set(pairs.get(each, {}).get("scenes", []))),
        }  # fmt: skip
    text = json.dumps([pairs[name] for name in sorted(pairs)], ensure_ascii=False, indent=1)
    PAIRS.write_text(text + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m accessibility.screen_reader")
    parser.add_argument("scenes", nargs="*", choices=[[], *SCENES], metavar="SCENE")
    parser.add_argument("--browser", choices=list(BROWSERS))
    parser.add_argument("--accept", action="store_true")
    return parser.parse_args()
