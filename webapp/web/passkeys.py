"""What pages with a passkey's button share: the form, and what the browser is handed."""

from wtforms import HiddenField

from webapp.rules.refusals import Refusal
from webapp.services.sign_in.passkeys import Answer
from webapp.web import sessions
from webapp.web.forms import PortalForm

LONGEST_ANSWER = 16_000  # signs of JSON: some devices' keys are long


class PasskeyForm(PortalForm):
    """The browser's answer and the challenge's token. The answer is JSON, but it travels as the
    text of a field, put there by the page's script: no route takes JSON (web/doors.py)."""

    answer = HiddenField()
    challenge = HiddenField()

    def given(self) -> Answer:
        """What came back. Raises Refusal("passkey_missing") without an answer."""
        text = self.answer.data or ""
        if not text or len(text) > LONGEST_ANSWER:
            raise Refusal("passkey_missing")
        return Answer(text, self.challenge.data or "", sessions.browser_secret())
