"""What the voice wrote, read: which texts were said, and which were cut by the next."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from accessibility.transcript import steady

BEGIN, END = "BEGIN ", "END"
PACE = 160  # characters a second (voice.sh)
_SPOKEN = (
    (r"\b(\d[\d ]*\d|\d)(?= (?:liens?|titres?|repères?|formulaires?|éléments?)\b)", "‹n›"),
    (r"\b\d{1,2} (?:h|heures?) \d{2}\b", "‹heure›"),
    (r"\b(?:localhost|127\.0\.0\.1)\b[ \d]*", "‹site› "),
)

# what browsers and Orca say of themselves, and what is said when the machine is busy (Orca tells its
# mode, or is cut before it does)
_LEFT_OUT = (
    "Chargement de New Tab", "Chargement en cours", "Veuillez patienter", "Lecteur d’écran",
    "Envoi en cours", "Mode navigation", "Mode focus",
)  # fmt: skip


@dataclass(frozen=True)
class Utterance:
    """One text that was given to the voice. `cut`: it was interrupted before its end."""

    text: str
    cut: bool = False

    def __str__(self) -> str:
        return f"{self.text} ✂" if self.cut else self.text


def utterances(lines: list[str]) -> Iterator[Utterance]:
    """A BEGIN followed by its END was heard to the end; anything else was cut. What is no
    part of the page is left out."""
    return (each for each in _all(lines) if not any(words in each.text for words in _LEFT_OUT))


def _all(lines: list[str]) -> Iterator[Utterance]:
    begun: str | None = None
    for line in lines:
        if line.startswith(BEGIN):
            if begun is not None:
                yield Utterance(_clean(begun), cut=True)
            begun = line.removeprefix(BEGIN)
        elif line == END and begun is not None:
            yield Utterance(_clean(begun))
            begun = None
    if begun is not None:
        yield Utterance(_clean(begun), cut=True)


def needs(lines: list[str]) -> float:
    """How many seconds the text that is being said takes: none when nobody speaks."""
    last = lines[-1] if lines else END
    return len(last.encode()) / PACE if last.startswith(BEGIN) else 0.0


def _clean(text: str) -> str:
    """The same whatever the day."""
    text = steady(re.sub(r"\s+", " ", text).strip())
    for shape, sign in _SPOKEN:
        text = re.sub(shape, sign, text)
    return text.strip()
