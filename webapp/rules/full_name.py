"""A member's name as the roll says it, and as one says it to them."""

_IN_FULL = {
    **dict.fromkeys(("m", "mr", "monsieur"), "Monsieur"),
    **dict.fromkeys(("mme", "mlle", "mle", "madame", "mademoiselle"), "Madame"),
    **dict.fromkeys(("dr", "docteur"), "Docteur"),
    **dict.fromkeys(("me", "maitre", "maître"), "Maître"),
}


def full_name(civility: str, first_name: str, last_name: str) -> str:
    """« Mme Odile Martin », as far as the roll says it."""
    return " ".join(filter(None, (civility, first_name, last_name)))


def greeted(civility: str, first_name: str, last_name: str) -> str:
    """« Madame Martin »: nobody is spoken to by an abbreviation. Without a civility that we know,
    the first name and the last."""
    title = _IN_FULL.get(civility.strip().rstrip(".").casefold(), "")
    return full_name(title, "" if title and last_name else first_name, last_name)
