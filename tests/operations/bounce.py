"""One member whose address takes no mail: registers, waits, looks again."""

import re
import sys
from pathlib import Path

from tests.operations.browser import Browser, Mailbox


def main() -> None:
    """`number code address maildir`. Says "sent", waits for a line, says what is read."""
    number, code, address, mails = sys.argv[1:]
    browser = Browser(Mailbox(Path(mails)), address)
    browser.prove(number, code)
    browser.ask("GET", "/inscription/cgu")
    browser.ask("POST", "/inscription/cgu", {"accept": "y"})
    print("sent", flush=True)
    sys.stdin.readline()
    text, _ = browser.ask("GET", "/inscription/confirmation")
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("\u00a0", " ")
    found = re.search(r"Notre message n’a pas pu être remis.{0,160}", words)
    print(found[0].strip() if found else words[-800:])
