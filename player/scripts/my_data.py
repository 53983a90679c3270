"""My data, closing, new terms: what the member does at each step, and what must then show."""

from player.scene import Scene, by_key
from player.screens.my_data import AllMyData, Close, CloseCode, Declined, MyData, NewTerms
from player.screens.space import Space

CLOSING_CODE = "Votre code pour fermer votre espace"


def my_data(scene: Scene) -> None:
    Space(scene.page).follow("Mes données")
    MyData(scene.page).shows(scene.letter.number, "Pourquoi, et combien de temps")


def my_data_read(scene: Scene) -> None:
    MyData(scene.page).follow("Version à lire ou imprimer")
    AllMyData(scene.page).shows(scene.letter.email, "Le journal de sécurité")


def my_data_file(scene: Scene) -> None:
    download = AllMyData(scene.page).download()
    assert download.suggested_filename.endswith(".json")
    AllMyData(scene.page).shows()


def close_read(scene: Scene) -> None:
    Space(scene.page).follow("Mes données")
    MyData(scene.page).shows().follow("Fermer mon espace")
    Close(scene.page).shows("Votre contrat de santé continue", "Ce qui sera gardé", "5 ans")


def close_password(scene: Scene) -> None:
    Close(scene.page).ask(scene.password)
    CloseCode(scene.page).shows("Utilisable encore")


def close_mail(scene: Scene) -> None:
    assert scene.open_mail(CLOSING_CODE).says("Ce n’était pas vous ?")


def close_code(scene: Scene) -> None:
    assert scene.mail is not None
    CloseCode(scene.page).enter(scene.mail.security_code)
    Close(scene.page).shows("Garder mon espace")


def keep(scene: Scene) -> None:
    Space(scene.page).open().says("Votre espace sera effacé le")
    Close(scene.page).keep()
    MyData(scene.page).shows()


def new_terms(scene: Scene) -> None:
    NewTerms(scene.page).shows("Lisez le nouveau texte").accept()
    Space(scene.page).shows()


def decline_terms(scene: Scene) -> None:
    NewTerms(scene.page).shows().decline()
    Declined(scene.page).shows("Emporter mes données", "Me déconnecter")


SCRIPTS = by_key(
    my_data,
    my_data_read,
    my_data_file,
    close_read,
    close_password,
    close_mail,
    close_code,
    keep,
    new_terms,
    decline_terms,
)
