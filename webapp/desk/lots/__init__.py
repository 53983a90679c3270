"""Batches of letters: asked for, made by two, their list downloaded once, posted, returned."""
