"""The mutual's own name, colours, drawings and contact: one folder, BRAND_DIR."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateError

from webapp import setting_addresses
from webapp.adapters import brand_duties, brand_extras
from webapp.adapters.brand_duties import Duties
from webapp.adapters.brand_extras import Legal, Link
from webapp.rules import postal
from webapp.rules.contrast import TEXT, mixed, ratio
from webapp.settings import ROOT, Settings, SettingsError

OURS = ROOT / "static" / "brand"
DRAWINGS = ("mark.svg", "icon-192.png", "icon-512.png", "icon-maskable.png", "icon-apple.png")
PAPER = {"light": "#ffffff", "dark": "#19131f"}  # --paper in static/css/portal.css
_COLOUR = re.compile(r"#[\da-f]{6}", re.ASCII)
_PHONE = re.compile(r"0\d{9}|\d{4}|\+\d{8,15}", re.ASCII)
_PNG = b"\x89PNG\r\n\x1a\n"
_WORDS = {
    "name": ("short", "mark", "rest", "full"),
    "contact": ("phone", "hours", "email", "accessibility", "privacy"),
}
LONGEST_VERSION = 20  # signs, as stored with each acceptance
WASH, HAIR = 0.06, 0.22  # how much of the brand's colour: grounds of panels, thin lines
_COLOURS = ("brand", "brand-deep", "on-brand", "accent", "accent-ink")


class BrandFault(Exception):
    """One sentence: what is wrong in the folder, and where."""


@dataclass(frozen=True)
class Brand:
    """A mutual's brand. `light` and `dark` are CSS custom properties without their dashes.
    `address`: the mutual's own, the lines of an envelope; none where brand.toml tells none."""

    folder: Path
    short: str
    mark: str
    rest: str
    full: str
    phone: str
    hours: str
    email: str
    accessibility: str
    privacy: str
    address: tuple[str, ...]
    links: tuple[Link, ...]
    legal: Legal
    duties: Duties
    light: Mapping[str, str]
    dark: Mapping[str, str]

    @property
    def drawings(self) -> tuple[Path, ...]:
        """The files that browsers are served; nothing else in the folder is public."""
        return tuple(self.folder / name for name in DRAWINGS)

    @property
    def has_terms(self) -> bool:
        """Whether the folder brings terms of use of its own, in terms/, instead of ours."""
        return any((self.folder / "terms").glob("*.html"))

    @property
    def dialled(self) -> str:
        """The telephone number as a link dials it, in France."""
        digits = re.sub(r"\D", "", self.phone)
        if self.phone.startswith("+"):
            return f"+{digits}"
        return f"+33{digits[1:]}" if digits.startswith("0") else digits  # 3639 is dialled as it is

    @property
    def opening(self) -> str:
        """The hours alone, without what a call costs."""
        return self.hours.partition(" (")[0]

    @property
    def tokens(self) -> str:
        """The colours as a style sheet, to follow the portal's own."""
        light, dark = (f":root{{{_css(each)}}}" for each in (self.light, self.dark))
        return f"{light}@media (prefers-color-scheme:dark){{{dark}}}"

    def named(self, text: str) -> str:
        """The paper's words with this mutual's name in them."""
        return text.replace("SMIE", self.short).replace("SMiE", self.mark)


def read(folder: Path) -> Brand:
    """The brand of a folder. Raises BrandFault."""
    try:
        content = tomllib.loads((folder / "brand.toml").read_text("utf-8"))
    except (OSError, ValueError) as fault:  # no UTF-8, no TOML
        raise BrandFault(f"brand.toml in {folder} can't be read: {fault}") from fault
    if absent := [name for name in DRAWINGS if not (folder / name).is_file()]:
        raise BrandFault(f"{folder} lacks {', '.join(absent)}")
    if outside := [name for name in DRAWINGS if not _is_inside(folder, name)]:
        raise BrandFault(f"{', '.join(outside)} in {folder}: a link that leads out of the folder")
    _check_icons(folder)
    _check_terms(folder)
    words = {name: _word(content, table, name) for table, names in _WORDS.items() for name in names}
    light, dark = (_colours(content, scheme) for scheme in PAPER)
    _check_contact(words)
    words["phone"] = words["phone"].replace(" ", "\u00a0")  # one word, as people dial it
    words["hours"] = re.sub(r"(?<=\d) (?=h\b)", "\u00a0", words["hours"])
    address = _address(content.get("contact", {}).get("address", []))
    try:
        links, legal = brand_extras.links(content), brand_extras.legal(content)
        duties = brand_duties.duties(content)
    except ValueError as fault:
        raise BrandFault(str(fault)) from fault
    return Brand(
        folder=folder, address=address, links=links, legal=legal, duties=duties,
        light=light, dark=dark, **words,
    )  # fmt: skip


def of(settings: Settings) -> Brand:
    """The brand that the settings name. Raises SettingsError."""
    return of_folder(settings.brand_dir)


def of_folder(folder: Path) -> Brand:
    """The brand of a folder that BRAND_DIR names. Raises SettingsError."""
    try:
        return read(folder)
    except BrandFault as fault:
        raise SettingsError(f"BRAND_DIR: {fault}") from fault


def try_terms(mutual: Brand, environment: Environment) -> None:
    """Render a mutual's own terms, which are templates too. Raises SettingsError."""
    for file in (mutual.folder / "terms").glob("*.html"):
        try:
            environment.get_template(f"terms/{file.name}").render()
        except TemplateError as fault:
            raise SettingsError(f"BRAND_DIR: {file} can't be shown: {fault}") from fault


def _address(lines: object) -> tuple[str, ...]:
    """Where letters come back to, and where those that prove the chain go."""
    if not isinstance(lines, list) or len(lines) > postal.LINES or not all(map(_fits, lines)):
        raise BrandFault(
            f"address in [contact] of brand.toml must be {postal.LINES} lines at most of "
            f"{postal.LINE_MAX} signs at most, without control signs, "
            'for example ["SMIE MUTUELLE", "1 RUE DE L EXEMPLE", "75000 EXEMPLE"]'
        )
    return tuple(line.strip() for line in lines)


def _fits(line: object) -> bool:
    return (
        isinstance(line, str)
        and bool(line.strip())
        and len(line.strip()) <= postal.LINE_MAX
        and line.strip().isprintable()
    )


def _is_inside(folder: Path, name: str) -> bool:
    return (folder / name).resolve().is_relative_to(folder.resolve())


def _word(content: dict[str, Any], table: str, name: str) -> str:
    value = content.get(table, {}).get(name)
    if not isinstance(value, str) or not value.strip():
        raise BrandFault(f"brand.toml needs {name} in [{table}]")
    if not value.strip().replace("\u00a0", " ").replace("\u202f", " ").isprintable():
        raise BrandFault(
            f"{name} in [{table}] of brand.toml must be one line, without control signs"
        )
    return value.strip()


def _check_icons(folder: Path) -> None:
    """Telephones show nothing for an icon that is something else."""
    for name in DRAWINGS:
        try:
            beginning = (folder / name).read_bytes()[: len(_PNG)]
        except OSError as fault:
            raise BrandFault(f"{folder / name} can't be read: {fault.strerror}") from fault
        if name.endswith(".png") and beginning != _PNG:
            raise BrandFault(f"{name} in {folder} must be a PNG")


def _check_terms(folder: Path) -> None:
    """Members accept them at each registration: what can't be shown would stop all of them."""
    for file in (folder / "terms").glob("*.html"):
        try:
            text = file.read_text("utf-8")
        except (OSError, ValueError) as fault:
            raise BrandFault(f"{file} can't be read, it must be text in UTF-8: {fault}") from fault
        if not text.strip():
            raise BrandFault(f"{file} is empty")
        if len(file.stem) > LONGEST_VERSION:
            raise BrandFault(
                f"{file} must be named by its version, {LONGEST_VERSION} signs at most, "
                "for example 2026-12.html"
            )


def _check_contact(words: Mapping[str, str]) -> None:
    """What members dial and write to."""
    if not _PHONE.fullmatch(re.sub(r"[\s.]", "", words["phone"])):
        raise BrandFault(
            "phone in [contact] of brand.toml must be a telephone number, "
            "for example 01 99 00 12 34, 36 39 or +33 1 99 00 12 34"
        )
    for name in ("email", "accessibility", "privacy"):
        try:
            kept = setting_addresses.sender(words[name])
        except ValueError:
            kept = ""
        if kept != words[name] or "<" in kept:
            raise BrandFault(
                f"{name} in [contact] of brand.toml must be a mail address alone, its domain as "
                "xn--… where it has accents, for example adherents@example.org"
            )


def _colours(content: dict[str, Any], scheme: str) -> dict[str, str]:
    found = {name: _word(content, scheme, name) for name in _COLOURS}
    for name, value in found.items():
        if not _COLOUR.fullmatch(value):
            raise BrandFault(f"{name} in [{scheme}] of brand.toml must be written as #rrggbb")
    found["wash"] = mixed(found["brand"], PAPER[scheme], WASH)
    found["hair"] = mixed(found["brand"], PAPER[scheme], HAIR)
    pairs = (
        ("brand", PAPER[scheme], TEXT),
        ("brand-deep", PAPER[scheme], TEXT),
        ("accent-ink", PAPER[scheme], TEXT),
        ("brand", found["wash"], TEXT),
        ("brand-deep", found["wash"], TEXT),
        ("on-brand", found["brand"], TEXT),
        ("on-brand", found["brand-deep"], TEXT),
    )
    for name, ground, least in pairs:
        if ratio(found[name], ground) < least:
            raise BrandFault(
                f"{name} in [{scheme}] of brand.toml can't be read on {ground}: "
                f"{ratio(found[name], ground):.1f}, at least {least} is needed"
            )
    return found


def _css(colours: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items()).rstrip(";")
