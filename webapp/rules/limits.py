"""Every limit on tries, said once. `services/kernel/throttle.py` counts them, in the database."""

from dataclasses import dataclass
from datetime import timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """At most `tries` within `span`, counted from the first one.

    With `doubling`, the tries above `tries` are each preceded by a wait: one minute, then twice
    as long each time, up to `span`; the count is forgotten a day after the last one.
    """

    name: str
    tries: int
    span: timedelta
    doubling: bool = False


PASSWORD = Limit("password", 5, HOUR, doubling=True)
PASSWORD_NOTICE_AT = 10  # wrong passwords in a row: the owner is told by mail, then at each tenth

WARNING = Limit("warning", 1, HOUR)  # such mails to one address, whatever changes meanwhile
OWN_TRIES = Limit("own_tries", 5, HOUR)  # the owner's own, on browsers that opened that mail's link

PRESENT_PASSWORD = Limit("present_password", 5, HOUR, doubling=True)  # asked again in the space
# Mails about security to one address: ten an hour whatever the cause. Those whose link stops or
# undoes something have two places of their own, which no flood of the others can take. None
# of them holds back the mail of WARNING, or the link to a new password after « tout fermer ».
NOTICES = Limit("notices", 8, HOUR)
URGENT_NOTICES = Limit("urgent_notices", 2, NOTICES.span)

CODE_TRIES = 5  # wrong security codes a sign-in, whatever the number of codes sent
CODE_ACCOUNT = Limit("code_account", 20, DAY)  # over all sign-ins of one account
CODE_MAIL = Limit("code_mail", 20, HOUR)  # first codes of sign-ins, a lid on floods
CODE_RESEND = Limit("code_resend", 5, HOUR)

PASSKEY_CHALLENGE = Limit("passkey_challenge", 1, 10 * MINUTE)  # outlives it: once is once
PASSKEYS = 10  # of one account
APP_SETUP = Limit("app_setup", 10, HOUR)  # first codes typed while an app is being added

ACCESS_CODE = Limit("access_code", 5, HOUR)
ACTIVATION_CODE = Limit("activation_code", 5, HOUR)
REGISTRATION_MAIL = Limit("registration_mail", 10, HOUR)
REGISTRATION_RESEND = Limit("registration_resend", 5, HOUR)

JOIN_REQUESTS = 5  # that wait for the owner of one space

ADDRESS_MAIL = Limit("address_mail", 5, HOUR)  # mails to new addresses, for one account
ADDRESS_CODE = Limit("address_code", 5, HOUR)
CLOSING_CODE = Limit("closing_code", 5, HOUR)  # codes mailed to close one space

RECOVERY = Limit("recovery", 3, HOUR)  # links for one address
RECOVERY_NUMBER = Limit("recovery_number", 5, HOUR)  # member numbers typed on such a link
RECOVERY_ORIGIN = Limit("recovery_origin", 20, HOUR)  # LIMIT_RECOVERIES_PER_ADDRESS

DESK_LOOKS = Limit("desk_looks", 60, HOUR)  # of one operator; DESK_LOOKS_PER_HOUR
DESK_ANSWERS = 3  # to the questions of a member's page, before it closes

RESEND_PAUSE = MINUTE  # between two codes, and between two registration mails
ORIGIN_SPAN = HOUR  # of the failures counted per address of origin (LIMIT_PER_ADDRESS)
GIVEN_BACK = 10  # failures, and requests, that an address of origin gets back for each proof
THANKS = Limit("thanks", 5, HOUR)  # such proofs of one letter, or of one account
