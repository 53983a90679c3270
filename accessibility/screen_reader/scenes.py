"""The scenes that are listened to: a name, and what a member does there with the keyboard."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import update

from accessibility.screen_reader.listener import Listener
from accessibility.screen_reader.ways import (
    fills,
    fills_sign_in,
    path_of,
    reaches_code,
    reaches_terms,
    registered_elsewhere,
    signs_in,
    types_code,
)
from player.members import ODILE
from player.screens.mailbox import CONFIRMATION, RECOVERY
from player.world import NEW_PASSWORD
from webapp.models import StoredSession

Play = Callable[[Listener], None]


def reads(path: str) -> Play:
    """The whole page, as it comes."""
    return lambda member: member.open(path)


def help_page(member: Listener) -> None:
    member.open("/aide")
    member.to("Me connecter sans code")
    member.key("Return", "Return")


def statement(member: Listener) -> None:
    """Its figures are another run's: what has a name and a role is listened to."""
    member.open("/accessibilite", read=False)
    member.key("h", "h", "h")
    member.to("Voir les 20 pages")
    member.key("Return")
    member.to("formulaire en ligne")


def sign_in(member: Listener) -> None:
    member.stage.has_account_of(ODILE)
    member.open("/connexion")
    member.to("Email")
    member.key("Tab", "Tab", "Return", "Tab")


def sign_in_refused(member: Listener) -> None:
    member.open("/connexion", read=False)
    member.to("Je me connecte")
    member.send()
    member.key("Down", "Tab", "Return")


def code(member: Listener) -> None:
    reaches_code(member)
    member.key("Down", "Down", "Down")
    member.to("Code de sécurité")


def code_empty(member: Listener) -> None:
    reaches_code(member, listen=False)
    member.to("Valider")
    member.send()
    member.key("Down")


def code_wrong(member: Listener) -> None:
    right = reaches_code(member, listen=False)
    types_code(member, f"{(int(right) + 1) % 1_000_000:06d}")
    member.key("Down", "Down")


def code_sent_again(member: Listener) -> None:
    reaches_code(member, listen=False)
    member.stage.clock.advance(seconds=61)
    member.to("Renvoyer le code")
    member.send()
    member.key("Down")


def space(member: Listener) -> None:
    signs_in(member)
    member.key("Down", "Down", "Down")
    member.reload(read=True)


def new_app(member: Listener) -> None:
    signs_in(member)
    member.go("/espace/securite/deuxieme-etape", read=False)
    member.to("Ajouter une application")
    member.send()
    member.reload(read=True)
    member.to("Valider")
    member.send()
    member.key("Tab", "Return")


def my_data(member: Listener) -> None:
    signs_in(member)
    member.go("/espace/mes-donnees")
    member.to("Voir la liste complète")
    member.key("Return")


def forgotten(member: Listener) -> None:
    member.open("/mot-de-passe-oublie")
    member.to("Recevoir le lien")
    member.send()
    member.key("Tab", "Return")


def new_password(member: Listener) -> None:
    member.stage.has_account_of(ODILE)
    member.open("/mot-de-passe-oublie", read=False)
    fills(member, ("Email", ODILE.email), ("Numéro d’adhérent", ODILE.number))
    member.send()
    mail = member.stage.post_office.wait_for(ODILE.email, RECOVERY)
    member.go(path_of(member, mail.target("Je choisis un nouveau mot de passe")), read=False)
    words = "Nouveau mot de passe", "Répétez votre nouveau"
    fills(member, *((label, NEW_PASSWORD) for label in words))
    member.send()
    member.reload(read=True)


def about_me_refused(member: Listener) -> None:
    member.open("/inscription", read=False)
    member.to("Continuer")
    member.send()
    member.key("Tab", "Return")


def terms(member: Listener) -> None:
    reaches_terms(member, listen=True)
    member.key("Down", "Down")
    member.to("J’accepte")
    member.to("Continuer")
    member.send()
    member.key("Tab", "Return", "space")


def recorded(member: Listener) -> None:
    reaches_terms(member, listen=False)
    member.to("J’accepte")
    member.skip("space")
    member.to("Continuer")
    member.send()
    member.key("Down", "Down", "Down", "Down", "Down")
    member.stage.clock.advance(seconds=61)
    member.to("Renvoyer le message")
    member.send()
    member.to("L’adresse n’est pas la bonne")
    member.key("Return")
    member.to("Nouvelle adresse")


def waiting(member: Listener) -> None:
    reaches_terms(member, listen=False)
    member.to("J’accepte")
    member.skip("space")
    member.to("Continuer")
    member.send(listen=False)
    member.go("/inscription")


def link(member: Listener) -> None:
    registered_elsewhere(member)
    mail = member.stage.post_office.wait_for(ODILE.email, CONFIRMATION)
    member.open(path_of(member, mail.link))
    member.to("Je valide mon inscription")
    member.send()
    member.key("Down", "Down")
    member.to("Je me connecte")


def in_progress(member: Listener) -> None:
    registered_elsewhere(member)
    member.open("/connexion", read=False)
    fills_sign_in(member)
    member.send()
    member.reload(read=True)
    member.to("Code d’activation")
    member.type("0000000000000")
    member.send()
    member.key("Down", "Down")


def countdown(member: Listener) -> None:
    reaches_code(member, listen=False)
    member.stage.clock.advance(minutes=3, seconds=30)
    member.reload()
    member.to("Code de sécurité")
    member.waits("une minute passe", 45)
    member.skip("Tab")
    member.key("Up")


def session_end(member: Listener) -> None:
    signs_in(member)
    soon = member.stage.clock.now() + timedelta(seconds=150)
    with member.stage.engine.begin() as connection:
        connection.execute(update(StoredSession).values(ends_at=soon))
    member.reload()
    member.waits("deux minutes avant la fin", 60)
    member.send()


def no_network(member: Listener) -> None:
    member.open("/connexion", read=False)
    fills_sign_in(member)
    member.stage.leaves()
    member.send()
    member.key("Tab", "Return")


def passkey(member: Listener) -> None:
    member.open("/connexion/cle/directe", read=False)
    member.to("Utiliser ma clé")
    member.send()
    member.key("Escape", quiet=4)
    member.key("Down")


# The longest first: the lanes then end together.
SCENES: dict[str, Play] = {
    "aide": help_page, "vos-donnees": reads("/donnees-personnelles"), "enregistree": recorded, "cgu": terms,
    "attend": waiting, "donnees": my_data, "application": new_app, "change": new_password,
    "en-cours": in_progress, "fin-de-session": session_end, "compte-a-rebours": countdown,
    "lien": link, "espace": space, "oubli": forgotten, "code-faux": code_wrong,
    "code-vide": code_empty, "code-renvoye": code_sent_again, "code": code,
    "reseau-perdu": no_network, "connexion": sign_in, "connexion-refusee": sign_in_refused,
    "infos": reads("/inscription"), "infos-refusees": about_me_refused, "accessibilite": statement,
    "accueil": reads("/"), "cle": passkey, "plan": reads("/plan-du-site"), "mentions": reads("/mentions-legales"),
}  # fmt: skip
