"""The contrast of two colours, as WCAG 2.2 counts it (relative luminance, 1.4.3 and 1.4.11)."""

TEXT = 4.5  # the least contrast of words


def ratio(one: str, other: str) -> float:
    """From 1.0 (the same) to 21.0 (black on white). Colours as « #rrggbb »."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, ground: str, share: float) -> str:
    """So much of a colour in another, as CSS's color-mix does it in sRGB."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(one * share + other * (1 - share)):02x}" for one, other in pairs)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _luminance(colour: str) -> float:
    channels = (each / 255 for each in _channels(colour))
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
