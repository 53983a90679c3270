"""The demonstration's way in: a role, without a passkey."""
