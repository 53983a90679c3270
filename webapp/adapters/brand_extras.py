"""What a mutual may add to its brand: links to its own services, and who answers for the site.
Each function raises ValueError with one sentence: what is wrong in brand.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from webapp import setting_addresses

MOST_LINKS, LONGEST_LABEL, LONGEST_ADDRESS, LONGEST_FACT = 6, 40, 500, 200
# templates/components/icons.html draws them
ICONS = ("document", "card", "euro", "message", "shield", "people")
_LINK = (
    "[[links]] of brand.toml must have a label and an address, and may have an icon, for example\n"
    'label = "Mes remboursements"\naddress = "https://remboursements.example.org/"\nicon = "euro"'
).replace("\n", " ")


@dataclass(frozen=True)
class Link:
    """A row of the space: a service of the mutual's, most often on another site."""

    label: str
    address: str
    icon: str

    @property
    def host(self) -> str:
        """The site that it leads to, as people read it."""
        return urlsplit(self.address).netloc.removeprefix("www.")


@dataclass(frozen=True)
class Legal:
    """What the law wants a site to say of itself (LCEN, article 1-1). Empty: not told."""

    publisher: str = ""  # full legal name and form
    registration: str = ""  # SIREN or the like
    director: str = ""  # of publication
    host: str = ""  # who runs the servers: name, address, telephone

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of what is not told."""
        return tuple(each.name for each in fields(self) if not getattr(self, each.name))


def links(content: Mapping[str, Any]) -> tuple[Link, ...]:
    """The rows of [[links]], in their order."""
    rows = content.get("links", [])
    if not isinstance(rows, list):
        raise ValueError(_LINK)
    if len(rows) > MOST_LINKS:
        raise ValueError(f"brand.toml must have {MOST_LINKS} [[links]] at most, not {len(rows)}")
    found = tuple(_link(row) for row in rows)
    for name in ("label", "address"):
        said = [getattr(each, name) for each in found]
        if twice := next((each for each in said if said.count(each) > 1), ""):
            raise ValueError(f"two [[links]] of brand.toml have the same {name}: {twice}")
    return found


def legal(content: Mapping[str, Any]) -> Legal:
    """The table [legal], or nothing told."""
    table = content.get("legal", {})
    names = [each.name for each in fields(Legal)]
    if not isinstance(table, dict) or (set(table) - set(names)):
        raise ValueError(f"[legal] of brand.toml may say {', '.join(names)}, and nothing else")
    for name, value in table.items():
        if not is_words(value, LONGEST_FACT):
            raise ValueError(
                f"{name} in [legal] of brand.toml must be one line of {LONGEST_FACT} signs at most"
            )
    return Legal(**{name: value.strip() for name, value in table.items()})


def _link(row: object) -> Link:
    if not isinstance(row, dict) or not {"label", "address"} <= set(row) <= {
        "label", "address", "icon",
    }:  # fmt: skip
        raise ValueError(_LINK)
    label, address, icon = row["label"], row["address"], row.get("icon", ICONS[0])
    if not is_words(label, LONGEST_LABEL):
        raise ValueError(
            f"label in [[links]] of brand.toml must be one line of {LONGEST_LABEL} signs at most, "
            'for example "Mes remboursements"'
        )
    if not is_address(address):
        raise ValueError(
            f"the address of « {label} » in [[links]] of brand.toml must begin with https:// and a "
            "host name, for example https://remboursements.example.org/"
        )
    if icon not in ICONS:
        raise ValueError(
            f"the icon of « {label} » in [[links]] of brand.toml must be one of {', '.join(ICONS)}"
        )
    return Link(label.strip(), address, icon)


def is_words(value: object, longest: int) -> bool:
    """One line that says something, without control signs."""
    if not isinstance(value, str) or not value.strip() or len(value.strip()) > longest:
        return False
    return value.strip().replace("\u00a0", " ").replace("\u202f", " ").isprintable()


def is_address(value: object) -> bool:
    """https, a host name with a dot, no name or password before it, as browsers write it."""
    if not isinstance(value, str) or len(value) > LONGEST_ADDRESS or not value.isascii():
        return False
    if not value.isprintable() or any(sign in value for sign in " \"'<>\\^`{|}"):
        return False
    try:
        found = urlsplit(value)
        found.port  # noqa: B018 - raises ValueError for a port that is none
        host = setting_addresses.domain(found.hostname or "")
    except ValueError:
        return False
    return found.scheme == "https" and "@" not in found.netloc and "." in host
