"""What a PostgreSQL database must be. In other encodings: tests/faults/test_settings.py."""

import pytest
from sqlalchemy import create_engine, make_url

from webapp.models import postgres
from webapp.models.engine import open_engine


def test_a_database_in_utf8_is_right(postgres_engine):
    assert postgres.fault(postgres_engine) == ""


def test_one_that_can_only_be_read_is_told(postgres_engine):
    only_read = create_engine(
        postgres_engine.url, connect_args={"options": "-c default_transaction_read_only=on"}
    )
    assert postgres.fault(only_read).startswith("leads to a database that can only be read")
    only_read.dispose()


def test_one_that_is_away_is_no_fault_of_the_setting(tmp_path):
    away = open_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    assert postgres.fault(away) == ""


@pytest.mark.parametrize(
    ("encoding", "version", "only_read", "said"),
    [
        ("UTF8", 150018, False, ""),
        ("UTF8", 100000, False, ""),
        ("LATIN1", 150018, False, "leads to a database in LATIN1"),
        ("SQL_ASCII", 90600, True, "leads to a database in SQL_ASCII"),
        ("UTF8", 90624, False, "leads to PostgreSQL 9: it must be 10 or later"),
        ("UTF8", 150018, True, "leads to a database that can only be read"),
    ],
)
def test_the_first_thing_wrong_is_said_with_an_example(encoding, version, only_read, said):
    told = postgres.told(encoding, version, only_read=only_read)
    assert told.startswith(said) and ("example" in told) == bool(said) == bool(told)


def test_the_encoding_on_the_wire_is_utf8_whatever_the_client_s(postgres_engine):
    asked = make_url(str(postgres_engine.url)).update_query_dict({"client_encoding": "latin1"})
    engine = open_engine(asked.render_as_string(hide_password=False))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW client_encoding").scalar_one() == "UTF8"
    engine.dispose()
