"""The names by which other tools know procedures and steps. They stay when the words change.

A procedure's is its key; a step's is `<procedure>.<step>`.
"""

from collections import Counter

from webapp.rules.procedure import Procedure, Step


def of_steps(procedure: Procedure) -> list[tuple[str, Step]]:
    """Each step with its reference; one that comes again is `<procedure>.<step>.2`, and so on."""
    seen: Counter[str] = Counter()
    told = []
    for step in procedure:
        seen[step.key] += 1
        again = f".{seen[step.key]}" if seen[step.key] > 1 else ""
        told.append((f"{procedure.key}.{step.key}{again}", step))
    return told
