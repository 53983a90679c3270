"""A journey keeps its promises on both databases."""

from tests.databases import each_database as engine  # noqa: F401 - one of each kind again
