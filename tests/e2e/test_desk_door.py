"""Operators come in, with a key of their own."""

from player.desk import Desk
from player.virtual_authenticator import VirtualAuthenticator
from webapp.rules.roles import Role


def test_a_link_registers_a_key_that_opens_the_desk_and_the_link_has_served(
    desk: Desk, desktop
) -> None:
    VirtualAuthenticator(desktop)
    address = f"{desk.url}/enrolement/{desk.enrols('a.petit', Role.ADVISER).token}"
    desktop.goto(address)
    desktop.get_by_role("button", name="Enregistrer ma clé").click()
    desktop.get_by_text("Votre clé d’accès est enregistrée").wait_for()
    desktop.get_by_role("button", name="Me connecter avec ma clé d’accès").click()
    desktop.get_by_text("a.petit, conseiller").wait_for()
    desktop.goto(address)
    desktop.get_by_role("heading", name="Ce lien n’est plus bon", level=1).wait_for()


def test_who_is_at_work_leaves_by_a_button(desk: Desk, open_browser, scripts: bool) -> None:
    page = open_browser(scripts=scripts)
    desk.lets_in(page.context, Role.SUPERVISOR)
    page.goto(desk.url)
    page.get_by_role("button", name="Me déconnecter").click()
    page.get_by_text("Vous êtes déconnecté du guichet.").wait_for()
    page.goto(desk.url)
    page.get_by_role("heading", name="Connexion au guichet", level=1).wait_for()
