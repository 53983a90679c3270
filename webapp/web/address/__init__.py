"""Changing the e-mail address of an account, and taking the change back."""
