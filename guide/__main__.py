"""`make guide`: plays the procedure and writes build/guide/procedure.html and .pdf."""

import argparse
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from guide import book
from guide.camera import Figure
from guide.play import chapters
from player.browsers import launch
from webapp.settings import ROOT


def main(arguments: list[str] | None = None) -> int:
    """0, or 1 when `--check` finds two runs that differ."""
    parser = argparse.ArgumentParser(prog="python -m guide", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "guide")
    parser.add_argument("--check", action="store_true", help="play twice and compare the pictures")
    parser.add_argument("--all", action="store_true", help="also what the book leaves out")
    wish = parser.parse_args(arguments)
    began = time.perf_counter()
    wish.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        played = chapters(browser, all_of_them=wish.all)
        book.write(played, wish.out)
        pdf = book.publish(browser, wish.out)
        again = chapters(browser, all_of_them=wish.all) if wish.check else None
        browser.close()
    pictures = book.named(played)
    for name in book.COPIES.values():
        (wish.out / name).write_bytes((pdf.parent / name).read_bytes())
    weight = pdf.stat().st_size / 1000
    seconds = time.perf_counter() - began
    print(f"{len(pictures)} pictures, {weight:.0f} kB of PDF, {seconds:.1f} s: {wish.out}")
    return _check(pictures, book.named(again)) if again else 0


def _check(pictures: dict[str, Figure], again: dict[str, Figure]) -> int:
    differ = [name for name in pictures if pictures[name].png != again[name].png]
    print("Two runs, the same pictures." if not differ else f"Two runs differ: {differ}")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
