"""What is typed of a roll."""

from wtforms import BooleanField, HiddenField, StringField

from webapp.desk.upload_field import UploadField
from webapp.services.desk.roll_trial import Reading
from webapp.web.forms import LONGEST, PortalForm

PARSER_BYTES = 256 * 1024  # what Werkzeug may hold of a form while it looks for the file's end
UPLOAD_BYTES = 32 * 1024 * 1024  # a roll; any other form is held to the portal's own limit


class UploadForm(PortalForm):
    """A roll, and how it is to be read where that can't be guessed."""

    file = UploadField("Fichier des adhérents")
    whole = BooleanField("Le fichier est complet : compter les adhérents qui n’y sont plus")
    mark_missing = BooleanField("Noter partis ceux qui n’y sont plus")
    keep_good = BooleanField("Importer les bonnes lignes malgré les mauvaises")
    encoding = StringField("Encodage du texte")
    sheet = StringField("Feuille du classeur")
    columns = StringField("Colonnes nommées autrement")

    def reading(self) -> Reading:
        """How it is to be read. To mark members as missing, the file is taken to be whole."""
        columns = (self.columns.data or "")[:LONGEST].split(";")
        return Reading(
            encoding=(self.encoding.data or "").strip()[:LONGEST],
            sheet=(self.sheet.data or "").strip()[:LONGEST],
            columns=tuple(each.strip() for each in columns if each.strip()),
            keep_good=self.keep_good.data and not self.mark_missing.data,
            whole=self.whole.data or self.mark_missing.data,
            mark_missing=self.mark_missing.data,
        )


class ApplyForm(PortalForm):
    """The second operator's agreement: `seen` is what the page told them."""

    seen = HiddenField()
