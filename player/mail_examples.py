"""Each mail of the portal with an example of its facts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from webapp.adapters.mail_templates import JinjaMailTemplates
from webapp.adapters.world import mail_environment
from webapp.services.kernel.world import Mail
from webapp.services.sign_in.second_factors import Removed

SITE = "https://espace.example.org"
FACTS: dict[str, dict[str, Any]] = {
    "registration": {
        "token": "a-link.of.ours",
        "code": "1234567890123",
        "life": "24 heures",
        "newer": True,
    },
    "address_taken": {"life": timedelta(hours=24)},
    "security_code": {"code": "123456", "life": timedelta(minutes=5)},
    "ten_failures": {"token": "a-link.of.ours", "life": timedelta(hours=24)},
    "recovery": {"token": "a-link.of.ours", "life": timedelta(minutes=30)},
    "password_changed": {},
    # security: password, address, sessions, disputes
    "address_change": {"token": "a-link.of.ours", "code": "123456", "life": timedelta(hours=24)},
    "address_asked": {"masked": "o•••@e•••.org", "life": timedelta(hours=24)},
    "address_in_use": {},
    "address_changed": {
        "token": "a-link.of.ours",
        "masked": "o•••@e•••.org",
        "life": timedelta(days=7),
    },
    "address_confirmed": {},
    "password_forced": {"token": "a-link.of.ours", "life": timedelta(minutes=30)},
    "new_device": {"agent": "Firefox sur Windows", "life": timedelta(days=30)},
    "new_sign_in": {"agent": "Firefox sur Windows"},
    # my data
    "closing_code": {"code": "123456", "life": timedelta(minutes=5)},
    "closing": {"closing_at": datetime(2026, 12, 8, 9, 0, tzinfo=UTC)},
    "closing_kept": {},
    "closed": {"proof": "5 ans"},
    # second step
    "second_step_added": {"kind": "passkey", "called": "Mon téléphone", "codes": True},
    "second_step_removed": {"gone": [Removed("app", "Mon téléphone")], "mail_again": True},
    "recovery_codes": {"used": True, "left": 9},
    "mailed_code": {"off": True},
    "takeover": {
        "token": "a-link.of.ours",
        "address": "o•••@e•••.org",
        "effective_at": datetime(2026, 12, 2, 9, 0, tzinfo=UTC),
    },
    "takeover_done": {},
    "takeover_stopped": {},
    "takeover_taken": {},
}
OTHER_FACTS: list[tuple[str, dict[str, Any]]] = [  # what the same mails say of other deeds
    ("second_step_added", {"kind": "app", "called": "Mon appli", "codes": False}),
    ("second_step_removed", {"gone": [Removed("passkey", "Ma clé")], "mail_again": False}),
    ("second_step_removed", {"gone": [Removed("codes")], "mail_again": False}),
    (
        "second_step_removed",
        {
            "gone": [Removed("passkey", "Ma clé"), Removed("app", "Appli"), Removed("codes")],
            "mail_again": True,
        },
    ),
    ("recovery_codes", {"used": True, "left": 0}),
    ("recovery_codes", {"used": False, "left": 10}),
    ("mailed_code", {"off": False}),
]


def written(name: str, facts: dict[str, Any] | None = None) -> Mail:
    """The mail with this name, written from these facts or from its example."""
    templates = JinjaMailTemplates(mail_environment(), SITE)
    return templates.write(name, **(FACTS[name] if facts is None else facts))
