"""The journal's events, each with the only facts that it may carry.

Facts are never secrets, never whole e-mail addresses: see `docs/words.md` (journal).
"""

EVENTS: dict[str, frozenset[str]] = {
    "roll.imported": frozenset({"added", "changed", "unchanged", "letters"}),
    "registration.letter_refused": frozenset({"limited"}),
    "registration.drafted": frozenset(),
    "registration.already_member": frozenset(),
    "registration.submitted": frozenset({"terms", "address_taken"}),
    "registration.mail_resent": frozenset(),
    "registration.address_changed": frozenset({"address_taken"}),
    "registration.code_refused": frozenset(),
    "registration.confirmed": frozenset({"by", "terms"}),
    "registration.address_conflict": frozenset(),
    "sign_in.password_refused": frozenset({"limited", "known_device"}),
    "sign_in.password_accepted": frozenset({"waiting"}),
    "sign_in.code_resent": frozenset(),
    "sign_in.code_refused": frozenset({"left"}),
    "sign_in.code_locked": frozenset(),
    "sign_in.done": frozenset({"by", "remembered", "agent"}),
    "recovery.asked": frozenset(),
    "recovery.done": frozenset(),
    "recovery.number_refused": frozenset(),
    "proof.given": frozenset({"by"}),
    "proof.refused": frozenset({"limited"}),
    # security: password, address, sessions, disputes
    "password.changed": frozenset(),
    "address.asked": frozenset({"address_taken"}),
    "address.mail_resent": frozenset(),
    "address.code_refused": frozenset(),
    "address.cancelled": frozenset(),
    "address.changed": frozenset({"by"}),
    "address.conflict": frozenset(),
    "address.undone": frozenset(),
    "sign_in.disputed": frozenset({"entry", "at"}),
    # second step: passkeys, authenticator app, recovery codes
    "sign_in.passkey_refused": frozenset({"why", "whole"}),
    "second_step.added": frozenset({"kind", "codes"}),
    "second_step.removed": frozenset({"kind", "mail_again"}),
    "second_step.codes_made": frozenset(),
    "second_step.mail": frozenset({"off"}),
    "proof.passkey_refused": frozenset({"why"}),
    # takeover: a newer letter
    "letter.reissued": frozenset({"reason"}),
    "takeover.confirmed": frozenset({"by", "terms"}),
    "takeover.stopped": frozenset({"by"}),
    "takeover.done": frozenset(),
    # my data: export, closing, terms
    "data.exported": frozenset(),
    "account.closing_asked": frozenset(),
    "account.closing_code_refused": frozenset({"left"}),
    "account.closing": frozenset(),
    "account.kept": frozenset(),
    "account.closed": frozenset(),
    "terms.accepted": frozenset({"terms"}),
    "terms.declined": frozenset({"terms"}),
    "session.ended": frozenset({"all"}),
    "session.shut_by_mutual": frozenset({"reason"}),
    "device.forgotten": frozenset(),
    "mail.failed": frozenset({"letter", "status"}),
    "mail.expired": frozenset({"letter"}),
    "database.purged": frozenset({"rows"}),
}


def check(event: str, facts: dict[str, object]) -> None:
    """Raise ValueError when the event is not declared or carries a fact that it may not."""
    if event not in EVENTS:
        raise ValueError(f"unknown event {event!r}: declare it in rules/events.py")
    if undeclared := set(facts) - EVENTS[event]:
        raise ValueError(f"event {event!r} may not carry {sorted(undeclared)}")
