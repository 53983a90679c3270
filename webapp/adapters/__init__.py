"""The outside world: clock and chance, argon2, keys, letters from templates, the mail relay."""
