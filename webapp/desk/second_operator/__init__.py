"""Requests that wait for a second operator."""
