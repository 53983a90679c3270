"""E-mail addresses whose domain is typed in letters beyond ASCII, which the DNS writes xn--….

By IDNA 2008 (UTS 46, non-transitional), as browsers and registries do. Python's own codec is
IDNA 2003: it writes ß as ss and ς as σ and drops joiners, and so names another owner's domain.
The library's tables are loaded at the first domain that needs them.
"""

from webapp.rules import credentials


def email(text: str) -> str | None:
    """The address as it will be written to (rules/credentials.py), its domain in ASCII."""
    local, at, domain = text.strip().rpartition("@")
    found = _in_ascii(domain)
    return None if found is None else credentials.email(f"{local}{at}{found}")


def _in_ascii(domain: str) -> str | None:
    """None for what can't be registered, an ill-made xn-- label included."""
    labels = domain.lower().split(".")
    if domain.isascii() and not any(label.startswith("xn--") for label in labels):
        return domain
    if len(domain) > credentials.EMAIL_MAX:
        return None
    import idna

    try:
        if domain.isascii():
            for label in labels:
                if label.startswith("xn--"):
                    idna.ulabel(label)
            return domain
        return idna.encode(domain, uts46=True, std3_rules=True).decode()
    except UnicodeError:  # the library's errors are of this kind
        return None
