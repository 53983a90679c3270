"""Every procedure, step by step. The help page, the browser tests, the illustrated guide, the
accessibility report and QA's guided runs play or print these; the stepper shows STEPPER. Routes,
page titles and doors are written apart, and tests hold them to the words of the steps.
"""

from webapp.rules.procedures.household import CARER, COUPLE, OWN_SPACE
from webapp.rules.procedures.my_data import CLOSE, DECLINE_TERMS, KEEP, MY_DATA, NEW_TERMS
from webapp.rules.procedures.new_letter import NEW_LETTER, STOP_NEW_LETTER
from webapp.rules.procedures.paper import ACTIVATION, DEVICE, REGISTRATION, SIGN_IN, STEPPER
from webapp.rules.procedures.recovery import RECOVERY
from webapp.rules.procedures.second_factors import (
    AUTHENTICATOR,
    PASSKEY,
    RECOVERY_CODE,
    REMOVE_STEP,
    SECOND_STEP,
    SIGN_IN_APP,
    SIGN_IN_PASSKEY,
)
from webapp.rules.procedures.security import (
    CHANGE_ADDRESS,
    CHANGE_PASSWORD,
    DISPUTE,
    SESSIONS,
    UNDO_ADDRESS,
)
from webapp.rules.steps import Mark, Procedure, Step

PROCEDURES = (
    *(REGISTRATION, ACTIVATION, SIGN_IN, DEVICE, RECOVERY, *SECOND_STEP),
    *(NEW_LETTER, STOP_NEW_LETTER),
    *(COUPLE, CARER, OWN_SPACE),
    *(CHANGE_PASSWORD, CHANGE_ADDRESS, UNDO_ADDRESS, SESSIONS, DISPUTE),
    *(MY_DATA, CLOSE, KEEP, NEW_TERMS, DECLINE_TERMS),
)

__all__ = [
    "ACTIVATION", "AUTHENTICATOR", "CARER", "CHANGE_ADDRESS", "CHANGE_PASSWORD", "CLOSE",
    "COUPLE", "DECLINE_TERMS", "DEVICE", "DISPUTE", "KEEP", "MY_DATA", "NEW_LETTER", "NEW_TERMS",
    "OWN_SPACE", "PASSKEY", "PROCEDURES", "RECOVERY", "RECOVERY_CODE", "REGISTRATION",
    "REMOVE_STEP", "SECOND_STEP", "SESSIONS", "SIGN_IN", "SIGN_IN_APP", "SIGN_IN_PASSKEY",
    "STEPPER", "STOP_NEW_LETTER", "UNDO_ADDRESS", "Mark", "Procedure", "Step",
]  # fmt: skip
