"""The fields of an e-mail address: what is wrong with one is said, and a slip near a common domain
is asked about, once."""

from collections.abc import Callable, Mapping

from wtforms import StringField
from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from webapp.rules import email_slips
from webapp.rules.refusals import Refusal
from webapp.web import domains
from webapp.web.forms import PortalForm, Typed


def _email(text: str) -> str | None:
    return domains.email(email_slips.cleaned(text))


class EmailField(StringField):
    """An e-mail address; `normal` is how it will be written to. `reason`: what finds the refusal
    of one that can't be."""

    def __init__(
        self,
        label: str = "Email",
        reason: Callable[[str], str] = email_slips.reason,
        **kwargs: object,
    ):
        validators = [Typed("missing_email", reason, _email), *self.further()]
        super().__init__(label, validators, **kwargs)

    def further(self) -> list[Callable[[PortalForm, "EmailField"], None]]:
        """Validators of the field's own, once its shape is good."""
        return []


class NewEmailField(EmailField):
    """An address that mail will go to from now on. One that looks like a slip is asked about:
    `suggested` is what may have been meant, `kept` what its owner is keeping, once they were asked.

    The answers travel as `<name>_taken`, a button, and `<name>_kept`: nothing is stored.
    """

    suggested: str | None = None
    kept = ""
    was_taken = False

    def further(self) -> list[Callable[[PortalForm, EmailField], None]]:
        """The question."""
        return [_ask_once]

    def process(
        self, formdata: Mapping[str, str] | None, data: object = unset_value, **kwargs: object
    ) -> None:
        """Read the answers too."""
        super().process(formdata, data, **kwargs)
        if formdata:
            self.kept = formdata.get(f"{self.name}_kept", "")
            if taken := formdata.get(f"{self.name}_taken"):
                self.data, self.was_taken = taken, True


def _ask_once(form: PortalForm, field: EmailField) -> None:
    """Raises StopValidation("email_near")."""
    assert isinstance(field, NewEmailField)  # noqa: S101 - `further` is its own
    near = email_slips.suggestion(field.normal)
    if near and field.kept != field.normal:
        field.suggested, field.kept = near, field.normal
        raise StopValidation("email_near")


class AsksAddressForm(PortalForm):
    """A form with a NewEmailField."""

    email = NewEmailField()

    def first(self) -> Refusal:
        """Who took the address offered, on a page that had to drop their password, forgot nothing:
        instead of « à saisir » they are told what was mended."""
        told = {key for _, key in self.refusals()}
        if not self.email.was_taken or told - _RETYPED:
            return super().first()
        for field in self:
            field.errors = []
        return Refusal("email_mended")


_RETYPED = {"missing_password", "missing_repeat", "missing_present"}
