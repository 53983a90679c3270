"""How long things live. Each lifetime is named once; mails, screens and checks read it here.

Sources: the paper (24 hours, 5 minutes), the decisions of the procedure, CNIL 2021-122 for logs.
"""

from datetime import timedelta

REGISTRATION = timedelta(hours=24)
SECURITY_CODE = timedelta(minutes=5)
PASSKEY_CHALLENGE = timedelta(minutes=5)
CODES_SHOWN = timedelta(minutes=10)  # how long new recovery codes can be read again and printed
UNCONFIRMED_APP = timedelta(days=1)
RECOVERY_LINK = timedelta(minutes=30)
OWN_TRIES = timedelta(hours=1)  # the owner's own tries on a browser that opened their mail's link
OWN_TRIES_LINK = timedelta(hours=24)
ADDRESS_CHANGE = timedelta(hours=24)  # its link and its code
ADDRESS_UNDO = timedelta(days=7)  # how long the former address can take a change back
KNOWN_GOOD = timedelta(days=7)  # a sign-in that nobody disputed so long was its owner's
ACCESS_CODE = timedelta(days=90)  # from the day of posting
LETTER_POSTING = timedelta(days=15)  # what a letter is given to be posted, where nobody says when
LETTER_TRACE = timedelta(days=365)  # from the day of posting, or of making where nobody says
TAKEOVER = timedelta(hours=24)  # what a newer letter changes waits this long
JOIN_REQUEST = timedelta(days=7)  # the owner of a space agrees or refuses; silence refuses

SESSION_IDLE = timedelta(minutes=30)
SESSION_WHOLE = timedelta(hours=12)
SESSION_WARNING = timedelta(minutes=2)
SESSION_TOUCH = timedelta(minutes=1)  # a session's last use is written at most this often
PROOF = timedelta(minutes=10)  # how long a password just given lets do what is sensitive

# the desk
DESK_IDLE = timedelta(minutes=15)
DESK_WHOLE = timedelta(hours=8)
ENROLMENT = timedelta(hours=24)
LOOK = timedelta(minutes=10)  # a member's page that is open needs no reason again
OPERATOR_NEWS = timedelta(days=30)  # how long supervisors are told of what happened to operators
SECOND_OPERATOR = timedelta(hours=24)  # a deed waits so long for another operator
ROLL_UPLOAD = timedelta(hours=24)  # a roll waits so long to be imported

TRUSTED_DEVICE = timedelta(days=30)
REMEMBERED_ADDRESS = timedelta(days=30)  # when TRUSTED_DEVICE_DAYS is 0
KEY_DECLINED = timedelta(days=365)  # how long a device that wants no passkey is asked no more

CONFIRMED_LINK = timedelta(days=7)  # a link used again still answers "finalisée"
SENT_MAIL = timedelta(days=90)
JOURNAL = timedelta(days=365)
ROLL_UNDO = timedelta(days=30)  # how long an import of the roll can be undone

# my data: closing, proofs of terms, traces
CLOSING = timedelta(days=7)  # between the wish to close a space and its erasure
TERMS_PROOF = timedelta(days=5 * 365 + 1)  # once the space is erased: French civil limitation
RECOVERY_TRACE = timedelta(days=1)
TAKEOVER_TRACE = timedelta(days=7)


def in_words(span: timedelta) -> str:
    """A lifetime in French, in its largest whole unit: « 24 heures », « 5 minutes », « 30 jours ».

    A day is said in hours (the paper says « 24 heures »); parts of a second count as one.
    """
    seconds = int(-(-span.total_seconds() // 1))
    for size, name in ((86_400, "jour"), (3_600, "heure"), (60, "minute")):
        if seconds >= size and (seconds % size == 0 or size == 60) and seconds != 86_400:
            count = -(-seconds // size)
            return f"{count}\u00a0{name}{'s' if count > 1 else ''}"
    if seconds == 86_400:
        return "24\u00a0heures"
    return f"{seconds}\u00a0seconde{'s' if seconds > 1 else ''}"
