"""Signing in: password, security code, and out again."""
