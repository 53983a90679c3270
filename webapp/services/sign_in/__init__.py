"""Signing in: password, second factors, trusted devices, and proving it again."""
