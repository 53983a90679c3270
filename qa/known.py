"""Every procedure that testers play, by key: those of members, what goes wrong on the way, and the
calls that operators answer."""

from qa.incidents import INCIDENTS
from webapp.rules.calls import CALLS
from webapp.rules.procedure import PROCEDURES

KNOWN = {each.key: each for each in (*PROCEDURES, *INCIDENTS, *CALLS)}
