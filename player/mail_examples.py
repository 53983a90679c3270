"""Each mail of the portal, written from the example of its facts (webapp/rules/mails.py)."""

from datetime import UTC, datetime

from webapp.adapters.mail_templates import JinjaMailTemplates
from webapp.adapters.world import mail_environment
from webapp.rules.mails import MAILS
from webapp.services.kernel.world import Mail

SITE = "https://espace.example.org"
WRITTEN_AT = datetime(2026, 11, 30, 17, 36, tzinfo=UTC)
_TEMPLATES = JinjaMailTemplates(mail_environment(), SITE)


def written(name: str, facts: dict[str, object] | None = None) -> Mail:
    """The mail with this name, written from these facts or from its example."""
    return _TEMPLATES.write(name, WRITTEN_AT, **(MAILS[name].facts if facts is None else facts))
