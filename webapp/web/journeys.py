"""The journeys find themselves. A journey is a package of `webapp.web` that has `routes`; each of
its modules that has a blueprint `bp` is registered."""

from collections.abc import Collection, Iterator
from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint

from webapp import web


def blueprints(*, without: Collection[str] = ()) -> Iterator[Blueprint]:
    """Those of every journey, in the order of their names, but for the journeys `without`."""
    for journey in iter_modules(web.__path__, f"{web.__name__}."):
        if journey.ispkg and journey.name.rpartition(".")[2] not in without:
            yield from _of(journey.name)


def _of(journey: str) -> Iterator[Blueprint]:
    names = [module.name for module in iter_modules(import_module(journey).__path__, f"{journey}.")]
    if f"{journey}.routes" not in names:
        return
    for name in names:
        blueprint = getattr(import_module(name), "bp", None)
        if isinstance(blueprint, Blueprint):
            yield blueprint
