"""A batch's list as it leaves the desk: encrypted in memory, for one recipient."""

from collections.abc import Iterator

from webapp.cli import age_files, letters_csv
from webapp.rules.letters import SHEETS_A_FILE
from webapp.rules.refusals import Refusal
from webapp.services.desk import lots
from webapp.services.kernel.work import Work
from webapp.services.letters import batches
from webapp.services.letters.batches import Batch, BatchRefused


def encrypted_list(work: Work, batch_id: int) -> tuple[str, bytes]:
    """The file's name and bytes; nobody downloads it again. Where it can't be written, nothing is
    noted. Raises Refusal: desk_list_taken, desk_batch_over."""
    with work.db.begin_nested():
        batch = lots.take_list(work, batch_id)
        whom = age_files.recipient(batch.recipient)
        try:
            content, digests = age_files.encrypted(_rows(work, batch), whom)
        except BatchRefused as refused:
            raise Refusal("desk_batch_over") from refused
        lots.note_taken(work, batch, digests.stored)
    return age_files.name_for(f"lot-{batch.id}.csv", whom), content


def _rows(work: Work, batch: Batch) -> Iterator[bytes]:
    """As `flask letters make` writes them."""
    yield letters_csv.text([letters_csv.COLUMNS]).encode("utf-8-sig")
    for first in range(1, batch.letters + 1, SHEETS_A_FILE):
        sheets = batches.sheets(work, batch, first, first + SHEETS_A_FILE - 1)
        yield letters_csv.text(letters_csv.cells(each, batch.portal) for each in sheets).encode()
