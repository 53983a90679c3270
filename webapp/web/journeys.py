"""The journeys find themselves. A journey is a package of `webapp.web`, or of `webapp.desk`, that
has `routes`; each of its modules that has a blueprint `bp` is registered."""

from collections.abc import Collection, Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from flask import Blueprint


def blueprints(within: ModuleType, *, without: Collection[str] = ()) -> Iterator[Blueprint]:
    """Those of every journey of a package, in the order of their names, but for those `without`."""
    for journey in iter_modules(within.__path__, f"{within.__name__}."):
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
