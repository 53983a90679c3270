"""The page to read: a table a procedure, a row a step, its picture beside it."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from qa.trial import Trial
from webapp.rules.typography import french


def written(trial: Trial) -> bytes:
    """`index.html`."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["french"] = french
    when = trial.begun.strftime("%d/%m/%Y à %H:%M")
    return environment.get_template("report.html").render(trial=trial, when=when).encode()
