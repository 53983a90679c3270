"""Inspects one state with every checker and check: once with HTMX, once with scripts off."""

import time
from pathlib import Path

from playwright.sync_api import Browser

from accessibility import transcript
from accessibility.checkers import accesslint, axe, ibm
from accessibility.checkers.markup import HtmlValidate, Nu
from accessibility.checks import contrast, fields, focus, layout, motion, plain, targets, words
from accessibility.finding import Finding, Result
from accessibility.inspected_page import InspectedPage, Pixels
from accessibility.states import State
from accessibility.visit import Theatre, Visit

FACTS = (Path(__file__).parent / "checks" / "facts.js").read_text(encoding="utf-8")

GREY = """(() => { const sheet = new CSSStyleSheet(); sheet.replaceSync('html{filter:grayscale(1)}');
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; })()"""
COLOURED = "document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1); 0"


class Inspector:
    """Inspects states, one after the other, with one browser."""

    def __init__(self, browser: Browser, folder: Path, build: Path, nu: Nu, markup: HtmlValidate):
        self._theatre = Theatre(browser, folder)
        self._pixels = Pixels(browser.new_page())
        self._nu, self._markup = nu, markup
        self._pictures = build / "images"
        self._pictures.mkdir(parents=True, exist_ok=True)

    def inspect(self, state: State, *, accept: bool) -> Result:
        """All that can be said of a state."""
        begun = time.perf_counter()
        result = Result(state.name, state.title, state.kind, state.shows)
        with self._theatre.visit(scripts=True) as visit:
            inspected = self._reach(state, visit, result)
            self._live(inspected, result, accept=accept)
            _console(visit, state, result)
            tree = plain.structure(inspected.page)
        if state.kind == "page" and not state.needs_scripts:
            with self._theatre.visit(scripts=False) as visit:
                inspected = self._reach(state, visit, result)
                self._as_it_came(inspected, visit, tree, result)
                _console(visit, state, result)
        result.seconds = round(time.perf_counter() - begun, 1)
        return result

    def _reach(self, state: State, visit: Visit, result: Result) -> InspectedPage:
        state.reach(visit)
        visit.page.wait_for_load_state("load")
        result.spend("trajet jusqu’à l’état")
        inspected = InspectedPage(state, visit.page, self._pixels, self._pictures)
        if state.kind == "page" and (not visit.templates or visit.templates[-1] != state.shows):
            shown = visit.templates[-1] if visit.templates else "rien"
            what = f"{shown} au lieu de {state.shows}"
            result.add("états", [Finding("états", "autre écran", what)])
        return inspected

    def _live(self, inspected: InspectedPage, result: Result, *, accept: bool) -> None:
        """The page as it stands after its swaps."""
        spoken = transcript.write(inspected)
        result.add(
            transcript.TOOL,
            [*transcript.compare(inspected.state.name, spoken, accept=accept),
             *transcript.announced(inspected)],
        )  # fmt: skip
        result.pictures["ecran"] = inspected.picture("ecran", full=False)
        result.pictures["page"] = inspected.picture("page")
        result.spend("images")
        result.facts = inspected.facts = inspected.run(FACTS)
        result.add(motion.TOOL, motion.shifts(inspected))
        self._checkers(inspected, result)
        html = inspected.page.content()
        self._written(html, result, serialised=True, mail=inspected.is_mail)
        for check in (words, fields, targets):
            result.add(check.TOOL, check.look(inspected))
        self._seen(inspected, result)

    def _checkers(self, inspected: InspectedPage, result: Result) -> None:
        result.add(axe.NAME, axe.look(inspected))
        result.add(ibm.NAME, ibm.look(inspected))
        result.add(accesslint.NAME, accesslint.look(inspected))

    def _written(self, html: str, result: Result, *, serialised: bool, mail: bool) -> None:
        result.add("html-validate", self._markup.look(html, serialised=serialised, mail=mail))
        result.add("Nu HTML checker", self._nu.look(html))

    def _seen(self, inspected: InspectedPage, result: Result) -> None:
        """What shows: both themes, focus, sizes, paper, high contrast."""
        result.add(contrast.TOOL, contrast.look(inspected, "clair"))
        result.add(focus.TOOL, focus.look(inspected))
        inspected.themed("sombre")
        result.pictures["sombre"] = inspected.picture("sombre")
        result.spend("images")
        result.add(axe.NAME, axe.look(inspected, "sombre"))
        result.add(contrast.TOOL, contrast.look(inspected, "sombre"))
        result.add(focus.TOOL, focus.look(inspected, "sombre"))
        inspected.themed("clair")
        result.add(motion.TOOL, motion.look(inspected))
        for look in (layout.look, layout.without_style, motion.printed):
            found, pictures = look(inspected)
            result.add(layout.TOOL if look is not motion.printed else motion.TOOL, found)
            result.pictures |= pictures
        inspected.run(GREY)
        result.pictures["gris"] = inspected.picture("gris")
        inspected.run(COLOURED)
        inspected.page.emulate_media(forced_colors="active")
        result.pictures["contraste-force"] = inspected.picture("contraste-force")
        inspected.page.emulate_media(forced_colors="none")
        result.spend("images")

    def _as_it_came(
        self, inspected: InspectedPage, visit: Visit, tree: str, result: Result
    ) -> None:
        """With scripts off: the whole document, checked as it came, says the same."""
        result.add(plain.TOOL, plain.compare(tree, plain.structure(inspected.page)))
        self._written(visit.document(), result, serialised=False, mail=False)
        with visit.laid_out() as page:
            self._checkers(
                InspectedPage(inspected.state, page, self._pixels, self._pictures), result
            )


def _console(visit: Visit, state: State, result: Result) -> None:
    """What the browser complained of, but for what the state brings about."""
    visit.watch.excused.update(state.excused)
    faults = [Finding("navigateur", "console", each) for each in visit.watch.verdict()]
    result.add("navigateur", faults)
