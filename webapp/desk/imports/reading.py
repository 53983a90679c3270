"""The uploaded file, read by the same code as `flask members import`; its words for this screen."""

import io
import re

from webapp.cli.roll_files.faults import RollFileFault
from webapp.cli.roll_files.opening import read_roll
from webapp.cli.roll_files.roll_file import RollFile
from webapp.cli.roll_files.source import How
from webapp.rules.moments import paris_date
from webapp.rules.roll_file import HeaderFault
from webapp.rules.roll_headers import wanted
from webapp.services.desk.roll_trial import Reading
from webapp.web.forms import shown
from webapp.web.transactions import current_work

FAULTS = (RollFileFault, HeaderFault)
_ON_SCREEN = (  # what a command is told with, and the field that says it here
    (re.compile(r"--encoding"), "« Encodage du texte »"),
    (re.compile(r"--sheet"), "« Feuille du classeur »"),
    (re.compile(r"--column"), "« Colonnes nommées autrement »"),
    (re.compile(r"avec l’option de la ligne juste"), "avec l’encodage de la ligne juste"),
    (re.compile(r"relancez la commande"), "déposez-le de nouveau"),
    (re.compile(r"Relancez"), "Recommencez"),
)


def open_roll(content: bytes, reading: Reading) -> RollFile:
    """Raises RollFileFault, HeaderFault."""
    how = How(
        paris_date(current_work().now),
        reading.encoding or None,
        reading.sheet or None,
        wanted(reading.columns),
    )
    return read_roll(io.BytesIO(content), len(content), how)


def on_screen(sentence: object) -> list[str]:
    """A command's sentence as lines of the screen, its options by their fields' names."""
    text = str(sentence)
    for pattern, words in _ON_SCREEN:
        text = pattern.sub(words, text)
    return [shown(line.strip()) for line in text.splitlines() if line.strip()]
