"""A member's name as the roll says it."""


def full_name(civility: str, first_name: str, last_name: str) -> str:
    """« Mme Odile Martin », as far as the roll says it."""
    return " ".join(filter(None, (civility, first_name, last_name)))
