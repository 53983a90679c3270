"""Screens 1 and 2, and the pages that belong to nobody."""

from player.screens.screen import Screen


class Home(Screen):
    """Screen 1: the mutual's site."""

    path = "/"
    heading = "Votre mutuelle, à portée de main"

    def press_the_tab(self) -> None:
        """Screen 2: the tab at the top right."""
        self.follow("Espace adhérents SMIE")


class Help(Screen):
    """The steps, for members."""

    path = "/aide"
    heading = "Aide et contact"


class Accessibility(Screen):
    """The statutory statement."""

    path = "/accessibilite"
    heading = "Déclaration d’accessibilité"


class TermsToPrint(Screen):
    """The terms in force."""

    path = "/cgu"
    heading = "Conditions générales d’utilisation"


class NotFound(Screen):
    """Nothing is there."""

    path = "/nulle-part"
    heading = "Cette page n’existe pas"
