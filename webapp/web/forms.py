"""Forms: shapes are checked here, truth in the services. Errors are keys; a template has words."""

import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

from flask import g, request
from flask_wtf import FlaskForm
from flask_wtf.csrf import validate_csrf
from wtforms import Field, StringField
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.validators import StopValidation

from webapp.rules import credentials
from webapp.rules.refusals import NOTES, Refusal
from webapp.web.slots import asked_anew
from webapp.web.tokens import csrf_token
from webapp.web.transactions import SAFE_METHODS

# what casts a doubt on the passwords too, or says that they have to be typed again
_DOUBTS = {"sign_in_wrong", "stale_form", "busy"}
LONGEST = 1_000  # signs in any one field: more is no typing error

_csrf_token = asked_anew(csrf_token)
F = TypeVar("F", bound="PortalForm")


class _LateTokenField(CSRFTokenField):
    """A CSRF token that is signed only when a page shows it: most POSTs end in a redirect."""

    @property
    def current_token(self) -> object:
        return _csrf_token()

    def process(self, *args: object, **kwargs: object) -> None:
        Field.process(self, *args, **kwargs)


class _LateToken(CSRF):
    """Flask-WTF's tokens: written by `csrf_token`, read by its own `validate_csrf`."""

    field_class = _LateTokenField

    def generate_csrf_token(self, csrf_token_field: Field) -> str:
        return csrf_token()

    def validate_csrf_token(self, form: object, field: Field) -> None:
        validate_csrf(field.data)


class PortalForm(FlaskForm):
    """A form whose refusals are keys of rules/refusals.py, and whose CSRF token may grow old."""

    class Meta:
        csrf_class = _LateToken
        csrf_field_name = "csrf_token"

        def wrap_formdata(self, form: object, formdata: object) -> object:
            """What was sent as a form, and nothing else: neither JSON nor files."""
            if formdata is None or request.method in SAFE_METHODS:
                return None
            return request.form or None

        def get_translations(self, form: object) -> None:
            """None: refusals are keys, whose words are in a template."""

    def __init__(self, *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)
        self.waits: dict[str, timedelta] = {}
        self.days: dict[str, date] = {}

    @classmethod
    def blank(cls: type[F], **kwargs: object) -> F:
        """The form before anything was sent, whatever the request carries."""
        return cls(formdata=None, **kwargs)

    def check(self) -> None:
        """Raise Refusal when the form can't be what it should be; its fields say why."""
        g.token_checked = True
        if self.validate():
            return
        if "csrf_token" in self.errors:
            self._clear_but_typed()
            raise Refusal("stale_form")
        raise self.first()

    def first(self) -> Refusal:
        """What is wrong with the first field that says so itself."""
        return Refusal(next(str(errors[0]) for errors in self.errors.values()), "")

    def refuse(self, refusal: Refusal) -> None:
        """Put a service's refusal beside its field, or above the form."""
        if refusal.wait is not None:
            self.waits[refusal.key] = refusal.wait
        if refusal.on is not None:
            self.days[refusal.key] = refusal.on
        if refusal.field == "":
            return  # check() raised it: the fields say it already
        if refusal.field is not None and refusal.field in self:
            field = self[refusal.field]
            field.errors = [*field.errors, refusal.key]
        else:
            self.form_errors.append(refusal.key)

    def refusals(self) -> list[tuple[str, str]]:
        """Every refusal as (field's id or "", key), in the order of the screen."""
        told = [("", key) for key in self.form_errors]
        for field in self:
            if field.short_name != "csrf_token":
                told += [(field.id, str(key)) for key in field.errors]
        return told

    def keeps(self, field: Field) -> bool:
        """Whether a password stays in the browser's field after a refusal: nothing was said against
        it. No page sends one back; the browser has it still (static/js/portal.js)."""
        if not self.refusals() or _DOUBTS.intersection(self.form_errors) or field.errors:
            return False
        return not (field.short_name == "password_repeat" and self["password"].errors)

    def is_note(self) -> bool:
        """Whether what there is to tell is no error."""
        told = self.refusals()
        return bool(told) and all(key in NOTES for _, key in told)

    def _clear_but_typed(self) -> None:
        """An old page, not an error of the member: keep what was typed, say only that."""
        for field in self:
            field.errors = []


def shown(text: str) -> str:
    """What was typed without its control characters, which HTML can't carry."""
    return "".join(sign for sign in text if not _is_unsayable(sign))


def _is_unsayable(sign: str) -> bool:
    nobody = ord(sign) & 0xFFFE == 0xFFFE or "\ufdd0" <= sign <= "\ufdef"
    return nobody or unicodedata.category(sign) in ("Cc", "Cs")


class OneClickForm(PortalForm):
    """A button: nothing but the token."""


class Typed:
    """Validator: what was typed, in its normal form, goes to `field.normal`.

    `missing` and `shape` are refusals, `shape` or what finds it in the text; `normal` returns None
    for what has not the shape.
    """

    field_flags = {"required": True}

    def __init__(
        self,
        missing: str,
        shape: str | Callable[[str], str] = "",
        normal: Callable[[str], object] | None = None,
    ):
        self.missing, self.shape, self.normal = missing, shape, normal

    def __call__(self, form: PortalForm, field: Field) -> None:
        """Raises StopValidation with the refusal's key."""
        text = field.data or ""
        if self.normal:
            text = credentials.visible(text)
        field.normal = None
        if not text.strip():
            raise StopValidation(self.missing)
        if len(text) > LONGEST:
            raise StopValidation("too_long_text")
        if credentials.has_control_characters(text):
            raise StopValidation("odd_characters")
        field.normal = self.normal(text) if self.normal else text
        if field.normal is None:
            raise StopValidation(self.shape if isinstance(self.shape, str) else self.shape(text))


class NumberField(StringField):
    """The member number of the letter; `normal` is as it was typed, but for spaces and case."""

    def __init__(self, label: str = "Numéro d’adhérent", **kwargs: object):
        super().__init__(
            label, [Typed("missing_number", "number_shape", credentials.typed_number)], **kwargs
        )


class CodeField(StringField):
    """A code of so many digits, typed or pasted with its sentence; `normal` is the digits alone.

    `missing` and `shape` are refusals.
    """

    def __init__(self, label: str, digits: int, missing: str, shape: str, **kwargs: object):
        typed = Typed(missing, shape, lambda text: credentials.digits(text, digits))
        super().__init__(label, [typed], **kwargs)


class SecurityCodeField(CodeField):
    """The six digits that a mail brings."""

    def __init__(
        self, label: str = "Code de sécurité", shape: str = "security_code_shape", **kwargs: object
    ):
        digits = credentials.SECURITY_CODE_DIGITS
        super().__init__(label, digits, "missing_security_code", shape, **kwargs)


class AppCodeField(CodeField):
    """The six digits that an app shows."""

    def __init__(self, label: str = "Code de l’application", **kwargs: object):
        digits = credentials.APP_CODE_DIGITS
        super().__init__(label, digits, "missing_app_code", "app_code_shape", **kwargs)


def same_as_password(form: PortalForm, field: Field) -> None:
    """Validator: the second time is like the first. Raises StopValidation("repeat_differs")."""
    if form.password.data and field.data != form.password.data:
        raise StopValidation("repeat_differs")
