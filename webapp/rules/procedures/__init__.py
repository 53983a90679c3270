"""The procedures, a module a journey; `rules/procedure.py` has them all."""
