"""What takes longest of a batch is done before it: on SQLite everybody who writes waits for it."""

from collections.abc import Mapping, Sequence

from webapp.services.kernel.work import Work
from webapp.services.letters.choosing import Choice, Choosing, Unfit
from webapp.services.letters.sheets import Addressee


def measured(work: Work, choice: Choice, unfit: Unfit) -> Unfit:
    """The same `unfit`, which knows by now whose letter fits: who changes until the batch is made
    is measured then. `work` reads. Raises NotOnTheRoll."""
    known = _Known(unfit)
    for _ in Choosing(work, choice, known, looking=True).chunks():
        pass
    return known


class _Known:
    def __init__(self, unfit: Unfit):
        self._unfit = unfit
        self._fits: set[int] = set()  # hashes: a tenth of the memory

    def __call__(self, addressees: Sequence[Addressee]) -> Mapping[int, str]:
        prints = [*map(hash, addressees)]
        asked = [at for at, each in enumerate(prints) if each not in self._fits]
        found = self._unfit([addressees[at] for at in asked])
        self._fits.update(prints[at] for index, at in enumerate(asked) if index not in found)
        return {asked[index]: why for index, why in found.items()}
