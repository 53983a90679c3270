"""Every procedure that testers play, those of members and what goes wrong on the way, by key."""

from qa.incidents import INCIDENTS
from webapp.rules.procedure import PROCEDURES

KNOWN = {each.key: each for each in (*PROCEDURES, *INCIDENTS)}
