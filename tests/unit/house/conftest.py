"""What tests of the house ask for: SQLite alone, and browsers at every stage of a journey."""

from tests.kept_databases import kept_sqlite  # noqa: F401
from tests.kept_databases import sqlite_alone as engine  # noqa: F401 - not both
from tests.kept_templates import app  # noqa: F401 - takes the place of the one for all
from tests.visitors import town  # noqa: F401
