"""The personal space."""
