"""The outside world: clock and chance, argon2, keys, mails from templates, the mail relay."""
