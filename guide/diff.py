"""`make guide-diff REV=…`: the pictures of another revision beside ours, where they differ."""

import subprocess
import sys
import tempfile
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from guide.__main__ import main as write_guide
from webapp.settings import ROOT

OUT = ROOT / "build" / "guide"


def main() -> int:
    """Writes build/guide/diff.html; 2 when the revision has no guide."""
    if len(sys.argv) != 2 or not sys.argv[1]:
        print("make guide-diff REV=… : name a revision, for example REV=HEAD~1", file=sys.stderr)
        return 2
    revision = sys.argv[1]
    before = OUT / "before"
    if not _guide_of(revision, before):
        print(f"{revision} does not print its guide: choose a later revision", file=sys.stderr)
        return 2
    write_guide([])
    rows = compared(before / "pictures", OUT / "pictures")
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    page = environment.get_template("diff.html").render(rows=rows, revision=revision)
    (OUT / "diff.html").write_text(page)
    print(f"{len(rows)} pictures differ: {OUT / 'diff.html'}")
    return 0


def compared(before: Path, after: Path) -> list[tuple[str, str]]:
    """The names of pictures whose bytes differ, with what became of them."""
    names = {each.name for folder in (before, after) for each in folder.glob("*.png")}
    rows = []
    for name in sorted(names):
        old, new = before / name, after / name
        if not old.exists():
            rows.append((name, "nouvelle"))
        elif not new.exists():
            rows.append((name, "supprimée"))
        elif old.read_bytes() != new.read_bytes():
            rows.append((name, "changée"))
    return rows


def _guide_of(revision: str, out: Path) -> bool:
    """Print the guide as that revision does, from a worktree that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--detach", "--quiet", str(tree), revision)
        try:
            if not (tree / "guide" / "__main__.py").exists():
                return False
            command = [sys.executable, "-m", "guide", "--out", str(out)]
            subprocess.run(command, cwd=tree, check=True)
        finally:
            _git("worktree", "remove", "--force", str(tree))
    return True


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
