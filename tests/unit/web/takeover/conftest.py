"""A journey keeps its promises on both databases."""

from tests.kept_databases import each_database as engine  # noqa: F401 - one of each kind again
