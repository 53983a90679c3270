"""A member's name as the roll says it, and as one says it to them."""

_IN_FULL = {
    **dict.fromkeys(("m", "mr", "monsieur"), "Monsieur"),
    **dict.fromkeys(("mme", "mlle", "mle", "madame", "mademoiselle"), "Madame"),
    **dict.fromkeys(("dr", "docteur"), "Docteur"),
    **dict.fromkeys(("me", "maitre", "maître"), "Maître"),
}


def full_name(civility: str, first_name: str, last_name: str) -> str:
    """« Mme Odile Martin », as far as the roll says it; no line ends after « Mme » (U+00A0)."""
    name = " ".join(filter(None, (first_name, last_name)))
    return "\u00a0".join(filter(None, (civility, name)))


def name_on_one_line(civility: str, first_name: str, last_name: str) -> str:
    """The same with ordinary spaces, for a line that never breaks: a paper letter's is measured,
    and its bytes stay what they were."""
    return " ".join(filter(None, (civility, first_name, last_name)))


def greeted(civility: str, first_name: str, last_name: str) -> str:
    """« Madame Martin »: nobody is spoken to by an abbreviation. Without a civility that we know,
    the first name and the last."""
    title = _IN_FULL.get(civility.strip().rstrip(".").casefold(), "")
    return name_on_one_line(title, "" if title and last_name else first_name, last_name)
