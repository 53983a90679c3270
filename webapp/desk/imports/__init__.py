"""Rolls uploaded, imported by a second operator, undone."""
