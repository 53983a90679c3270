"""`make bench`: every benchmark, one after the other; `python -m bench <part>`: one of them."""

import importlib
import signal
import sys
import time

PARTS = {  # with the options of the whole run
    "peers": ["--rounds", "5"],
    "weights": [],
    "statements": [],
    "sign_ins": [],
    "roll_import": [],
    "roll_builds": [],
    "roll_preview": [],
    "roll_undo": [],
    "outbox": [],
    "letters": [],
    "growth": [],
    "desk": ["--members", "100000"],
    "monday": ["--minutes", "1", "--hurry", "4", "--rows", "100000"],
    "pages": ["--runs", "3"],
}
ALONE = ("builds",)  # two revisions of this repository, which only who asks can name
LONG = """Not played, for they take long:
  .venv/bin/python -m bench peers --rounds 12    steadier ratios
  .venv/bin/python -m bench growth --million     a million members too
  .venv/bin/python -m bench desk                 a search and its screen among a million members
  .venv/bin/python -m bench letters --many 80000  a whole mutual's letters
  .venv/bin/python -m bench builds HEAD~20       this build beside a former one
  .venv/bin/python -m bench monday --hour        the whole hour, every pause as long as people's"""


def main(part: str = "", *arguments: str) -> None:
    """Prints the figures of this run."""
    if part:
        known = [*PARTS, *ALONE]
        if part not in known:
            sys.exit(f"There is no part « {part} ». There are: {', '.join(known)}.")
        importlib.import_module(f"bench.{part}").main(*arguments)
        return
    for name, options in PARTS.items():
        print(f"\n## {name}\n", flush=True)
        began = time.perf_counter()
        importlib.import_module(f"bench.{name}").main(*options)
        print(f"\n({name}: {time.perf_counter() - began:.0f} s)", flush=True)
    print(f"\n{LONG}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the servers are stopped then, too
    main(*sys.argv[1:])
