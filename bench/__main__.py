"""`make bench`: every benchmark, one after the other; `python -m bench <part>`: one of them."""

import importlib
import sys
import time

PARTS = {
    "peers": [],
}


def main(part: str = "", *arguments: str) -> None:
    """Prints the figures of this run."""
    if part:
        importlib.import_module(f"bench.{part}").main(*arguments)
        return
    for name, options in PARTS.items():
        print(f"\n## {name}\n", flush=True)
        began = time.perf_counter()
        importlib.import_module(f"bench.{name}").main(*options)
        print(f"\n({name}: {time.perf_counter() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
