"""The scenes that are listened to: a name, and what a member does there with the keyboard."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import update

from accessibility.screen_reader.listener import Listener
from player.members import ODILE
from player.screens.mailbox import SECURITY_CODE
from player.world import PASSWORD
from webapp.models import StoredSession

Play = Callable[[Listener], None]


def home(member: Listener) -> None:
    member.open("/")


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
    _at_code(member)
    member.key("Down", "Down", "Down")
    member.to("Code de sécurité")


def code_wrong(member: Listener) -> None:
    right = _at_code(member, listen=False)
    _types_code(member, f"{(int(right) + 1) % 1_000_000:06d}")
    member.key("Down", "Down")


def code_sent_again(member: Listener) -> None:
    _at_code(member, listen=False)
    member.stage.clock.advance(seconds=61)
    member.to("Renvoyer le code")
    member.send()
    member.key("Down")


def space(member: Listener) -> None:
    _types_code(member, _at_code(member, listen=False))
    member.key("Down", "Down", "Down")


def about_me(member: Listener) -> None:
    member.open("/inscription")


def about_me_refused(member: Listener) -> None:
    member.open("/inscription", read=False)
    member.to("Continuer")
    member.send()
    member.key("Tab", "Return")


def terms(member: Listener) -> None:
    _at_terms(member, listen=True)
    member.key("Down", "Down")
    member.to("J’accepte")
    member.to("Continuer")
    member.send()
    member.key("Tab", "Return", "space")


def recorded(member: Listener) -> None:
    _at_terms(member, listen=False)
    member.to("J’accepte")
    member.skip("space")
    member.to("Continuer")
    member.send()
    member.key("Down", "Down", "Down", "Down", "Down")


def countdown(member: Listener) -> None:
    _at_code(member, listen=False)
    member.stage.clock.advance(minutes=3, seconds=30)
    member.reload()
    member.to("Code de sécurité")
    member.waits("une minute passe", 45)
    member.skip("Tab")
    member.key("Up")


def session_end(member: Listener) -> None:
    _types_code(member, _at_code(member, listen=False))
    soon = member.stage.clock.now() + timedelta(seconds=150)
    with member.stage.engine.begin() as connection:
        connection.execute(update(StoredSession).values(ends_at=soon))
    member.reload()
    member.waits("deux minutes avant la fin", 60)
    member.send()


def no_network(member: Listener) -> None:
    member.open("/connexion", read=False)
    _fills_sign_in(member)
    member.stage.leaves()
    member.send()
    member.key("Tab", "Return")


def passkey(member: Listener) -> None:
    member.open("/connexion/cle/directe", read=False)
    member.to("Utiliser ma clé")
    member.send()
    member.key("Escape", quiet=4)
    member.key("Down")


def _fills_sign_in(member: Listener) -> None:
    member.to("Email")
    member.type(ODILE.email)
    member.to("Mot de passe")
    member.type(PASSWORD)


def _at_code(member: Listener, *, listen: bool = True) -> str:
    """The mailed code is asked for; returns it."""
    member.stage.has_account_of(ODILE)
    member.open("/connexion", read=False)
    _fills_sign_in(member)
    member.send(listen=listen)
    return member.stage.post_office.wait_for(ODILE.email, SECURITY_CODE).security_code


def _types_code(member: Listener, digits: str) -> None:
    member.to("Code de sécurité")
    member.type(digits)
    member.send()


def _at_terms(member: Listener, *, listen: bool) -> None:
    member.stage.sends_letter_to(ODILE)
    member.open("/inscription", read=False)
    typed = (
        ("Numéro d’adhérent", ODILE.number), ("Code d’accès", ODILE.access_code),
        ("Email", ODILE.email), ("Mot de passe", PASSWORD), ("Répétez", PASSWORD),
    )  # fmt: skip
    for label, words in typed:
        member.to(label)
        member.type(words)
    member.send(listen=listen)


SCENES: dict[str, Play] = {
    "accueil": home, "connexion": sign_in, "connexion-refusee": sign_in_refused, "code": code,
    "code-faux": code_wrong, "code-renvoye": code_sent_again, "espace": space, "infos": about_me,
    "infos-refusees": about_me_refused, "cgu": terms, "enregistree": recorded,
    "compte-a-rebours": countdown, "fin-de-session": session_end, "reseau-perdu": no_network,
    "cle": passkey,
}  # fmt: skip
