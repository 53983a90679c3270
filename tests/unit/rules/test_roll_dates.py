"""Dates as people write them; what is none says why."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.rules.roll_date_columns import DateColumn
from webapp.rules.roll_dates import Kind, look
from webapp.rules.roll_values import read_day

TODAY = date(2026, 11, 29)
BIRTH = date(1950, 3, 7)
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
DAYS = st.dates(date(1900, 1, 2), TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "1950-03-07", "07/03/1950", "7/3/1950", "07.03.1950", "07-03-1950", "7 / 3 / 1950",
        "1950/03/07", "1950-03-07 00:00:00", "1950-03-07T00:00:00Z", "07/03/1950 00:00",
        "07/03/1950 12:30:05", "7 mars 1950", "7 MARS 1950", "mardi 7 mars 1950", "07-mars-1950",
        "19500307", "07031950", "\u00a07/3/1950 ", "07/03/50", "7-mars-50",
    ],
)  # fmt: skip
def test_a_birth_is_understood_however_it_is_written(text: str) -> None:
    assert read_day(text, TODAY) == BIRTH


@pytest.mark.parametrize("text", ["1er mars 1950", "1 mars 1950", "1er mars 50", "1-mars-1950"])
def test_the_first_of_a_month(text: str) -> None:
    assert read_day(text, TODAY) == date(1950, 3, 1)


def test_a_month_cut_to_three_letters_is_read_where_it_can_be_one_only() -> None:
    assert read_day("7 jun 1950", TODAY) == date(1950, 6, 7)
    assert read_day("7 jul 1950", TODAY) == date(1950, 7, 7)
    assert look("7 jui 1950", TODAY) == (Kind.NONE, None)


@given(DAYS)
def test_every_day_is_read_in_every_form(day: date) -> None:
    forms = [
        *(day.strftime(form) for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d", "%d%m%Y")),
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        f"{day} 00:00:00",
    ]
    assert {read_day(form, TODAY) for form in forms} == {day}


@given(DAYS, DAYS)
def test_two_digits_never_make_a_date_after_the_latest(day: date, latest: date) -> None:
    kind, told = look(f"{day:%d/%m/%y}", latest)
    if told is not None:
        assert kind is Kind.TWO_DIGITS
        assert told <= latest
        assert (told.day, told.month, told.year % 100) == (day.day, day.month, day.year % 100)


def test_two_digits_lead_to_the_latest_year_that_they_can() -> None:
    assert read_day("29/11/26", TODAY) == TODAY
    assert read_day("30/11/26", TODAY) == date(1926, 11, 30)


@pytest.mark.parametrize(
    "text",
    [
        "00/00/0000", "0000-00-00", "inconnue", "INCONNU", "NC", "n.c.", "-", "01/01/1900",
        "1900-01-01", "30/12/1899", "00/00/0000 00:00:00", "Non renseignée", "n/a", "NULL",
        "1900-01-01 00:00:00",
    ],
)  # fmt: skip
def test_what_stands_for_unknown_is_no_date_and_no_fault(text: str) -> None:
    assert look(text, TODAY) == (Kind.UNKNOWN, None)
    assert read_day(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("03/31/1950", "le mois et le jour semblent échangés"),
        ("18329", "mettez la colonne au format date"),
        ("29/02/1951", "une date qui existe"),
        ("hier", "une date qui existe"),
        ("1950-03-06T23:00:00Z", "une date qui existe"),  # the 7th in Paris
        ("#N/A", "une date qui existe"),
        ("1950", "une date qui existe"),
    ],
)
def test_what_is_no_date_says_what_it_is_taken_for(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_day(text, TODAY)


@given(st.text(max_size=20))
def test_any_text_at_all_is_looked_at_without_harm(text: str) -> None:
    kind, day = look(text, TODAY)
    assert day is None or kind in {Kind.WHOLE, Kind.TWO_DIGITS}


# A column as a whole


def column(*cells: str) -> DateColumn:
    found = DateColumn("date_naissance", TODAY)
    found.see(cells)
    return found


def test_a_column_of_counts_of_days_is_told_once_with_what_to_do() -> None:
    told = column(*["18329"] * 500, "").fault()
    assert told is not None
    assert "« date_naissance »" in told
    assert "500 ligne(s) comme « 18329 »" in told
    assert "mettez la colonne au format date" in told


def test_a_column_whose_months_come_first_is_refused_even_where_it_could_be_read() -> None:
    told = column("03/31/1950", *["03/07/1950"] * 50).fault()
    assert told is not None
    assert "Le mois y est écrit avant le jour" in told


def test_one_slip_in_a_column_of_dates_is_left_to_its_row() -> None:
    assert column("03/31/1950", "31/12/1947", *["07/03/1950"] * 50).fault() is None
    assert column("hier", *["07/03/1950"] * 50).fault() is None


def test_a_column_of_some_bad_rows_among_good_ones_is_left_to_its_rows() -> None:
    assert column("hier", "demain").fault() is None
    assert column(*["hier"] * 3).fault() is not None
    assert column(*["hier"] * 3, *["1950-03-07"] * 3).fault() is None


def test_unknown_dates_and_completed_years_are_counted() -> None:
    unknown, short = column("00/00/0000", "inconnue", "07/03/50", "1950-03-07").notes()
    assert "2 date(s) comme « 00/00/0000 » lue(s) comme « inconnue »" in unknown
    assert "1 année(s) à deux chiffres" in short
    assert "« 07/03/50 » : 07/03/1950" in short


def test_a_column_of_more_texts_than_are_stored_is_counted_whole() -> None:
    found = DateColumn("date_naissance", TODAY)
    for start in range(0, 200_000, 1_000):
        found.see([f"x{at}" for at in range(start, start + 1_000)])
    assert "200000 ligne(s) comme « x0 »" in (found.fault() or "")
