"""Screens 5 to 9."""

from typing import Self

from playwright.sync_api import Locator, expect

from player.members import Letter
from player.screens.screen import Screen
from player.world import PASSWORD
from webapp.rules.credentials import grouped

ANOTHER = "Inscrire une autre personne"
TAKEN = "Numéro et code déjà remplis."


class _Shared(Screen):
    """What is offered where a registration of this browser shows."""

    def for_another_person(self) -> None:
        """« Inscrire une autre personne »."""
        self.submit(ANOTHER)


class AboutMe(_Shared):
    """Screen 5: « Mes infos »."""

    path = "/inscription"
    heading = "Inscription"

    def open_by_qr(self, letter: Letter) -> Self:
        """Read the letter's QR code with this device."""
        self.page.goto(letter.qr_path)
        return self.shows()

    def has_taken(self, letter: Letter) -> Self:
        """Number and code are those of the letter; the page says so, and reading goes on there."""
        line = self.page.get_by_text(TAKEN)
        expect(line).to_be_focused()
        expect(self.field("Numéro d’adhérent")).to_have_value(letter.number)
        expect(self.field("Code d’accès")).to_have_value(grouped(letter.access_code))
        return self

    def fill_the_rest(self, letter: Letter, password: str = PASSWORD) -> Self:
        """What no letter says."""
        self.write("Email", letter.email)
        self.write("Mot de passe", password)
        self.write("Répétez votre mot de passe", password)
        return self

    def fill(self, letter: Letter, password: str = PASSWORD, **changes: str) -> Self:
        """The five fields, the letter in hand; `changes` names those that differ."""
        self.write("Numéro d’adhérent", changes.get("number", letter.number))
        self.write("Code d’accès", changes.get("access_code", letter.access_code))
        self.write("Email", changes.get("email", letter.email))
        self.write("Mot de passe", password)
        self.write("Répétez votre mot de passe", changes.get("repeat", password))
        return self

    def go_on(self) -> None:
        """« Continuer »."""
        self.submit("Continuer")

    def is_filled_with(self, letter: Letter) -> None:
        """What was typed is still there, the secrets are not."""
        self.keeps(letter)
        expect(self.field("Mot de passe")).to_have_value("")

    def keeps(self, letter: Letter) -> None:
        """What was typed is still there, whatever the browser does with passwords."""
        expect(self.field("Numéro d’adhérent")).to_have_value(letter.number)
        expect(self.field("Email")).to_have_value(letter.email)

    def is_empty(self) -> None:
        """Nothing of the person before."""
        for label in ("Numéro d’adhérent", "Code d’accès", "Email", "Mot de passe"):
            expect(self.field(label)).to_have_value("")
        expect(self.button(ANOTHER)).to_have_count(0)


class Terms(Screen):
    """Screen 6: « CGU »."""

    path = "/inscription/cgu"
    heading = "Conditions générales d’utilisation"
    tick = "J’accepte les conditions générales d’utilisation"

    @property
    def box(self) -> Locator:
        """The terms in a box that scrolls."""
        return self.page.get_by_role("region", name=self.heading)

    def accept(self) -> Self:
        """Tick."""
        self.check(self.tick)
        return self

    def go_on(self) -> None:
        """« Continuer »."""
        self.submit("Continuer")


class _Waiting(Screen):
    """What screen 7 and « Inscription en cours » offer."""

    def send_again(self) -> None:
        """« Renvoyer le message »."""
        self.submit("Renvoyer le message")

    def change_address(self, email: str, access_code: str = "") -> None:
        """« L’adresse n’est pas la bonne ? », on screen 7 with the letter in hand."""
        new = self.field("Nouvelle adresse e-mail")
        if not new.is_visible():
            self.page.get_by_text("L’adresse n’est pas la bonne ?").click()
        self.actor.write(new, email)
        if access_code:
            self.write("Code d’accès", access_code)
        self.submit("Changer d’adresse")


class Recorded(_Waiting, _Shared):
    """Screen 7."""

    path = "/inscription/confirmation"
    heading = "Votre inscription est prise en compte"


class Waits(_Shared):
    """Screen 5 where a registration waits already in this browser."""

    path = "/inscription"
    heading = "Une inscription attend"

    def see(self) -> None:
        """« Voir où j’en suis »."""
        self.follow("Voir où j’en suis")


class InProgress(_Waiting):
    """« Inscription en cours »: the second way."""

    path = "/inscription/en-cours"
    heading = "Inscription en cours"

    def activate(self, code: str) -> None:
        """The 13 digits, « Valider »."""
        self.write("Code d’activation", code)
        self.submit("Valider")

    def leave(self) -> None:
        """« Me déconnecter »."""
        self.submit("Me déconnecter")


class Link(Screen):
    """The page of screen 8's link, where it does not post by itself."""

    heading = "Validez votre inscription"

    def confirm(self) -> None:
        """The one button."""
        self.submit("Je valide mon inscription")


class Cut(Screen):
    """A link of which a piece is missing."""

    heading = "Ce lien n’est pas entier"


class Finished(_Shared):
    """Screen 9."""

    heading = "Votre inscription est finalisée"


class Over(Screen):
    """Too late, or replaced."""

    heading = "Cette inscription n’est plus valable"


class AlreadyMember(Screen):
    """The letter was used."""

    heading = "Vous avez déjà un espace"


class AddressInUse(Screen):
    """The address got an account in between."""

    heading = "Cette adresse sert déjà à un autre espace"
