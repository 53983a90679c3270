"""The script to print: each procedure with its steps, and boxes to tick."""

from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from qa.cases.words import beforehand, result
from qa.incidents import INCIDENTS
from qa.references import of_steps
from webapp.rules.calls import CALLS
from webapp.rules.procedure import PROCEDURES
from webapp.rules.typography import french


def written(_project: str) -> dict[str, bytes]:
    """One page, which asks for nothing besides."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    environment.filters |= {"french": french, "before": beforehand, "result": result}
    environment.filters["steps"] = of_steps
    parts = {
        "Démarches": list(PROCEDURES),
        "Incidents": list(INCIDENTS),
        "Le téléphone sonne": list(CALLS),
    }
    when = datetime.now().astimezone().strftime("%d/%m/%Y")
    return {"": environment.get_template("cases.html").render(parts=parts, when=when).encode()}
