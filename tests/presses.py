"""A press for tests: prints each letter as a line of text, at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.services.letters.sheets import Addressee, PressFault, Sheet

WIDEST = 38  # signs of an address line


@dataclass
class LinePress:
    """`recipe` as the protocol says; `jams_at`: part of a member's name whose letter can't be
    printed."""

    recipe: str = "a" * 64
    jams_at: str | None = None

    def unfit(self, addressees: Sequence[Addressee]) -> Mapping[int, str]:
        return {
            at: "une ligne de l’adresse est trop longue"
            for at, each in enumerate(addressees)
            if any(len(line) > WIDEST for line in each.lines)
        }

    def files(self, files: Iterable[Sequence[Sheet]], *, made_at: datetime) -> Iterator[bytes]:
        for sheets in files:
            for each in sheets:
                if self.jams_at is not None and self.jams_at in each.to.name:
                    raise PressFault("Le modèle du courrier ne peut pas être imprimé.")
            yield "".join(
                f"{self.recipe[:4]} {made_at:%Y-%m-%d} {each.batch}/{each.sequence} "
                f"{each.to.number} {each.access_code} {each.good_until} {each.trial}\n"
                for each in sheets
            ).encode()
