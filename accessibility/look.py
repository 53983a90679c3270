"""Everything that is looked at on one state: once with HTMX, once with scripts off."""

import time
from pathlib import Path

from playwright.sync_api import Browser

from accessibility import transcript
from accessibility.checkers import accesslint, axe, ibm
from accessibility.checkers.markup import HtmlValidate, Nu
from accessibility.checks import contrast, fields, focus, layout, motion, plain, targets, words
from accessibility.finding import Finding, Result
from accessibility.sight import Pixels, Sight
from accessibility.states import State
from accessibility.visit import Theatre, Visit

FACTS = (Path(__file__).parent / "checks" / "facts.js").read_text(encoding="utf-8")

GREY = """(() => { const sheet = new CSSStyleSheet(); sheet.replaceSync('html{filter:grayscale(1)}');
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; })()"""
COLOURED = "document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1); 0"


class Looker:
    """Looks at states, one after the other, with one browser."""

    def __init__(self, browser: Browser, folder: Path, build: Path, nu: Nu, markup: HtmlValidate):
        self._theatre = Theatre(browser, folder)
        self._pixels = Pixels(browser.new_page())
        self._nu, self._markup = nu, markup
        self._pictures = build / "images"
        self._pictures.mkdir(parents=True, exist_ok=True)

    def look(self, state: State, *, accept: bool) -> Result:
        """All that can be said of a state."""
        begun = time.perf_counter()
        result = Result(state.name, state.title, state.kind, state.shows)
        with self._theatre.visit(scripts=True) as visit:
            sight = self._reach(state, visit, result)
            self._live(sight, result, accept=accept)
            _console(visit, state, result)
            tree = plain.structure(sight.page)
        if state.kind == "page" and not state.needs_scripts:
            with self._theatre.visit(scripts=False) as visit:
                sight = self._reach(state, visit, result)
                self._as_it_came(sight, visit, tree, result)
                _console(visit, state, result)
        result.seconds = round(time.perf_counter() - begun, 1)
        return result

    def _reach(self, state: State, visit: Visit, result: Result) -> Sight:
        state.reach(visit)
        visit.page.wait_for_load_state("load")
        sight = Sight(state, visit.page, self._pixels, self._pictures)
        if state.kind == "page" and (not visit.templates or visit.templates[-1] != state.shows):
            shown = visit.templates[-1] if visit.templates else "rien"
            what = f"{shown} au lieu de {state.shows}"
            result.add("états", [Finding("états", "autre écran", what)])
        return sight

    def _live(self, sight: Sight, result: Result, *, accept: bool) -> None:
        """The page as it stands after its swaps."""
        spoken = transcript.write(sight)
        result.add(
            transcript.TOOL,
            [*transcript.compare(sight.state.name, spoken, accept=accept),
             *transcript.announced(sight)],
        )  # fmt: skip
        result.pictures["ecran"] = sight.picture("ecran", full=False)
        result.pictures["page"] = sight.picture("page")
        result.facts = sight.facts = sight.run(FACTS)
        result.add(motion.TOOL, motion.shifts(sight))
        self._checkers(sight, result)
        html = sight.page.content()
        self._written(html, result, serialised=True, letter=sight.is_letter)
        for check in (words, fields, targets):
            result.add(check.TOOL, check.look(sight))
        self._seen(sight, result)

    def _checkers(self, sight: Sight, result: Result) -> None:
        result.add(axe.NAME, axe.look(sight))
        result.add(ibm.NAME, ibm.look(sight))
        result.add(accesslint.NAME, accesslint.look(sight))

    def _written(self, html: str, result: Result, *, serialised: bool, letter: bool) -> None:
        result.add("html-validate", self._markup.look(html, serialised=serialised, letter=letter))
        result.add("Nu HTML checker", self._nu.look(html))

    def _seen(self, sight: Sight, result: Result) -> None:
        """What shows: both themes, focus, sizes, paper, high contrast."""
        result.add(contrast.TOOL, contrast.look(sight, "clair"))
        result.add(focus.TOOL, focus.look(sight))
        sight.themed("sombre")
        result.pictures["sombre"] = sight.picture("sombre")
        result.add(axe.NAME, axe.look(sight, "sombre"))
        result.add(contrast.TOOL, contrast.look(sight, "sombre"))
        result.add(focus.TOOL, focus.look(sight, "sombre"))
        sight.themed("clair")
        result.add(motion.TOOL, motion.look(sight))
        for look in (layout.look, layout.without_style, motion.printed):
            found, pictures = look(sight)
            result.add(layout.TOOL if look is not motion.printed else motion.TOOL, found)
            result.pictures |= pictures
        sight.run(GREY)
        result.pictures["gris"] = sight.picture("gris")
        sight.run(COLOURED)
        sight.page.emulate_media(forced_colors="active")
        result.pictures["contraste-force"] = sight.picture("contraste-force")
        sight.page.emulate_media(forced_colors="none")

    def _as_it_came(self, sight: Sight, visit: Visit, tree: str, result: Result) -> None:
        """With scripts off: the whole document, checked as it came, says the same."""
        result.add(plain.TOOL, plain.compare(tree, plain.structure(sight.page)))
        self._written(visit.document(), result, serialised=False, letter=False)
        with visit.laid_out() as page:
            self._checkers(Sight(sight.state, page, self._pixels, self._pictures), result)


def _console(visit: Visit, state: State, result: Result) -> None:
    """What the browser complained of, but for what the state brings about."""
    visit.watch.excused.update(state.excused)
    faults = [Finding("navigateur", "console", each) for each in visit.watch.verdict()]
    result.add("navigateur", faults)
