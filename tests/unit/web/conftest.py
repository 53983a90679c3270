"""What tests of the web ask for: SQLite alone, and browsers at every stage of a journey.

The journeys' own routes run on both databases: see the conftest of each.
"""

from tests.databases import sqlite_alone as engine  # noqa: F401 - not both
from tests.visitors import town  # noqa: F401
