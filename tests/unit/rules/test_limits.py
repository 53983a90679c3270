"""The table of limits says what the procedure promises."""

from datetime import timedelta

from webapp.rules import limits
from webapp.rules.limits import Limit

HOUR = timedelta(hours=1)


def test_every_limit_counts_apart():
    table = [each for each in vars(limits).values() if isinstance(each, Limit)]
    assert len({each.name for each in table}) == len(table)


def test_the_limits_are_those_of_the_procedure():
    assert limits.CODE_TRIES == 5
    assert (limits.PASSWORD.tries, limits.PASSWORD.span, limits.PASSWORD.doubling) == (
        5,
        HOUR,
        True,
    )
    assert limits.PASSWORD_NOTICE_AT == 10
    for five_an_hour in (
        limits.ACCESS_CODE,
        limits.ACTIVATION_CODE,
        limits.CODE_RESEND,
        limits.REGISTRATION_RESEND,
    ):
        assert (five_an_hour.tries, five_an_hour.span, five_an_hour.doubling) == (5, HOUR, False)
    assert (limits.CODE_ACCOUNT.tries, limits.CODE_ACCOUNT.span) == (20, timedelta(days=1))
    assert (limits.RECOVERY.tries, limits.RECOVERY.span) == (3, HOUR)
    assert (limits.RECOVERY_ORIGIN.tries, limits.RECOVERY_ORIGIN.span) == (20, HOUR)
    assert timedelta(minutes=1) == limits.RESEND_PAUSE
    assert limits.ORIGIN_SPAN == HOUR
