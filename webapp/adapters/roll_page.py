"""The page of what an import would change: a file whole in itself, without scripts, that a clerk
opens from their own disk."""

from collections.abc import Iterator, Mapping

from webapp.adapters import assets, whole_pages
from webapp.adapters.brand import Brand
from webapp.adapters.builds import FILES
from webapp.rules import moments, postal, statuses

_SHEETS = (assets.STYLE, "css/roll.css")


def page(mutual: Brand, facts: Mapping[str, object]) -> Iterator[str]:
    """The page in pieces, so that its tables never stand in memory twice.

    Raises SettingsError where the static files can't be built.
    """
    environment = whole_pages.environment(mutual)
    files = assets.of(mutual) / FILES
    environment.filters.update(day=moments.day, moment=moments.moment, lines=postal.lines)
    environment.globals.update(
        layout="layouts/file.html",
        statuses=statuses.WORDS,
        styles=[whole_pages.within("text/css", files / sheet) for sheet in _SHEETS],
    )
    return environment.get_template("roll/preview.html").generate(facts)
