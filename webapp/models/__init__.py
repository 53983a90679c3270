"""The tables, one file a subject. Importing this package registers them all on `Base.metadata`."""

from webapp.models.account import Account, TermsAcceptance
from webapp.models.address_change import AddressChange
from webapp.models.base import Base
from webapp.models.desk import Look, RollUpload, TwoPersonRequest, WantedLetter
from webapp.models.device import Device
from webapp.models.hash_settings import HashSettings
from webapp.models.household import JoinedMember, JoinRequest, Leaving
from webapp.models.journal import JournalEntry
from webapp.models.letter import Letter, LetterBatch
from webapp.models.operator import Enrolment, Operator, OperatorPasskey, OperatorSession
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
    "Enrolment",
    "HashSettings",
    "JoinRequest",
    "JoinedMember",
    "JournalEntry",
    "Leaving",
    "Letter",
    "LetterBatch",
    "Look",
    "Operator",
    "OperatorPasskey",
    "OperatorSession",
    "OutboxMail",
    "Passkey",
    "Recovery",
    "RecoveryCode",
    "Registration",
    "RollEntry",
    "RollFormer",
    "RollImport",
    "RollUpload",
    "StoredSession",
    "Takeover",
    "TermsAcceptance",
    "Throttle",
    "TwoPersonRequest",
    "WantedLetter",
]
