"""Every screen and state that a member can see: a name, a title, its template, and how to get there.

Add one: write a function that takes a `Visit` and stops at the state, and put a line in the STATES of
its journey's module. Its last act should be the one that shows the state, since what is announced
then is written down. A test of the house fails while a template is shown by no state, and a run
fails when a state shows another template than it says.
"""

from accessibility.states import (
    address,
    desk,
    desk_printer,
    desk_telephone,
    desk_watched,
    faults,
    household,
    my_data,
    own_step,
    public,
    recovery,
    registration,
    security,
    sign_in,
    space,
    takeover,
)
from accessibility.states.state import State

JOURNEYS = (
    public, sign_in, registration, recovery, space, security, address, own_step, my_data, takeover,
    household, faults, desk, desk_telephone, desk_printer, desk_watched,
)  # fmt: skip
STATES: tuple[State, ...] = tuple(state for each in JOURNEYS for state in each.STATES)
# another application, on a host of its own: the members' statement does not speak of it
AT_THE_DESK = frozenset(each.name for each in STATES if each.shows.startswith("desk/"))

# Templates that the portal serves to no member.
NOT_SHOWN = {
    "demo/mailbox.html": "only in the demonstration (`make run`), on this machine",
    "demo/letters.html": "only in the demonstration (`make run`), on this machine",
    "roll/preview.html": "a file for operators: tests/e2e/test_roll_preview.py",
    "desk/error.html": "the portal's errors, which are shown, with another way back",
    "desk/deeds/offered.html": "a part of a member's page at the desk",
    "mail/yours.html": "the end of several mails, each of which is shown",
    "errors/proxy.html": "served by the proxy: tests/unit/adapters/test_proxy_pages.py",
}

__all__ = ["AT_THE_DESK", "NOT_SHOWN", "STATES", "State"]
