"""My data, closing the space, new terms."""

from accessibility.states.state import WRONG, State
from accessibility.visit import Visit
from player.members import ODILE
from player.screens.my_data import Close, CloseCode, MyData, NewTerms, TermsProof
from player.screens.space import Space
from player.scripts.my_data import CLOSING_CODE
from webapp.rules.procedure import CLOSE, DECLINE_TERMS, KEEP, MY_DATA, NEW_TERMS, SIGN_IN


def page(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    visit.walk(MY_DATA, until="my_data")


def read(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    visit.walk(MY_DATA, until="my_data_read")


def terms_proof(visit: Visit) -> None:
    page(visit)
    visit.page.get_by_role("link", name="acceptée le").click()
    TermsProof(visit.page).shows("son empreinte est la même")


def closing(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    visit.walk(CLOSE, until="close_read")


def closing_refused(visit: Visit) -> None:
    closing(visit)
    Close(visit.page).ask(WRONG)
    Close(visit.page).refuses("Ce n’est pas votre mot de passe actuel")


def closing_code(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    visit.walk(CLOSE, until="close_password")


def closing_code_undeliverable(visit: Visit) -> None:
    closing_code(visit)
    visit.mails_came_back()
    CloseCode(visit.page).says("n’a pas pu être remis")


def closing_code_wrong(visit: Visit) -> None:
    closing_code(visit)
    code = visit.stage.post_office.wait_for(ODILE.email, CLOSING_CODE).security_code
    CloseCode(visit.page).enter(f"{(int(code) + 1) % 10**6:06d}")
    CloseCode(visit.page).refuses("Ce code n’est pas le bon")


def closing_asked(visit: Visit) -> None:
    visit.walk(SIGN_IN)
    visit.walk(CLOSE)


def space_closing(visit: Visit) -> None:
    closing_asked(visit)
    Space(visit.page).open().says("Votre espace sera effacé le")


def kept(visit: Visit) -> None:
    closing_asked(visit)
    visit.walk(KEEP)


def new_terms(visit: Visit) -> None:
    visit.has_account()
    visit.stage.has_older_terms()
    visit.sign_in_by_mail()
    NewTerms(visit.page).shows()


def new_terms_unticked(visit: Visit) -> None:
    new_terms(visit)
    NewTerms(visit.page).submit("Continuer")
    NewTerms(visit.page).refuses("Cochez la case")


def new_terms_accepted(visit: Visit) -> None:
    new_terms(visit)
    visit.walk(NEW_TERMS)


def declined(visit: Visit) -> None:
    new_terms(visit)
    visit.walk(DECLINE_TERMS)


def declined_data(visit: Visit) -> None:
    """Who declined may still read the data."""
    declined(visit)
    MyData(visit.page).open()


STATES: tuple[State, ...] = (
    State("donnees", "Mes données", "my_data/page.html", page),
    State("donnees-lire", "Toutes mes données", "my_data/export.html", read),
    State("donnees-accord", "Preuve de mon accord", "my_data/terms.html", terms_proof),
    State("fermer", "Fermer mon espace", "closing/page.html", closing),
    State("fermer-refuse", "Fermer, mot de passe faux", "closing/page.html", closing_refused),
    State("fermer-code", "Fermer, le code", "closing/code.html", closing_code),
    State("fermer-non-remis", "Fermer, mail revenu", "closing/code.html", closing_code_undeliverable),
    State("fermer-code-faux", "Fermer, code faux", "closing/code.html", closing_code_wrong),
    State("fermer-demande", "Fermeture demandée", "closing/page.html", closing_asked),
    State("espace-ferme-bientot", "Mon espace va fermer", "space/page.html", space_closing),
    State("espace-garde", "Espace gardé", "my_data/page.html", kept),
    State("nouvelles-cgu", "Nouvelles conditions", "new_terms/page.html", new_terms),
    State("nouvelles-cgu-vide", "Nouvelles conditions, case vide", "new_terms/page.html", new_terms_unticked),
    State("nouvelles-cgu-acceptees", "Conditions acceptées", "space/page.html", new_terms_accepted),
    State("nouvelles-cgu-refus", "Conditions refusées", "new_terms/declined.html", declined),
    State("donnees-sans-cgu", "Mes données, conditions refusées", "my_data/page.html", declined_data),
)  # fmt: skip
