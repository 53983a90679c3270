"""Every way to say no: a key and the field beside which it is said. The words stand in
one template, `templates/components/refusals.html`."""

from datetime import date, timedelta


class Refusal(Exception):
    """The portal says no. `key` names the sentence, `field` the field (None: the whole form).

    `wait` is how long before trying again makes sense, when that is known. `on`: the day that the
    sentence tells, for a few.
    """

    def __init__(
        self,
        key: str,
        field: str | None = None,
        *,
        wait: timedelta | None = None,
        on: date | None = None,
    ):
        if key not in KEYS:
            raise ValueError(f"unknown refusal {key!r}: declare it in rules/refusals.py")
        super().__init__(key)
        self.key, self.field, self.wait, self.on = key, field, wait, on


# Neither an error nor a refusal for good: something to know, or a question.
NOTES = frozenset({"resend_soon", "email_near", "email_mended"})

KEYS = frozenset(
    {
        # the desk
        "desk_missing_reason",
        "desk_reason_long",
        "desk_looks_closed",
        "desk_key_refused",
        "desk_enrolment_over",
        "desk_operator_name",
        "desk_operator_role",
        "desk_operator_known",
        "desk_operator_gone",
        "desk_oneself",
        "desk_missing_operator",
        "desk_missing_day",
        "desk_journal_number",
        "desk_journal_nobody",
        "desk_period",
        # the form itself
        "missing_number",
        "missing_access_code",
        "missing_email",
        "missing_new",
        "missing_password",
        "missing_present",
        "missing_repeat",
        "missing_security_code",
        "missing_activation_code",
        "email_shape",
        "email_space",
        "email_accent",
        "email_comma",
        "email_no_at",
        "email_two_ats",
        "email_no_ending",
        "email_number",
        "email_near",
        "email_mended",
        "number_shape",
        "access_code_shape",
        "security_code_shape",
        "activation_code_shape",
        "repeat_differs",
        "terms_unticked",
        "odd_characters",
        "too_long_text",
        "stale_form",
        # passwords
        "too_short",
        "too_long",
        "too_common",
        "contains_identity",
        "contains_mutual",
        # the truth
        "letter_wrong",
        "letter_closed",
        "letter_expired",
        "letter_replaced",
        "letter_returned",
        "letter_spent",
        "access_code_wrong",
        "membership_over",
        "present_wrong",
        "present_closed",
        # security: password, address, sessions, disputes
        "same_password",
        "password_moved",
        "present_email",
        "address_code_shape",
        "address_code_wrong",
        "address_code_closed",
        "address_over",
        "address_old",
        "session_over",
        "former_taken",
        # second step: passkeys, authenticator app, recovery codes
        "missing_app_code",
        "app_code_shape",
        "app_code_wrong",
        "app_code_used",
        "app_unreadable",
        "app_closed",
        "app_already",
        "app_over",
        "missing_recovery_code",
        "recovery_code_shape",
        "recovery_code_wrong",
        "missing_name",
        "name_shape",
        "passkey_missing",
        "passkey_refused",
        "passkey_unknown",
        "passkey_over",
        "passkey_known",
        "passkeys_many",
        "own_step_first",
        "mail_needed",
        "mail_off",
        # takeover: a newer letter
        "new_access_waits",
        # my data: export, closing, terms
        "closing_already",
        "closing_over",
        "closing_spent",
        "terms_newer",
        "terms_over",
        "sign_in_wrong",
        "password_closed",
        "origin_closed",
        "code_wrong",
        "code_expired",
        "code_spent",
        "code_closed",
        "code_over",
        "activation_wrong",
        "activation_closed",
        "registration_over",
        "registration_done",
        "resend_soon",
        "resend_closed",
        "mail_closed",
        "email_taken",
        "joins_full",
        "join_over",
        "join_closing",
        "same_email",
        "recovery_over",
        "recovery_closed",
        "recovery_number_wrong",
        "recovery_number_closed",
        "busy",
    }
)
