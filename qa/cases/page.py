"""The script to print: each procedure with its steps, and boxes to tick."""

from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from qa.cases.words import beforehand, result
from qa.incidents import INCIDENTS
from qa.known import KNOWN
from qa.references import of_steps
from webapp.rules.typography import french


def written(_project: str) -> dict[str, bytes]:
    """One page, which asks for nothing besides."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    environment.filters |= {"french": french, "before": beforehand, "result": result}
    environment.filters["steps"] = of_steps
    parts = {
        "Démarches": [each for each in KNOWN.values() if each not in INCIDENTS],
        "Incidents": list(INCIDENTS),
    }
    when = datetime.now().astimezone().strftime("%d/%m/%Y")
    return {"": environment.get_template("cases.html").render(parts=parts, when=when).encode()}
