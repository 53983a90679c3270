"""Prints the sample letters of the demonstration to build/courriers.pdf."""

from functools import partial

from webapp import settings
from webapp.adapters import brand, demo_letters, press
from webapp.adapters.clock_and_random import SystemClock

FILE = settings.ROOT / "build" / "courriers.pdf"


def main() -> None:
    """Write the file, anew each time: the letters say until when they are good."""
    found = settings.read()
    opens = partial(press.open_press, brand.of(found), found.public_url)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_bytes(demo_letters.pdf(opens, SystemClock().now()))


if __name__ == "__main__":
    main()
