"""How a member who listens comes to a page: what several scenes begin with."""

from accessibility.screen_reader.listener import Listener
from player.members import ODILE
from player.screens.mailbox import SECURITY_CODE
from player.world import PASSWORD


def fills(member: Listener, *typed: tuple[str, str]) -> None:
    """Each field reached by Tab and typed into."""
    for label, words in typed:
        member.to(label)
        member.type(words)


def fills_sign_in(member: Listener) -> None:
    """Address and password."""
    fills(member, ("Email", ODILE.email), ("Mot de passe", PASSWORD))


def signs_in(member: Listener) -> None:
    """Both steps."""
    types_code(member, reaches_code(member, listen=False))


def registered_elsewhere(member: Listener) -> None:
    """On another device; the mail is here."""
    member.stage.sends_letter_to(ODILE)
    member.stage.has_registered(ODILE)


def path_of(member: Listener, address: str) -> str:
    """What stands after the site's own."""
    return address.removeprefix(member.stage.url)


def reaches_code(member: Listener, *, listen: bool = True) -> str:
    """The mailed code is asked for; returns it."""
    member.stage.has_account_of(ODILE)
    member.open("/connexion", read=False)
    fills_sign_in(member)
    member.send(listen=listen)
    return member.stage.post_office.wait_for(ODILE.email, SECURITY_CODE).security_code


def types_code(member: Listener, digits: str) -> None:
    """The code's field, then Enter."""
    member.to("Code de sécurité")
    member.type(digits)
    member.send()


def reaches_terms(member: Listener, *, listen: bool) -> None:
    """« Mes infos » is filled in and sent."""
    member.stage.sends_letter_to(ODILE)
    member.open("/inscription", read=False)
    fills(
        member, ("Numéro d’adhérent", ODILE.number), ("Code d’accès", ODILE.access_code),
        ("Email", ODILE.email), ("Mot de passe", PASSWORD), ("Répétez", PASSWORD),
    )  # fmt: skip
    member.send(listen=listen)
