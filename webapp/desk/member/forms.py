"""Why a member's page is opened, and what the caller answered."""

from collections.abc import Collection

from wtforms import BooleanField, StringField
from wtforms.validators import StopValidation

from webapp.desk.fields import BirthField, ReasonField, ReasonForm
from webapp.rules import credentials
from webapp.web.forms import PortalForm, Typed

# what people ring about, as the member reads it after « ouvert par un conseiller de la mutuelle : »
COMMON = (
    "courrier pas arrivé",
    "courrier périmé ou perdu",
    "erreur dans l’adresse e-mail",
    "aucun mail n’arrive",
    "mot de passe ou boîte mail perdus",
    "trop d’essais, connexion bloquée",
    "téléphone ou ordinateur volé",
    "changement de nom ou d’adresse",
    "couple, une seule boîte mail",
    "appel d’un tuteur ou d’un parent",
    "décès signalé",
    "refus de l’espace en ligne",
)
POSTAL_CODE_DIGITS = 5


def _postal_code(text: str) -> str | None:
    return credentials.digits(text, POSTAL_CODE_DIGITS)


class WhyForm(ReasonForm):
    """A member's page is opened for a reason: one of the common ones, or in words."""

    reason = ReasonField("Autre motif")


class AnswersForm(PortalForm):
    """What the caller answered to the questions that are asked."""

    birth_date = BirthField("Quelle est votre date de naissance ?")
    postal_code = StringField(
        "Quel est votre code postal ?",
        [Typed("desk_missing_answer", "desk_postal_code_shape", _postal_code)],
    )

    def __init__(self, *args: object, asked: Collection[str] = (), **kwargs: object):
        super().__init__(*args, **kwargs)
        for name in ("birth_date", "postal_code"):
            if name not in asked:
                del self[name]

    @property
    def given(self) -> dict[str, object]:
        """What was answered, by question."""
        return {field.short_name: field.normal for field in self if hasattr(field, "normal")}


class UnaskedForm(ReasonForm):
    """A supervisor goes on where there is nothing to ask."""

    reason = ReasonField("Comment savez-vous qui appelle ?")
    sure = BooleanField("Je sais qui appelle, et j’en réponds")

    def validate_sure(self, field: BooleanField) -> None:
        """The box must be ticked."""
        if not field.data:
            raise StopValidation("desk_unticked")
