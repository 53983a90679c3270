"""Closing a space, and changing one's mind."""
