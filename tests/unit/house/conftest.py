"""What tests of the house ask for: SQLite alone, and browsers at every stage of a journey."""

from tests.databases import sqlite_alone as engine  # noqa: F401 - not both
from tests.visitors import town  # noqa: F401
