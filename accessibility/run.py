"""`make accessibility`: looks at every state and writes build/accessibility/.

    python -m accessibility [--accept] [--unheard] [--jobs N] [STATE …]
    python -m accessibility --again

`--accept` keeps what is announced now as the transcripts to compare with. `--unheard` leaves the
screen reader out. `--again` looks at nothing: the audit and the statement are written anew from what
the last whole run found, with the judgements as they are now. With names of states only
those are looked at, the statement's figures stay as they are, and the audit's files (exports/) say
« NT » where nothing was played. A whole run also listens to a screen reader
(accessibility/screen_reader), which mostly waits, beside the checkers. Exit code 1 on any fault.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from playwright.sync_api import expect, sync_playwright

from accessibility import exports, judgements, last_run, report, statement
from accessibility.auditing import Audit, audit
from accessibility.checkers import accesslint, axe, ibm
from accessibility.checkers.markup import HtmlValidate, Nu
from accessibility.checkers.packages import version
from accessibility.checks import sources, words
from accessibility.criteria import summary, verdicts
from accessibility.finding import Finding, Result
from accessibility.inspector import Inspector
from accessibility.last_run import LastRun
from accessibility.mails import MAILS
from accessibility.states import STATES, State
from player.browsers import launch
from webapp.settings import ROOT

BUILD = ROOT / "build" / "accessibility"
CONFORMITY = ROOT / "webapp" / "web" / "home" / "conformity.json"
ALL: tuple[State, ...] = (*STATES, *MAILS)


def main() -> int:
    """Returns the exit code."""
    asked = _arguments()
    if asked.again:
        return _again()
    begun = time.perf_counter()
    chosen = [each.name for each in ALL if not asked.states or each.name in asked.states]
    spoken = None if asked.states or asked.unheard else _listens(asked.accept)
    nu, service = Nu.start()
    try:
        nu.wait(service)
        results = _look(chosen, nu.port, asked)
    finally:
        service.terminate()
        service.wait(10)
    everywhere = sources.look()
    _across(results)
    told = [each for result in results for each in verdicts(result, everywhere)]
    statuses = summary(told)
    facts = {
        "date": datetime.now().astimezone().strftime("%d/%m/%Y"),
        "commit": _git("rev-parse", "--short", "HEAD") or "sans git",
        "tools": _tools(),
        "seconds": round(time.perf_counter() - begun),
    }
    report.write(BUILD, facts, results, everywhere, told, statuses)
    screens = {each.name: each.title for each in results if each.kind == "page"}
    run = LastRun(told, screens, _tools(), datetime.now().astimezone().date())
    if not asked.states:
        last_run.keep(run, BUILD)
    _audits(run, whole=not asked.states)
    told_apart = spoken.wait() if spoken else 0
    return _say(results, everywhere, statuses, facts) or told_apart


def _audits(run: LastRun, *, whole: bool) -> None:
    """The audit's files; of a whole run the statement too."""
    audited = audit(run.verdicts)
    figures = statement.figures(audited, run.verdicts, run.tools, run.screens, run.day)
    exports.write(audited, figures, run.day, BUILD)
    if whole:
        statement.write(figures, CONFORMITY)
    _say_audit(audited)


def _again() -> int:
    try:
        _audits(last_run.read(BUILD), whole=True)
    except FileNotFoundError:
        print(f"no whole run has left its findings in {BUILD}: run make accessibility first")
        return 1
    return 0


def _listens(accept: bool) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "accessibility.screen_reader"]
    return subprocess.Popen([*command, "--accept"] if accept else command)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m accessibility")
    parser.add_argument("states", nargs="*")
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("--unheard", action="store_true")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--jobs", type=int, default=3)
    return parser.parse_args()


def _look(names: list[str], port: int, asked: argparse.Namespace) -> list[Result]:
    """Each process has a browser of its own; the results come in the order of the list."""
    shares = [names[at :: asked.jobs] for at in range(asked.jobs)]
    with ProcessPoolExecutor(asked.jobs, get_context("spawn")) as pool:
        jobs = [pool.submit(look_at, share, port, asked.accept) for share in shares if share]
        found = {result.name: result for job in jobs for result in job.result()}
    return [found[name] for name in names]


def look_at(names: list[str], port: int, accept: bool) -> list[Result]:
    """Look at these states, in this process."""
    expect.set_options(timeout=20_000)
    by_name = {each.name: each for each in ALL}
    results = []
    with (
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory(prefix="accessibility-") as folder,
        HtmlValidate() as markup,
    ):
        browser = launch(playwright)
        inspector = Inspector(browser, Path(folder), BUILD, Nu(port), markup)
        for name in names:
            result = _one(inspector, by_name[name], accept)
            print(f"{result.seconds:6.1f} s  {len(result.findings):3}  {name}", flush=True)
            results.append(result)
        browser.close()
    return results


def _one(inspector: Inspector, state: State, accept: bool) -> Result:
    """A state that can't be reached is a fault, told like the others."""
    for attempt in (1, 2):
        try:
            return inspector.inspect(state, accept=accept)
        except Exception as error:
            if attempt == 2:
                result = Result(state.name, state.title, state.kind, state.shows)
                result.add("états", [Finding("états", "hors d’atteinte", repr(error)[:600])])
                return result
    raise AssertionError


def _across(results: list[Result]) -> None:
    """What must hold from one screen to another."""
    pages = [(each.name, each.facts) for each in results if each.kind == "page" and each.facts]
    by_name = {each.name: each for each in results}
    for name, finding in words.across(pages):
        by_name[name].add(words.TOOL, [finding])


def _tools() -> list[str]:
    return [
        f"axe-core {version(axe.NAME)}",
        f"IBM accessibility-checker-engine {version(ibm.NAME)}",
        f"AccessLint {version(accesslint.NAME)}",
        HtmlValidate.name,
        Nu.name,
        "scripts du projet",
    ]


def _git(*arguments: str) -> str:
    told = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return told.stdout.strip()


def _say_audit(audited: Audit) -> None:
    """What is left for people."""
    for each in judgements.lapsed():
        print(f"audit: {each.criterion} {each.page}: {each.told}")
    left, rate = len(audited.untested), audited.rate
    known = f"{left} lines untested" if rate is None else f"{rate:.1f} % of the criteria met"
    print(f"audit: {known} (accessibility/audit/); {', '.join(exports.FILES)} in {BUILD}")


def _say(
    results: list[Result],
    everywhere: list[Finding],
    statuses: dict[str, str],
    facts: dict[str, Any],
) -> int:
    faults = [*everywhere, *(each for result in results for each in result.findings)]
    print(f"\n{len(results)} states in {facts['seconds']} s")
    for name, looks, count in report.tools(results, everywhere):
        print(f"{count:5} faults in {looks:4} looks  {name}")
    for what, seconds in report.spent(results):
        print(f"{seconds:7.0f} s  {what}")
    for status in report.STATUSES:
        print(f"{sum(each == status for each in statuses.values()):5} {status}")
    for result in results:
        for each in result.findings:
            print(f"{result.name}: {each.tool}, {each.rule}: {each.what} {each.where}")
    for each in everywhere:
        print(f"sources: {each.rule}: {each.what}")
    print(f"report: {BUILD / 'index.html'}")
    return 1 if faults else 0
