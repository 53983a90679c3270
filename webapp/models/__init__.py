"""The tables, one file a subject. Importing this package registers those of the portal on
`Base.metadata`; the desk's, which the portal does not load, stand in `desk` and `operator`."""

from webapp.models.account import Account, TermsAcceptance
from webapp.models.address_change import AddressChange
from webapp.models.base import Base
from webapp.models.device import Device
from webapp.models.hash_settings import HashSettings
from webapp.models.household import JoinedMember, JoinRequest, Leaving
from webapp.models.journal import JournalEntry
from webapp.models.letter import Letter, LetterBatch
from webapp.models.outbox import DemoMail, OutboxMail
from webapp.models.recovery import Recovery
from webapp.models.registration import Registration
from webapp.models.roll import RollEntry
from webapp.models.roll_import import RollFormer, RollImport
from webapp.models.second_factor import Authenticator, Passkey, RecoveryCode
from webapp.models.session import StoredSession
from webapp.models.takeover import Takeover
from webapp.models.throttle import Throttle

__all__ = [
    "Account",
    "AddressChange",
    "Authenticator",
    "Base",
    "DemoMail",
    "Device",
    "HashSettings",
    "JoinRequest",
    "JoinedMember",
    "JournalEntry",
    "Leaving",
    "Letter",
    "LetterBatch",
    "OutboxMail",
    "Passkey",
    "Recovery",
    "RecoveryCode",
    "Registration",
    "RollEntry",
    "RollFormer",
    "RollImport",
    "StoredSession",
    "Takeover",
    "TermsAcceptance",
    "Throttle",
]
