"""Letters without their accents, to compare what people write with or without them."""

from unicodedata import combining, normalize


def unaccented(text: str) -> str:
    """The text in compatibility form (NFKD) without its combining marks."""
    return "".join(sign for sign in normalize("NFKD", text) if not combining(sign))
