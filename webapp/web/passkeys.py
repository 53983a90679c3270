"""What pages with a passkey's button share: the form, and what the browser is handed."""

from flask import g
from wtforms import HiddenField

from webapp.rules.refusals import Refusal
from webapp.services.kernel.challenges import Answer, Ceremony
from webapp.services.sign_in import passkeys
from webapp.services.sign_in.passkeys import Purpose
from webapp.web import sessions
from webapp.web.forms import PortalForm
from webapp.web.transactions import current_work

LONGEST_ANSWER = 16_000  # signs of JSON: some devices' keys are long


class PasskeyForm(PortalForm):
    """The browser's answer and the challenge's token. The answer is JSON, but it travels as the
    text of a field, put there by the page's script: no route takes JSON (web/locks.py)."""

    answer = HiddenField()
    challenge = HiddenField()

    def given(self) -> Answer:
        """What came back. Raises Refusal("passkey_missing") without an answer."""
        text = self.answer.data or ""
        if not text or len(text) > LONGEST_ANSWER:
            raise Refusal("passkey_missing")
        return Answer(text, self.challenge.data or "", sessions.browser_secret())


def offered() -> Ceremony | None:
    """What the sign-in page offers to the browser: any passkey of ours. It costs no statement, and
    a visitor no session: a challenge has no table. Made once a request."""
    if "offered" not in g:
        browser = sessions.browser_secret()
        g.offered = passkeys.to_use(current_work(), Purpose.SIGN_IN, None, browser=browser)
    made: Ceremony | None = g.offered
    return made
