"""The panel beside the browser: the step, what to do, what must show, and the tester's verdict."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, ViewportSize

from player.scene import NotHere, Scene
from player.walk import play
from webapp.rules.procedure import Step

SIZE: ViewportSize = {"width": 460, "height": 820}


@dataclass(frozen=True)
class Answer:
    """`choice` is pass, fail or back; a failure comes with a remark."""

    choice: str
    remark: str = ""


class Panel:
    """A small window that waits for the tester."""

    def __init__(self, browser: Browser):
        self.page = browser.new_context(viewport=SIZE, locale="fr-FR").new_page()
        self.page.set_content((Path(__file__).parent / "panel.html").read_text())

    def ask(self, step: Step, scene: Scene, at: int, of: int, note: str = "") -> Answer:
        """Show the step, and a note if there is one, until the tester judges it or goes back."""
        told: dict[str, Any] = {
            "place": f"Étape {at} sur {of}",
            "title": f"{step.number}. {step.title}",
            "do": step.do,
            "see": step.see,
            "values": self._values(scene),
            "note": note,
            "mail": "",
        }
        while True:
            answer = self.page.evaluate("told => show(told)", told)
            if answer["choice"] == "play":
                told["note"] = _played(step, scene)
            elif answer["choice"] == "mail":
                told["mail"] = _newest(scene)
            else:
                return Answer(answer["choice"], answer["remark"])

    @staticmethod
    def _values(scene: Scene) -> list[list[str]]:
        letter = scene.letter
        return [
            ["Adresse", scene.stage.url],
            ["Numéro d’adhérent", letter.number],
            ["Code d’accès", letter.access_code],
            ["Email", letter.email],
            ["Mot de passe", scene.password],
        ]


def _played(step: Step, scene: Scene) -> str:
    """The step done in the tester's place; what came of it."""
    try:
        play(step, scene)
    except NotHere as reason:
        return str(reason)
    except (AssertionError, Error) as fault:
        return f"L’étape n’a pas pu être jouée : {str(fault)[:300]}"
    return "L’étape est jouée : regardez l’écran, puis donnez votre avis."


def _newest(scene: Scene) -> str:
    mails = scene.stage.post_office.received(scene.letter.email)
    if not mails:
        return "Aucun message n’est arrivé."
    return f"{mails[-1].subject}\n\n{mails[-1].text}"
