"""The tables and their engine: each test may change more than rows."""

from tests.databases import own_database as engine  # noqa: F401
