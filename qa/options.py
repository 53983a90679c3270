"""The options of `flask qa run`, read: what can't be followed is said before anything is played."""

import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TypedDict

from qa import asking, push
from qa.browsers import ENGINES, PROFILES
from qa.known import KNOWN
from qa.letters import Letters
from qa.reports import USUAL, WRITERS
from qa.trial import Options
from webapp.rules.procedure import SIGN_IN, Procedure
from webapp.settings import ROOT


class Given(TypedDict):
    """The command's options, as they were typed."""

    base_url: str
    procedures: tuple[str, ...]
    profile: str
    engine: str
    headed: bool
    mails: str
    mail_url: str | None
    mail_user: str
    mail_password: str
    member: str | None
    letters: Path | None
    email: str
    mail_ca: Path | None
    insecure: bool
    out: Path | None
    reports: tuple[str, ...]
    push: str | None


MAIL_URLS = {
    "sink": "smtp://127.0.0.1:1025",
    "mailpit": "http://127.0.0.1:8025",
    "mailhog": "http://127.0.0.1:8025",
    "imap": "imaps://127.0.0.1/INBOX",
    "typed": "",
}


class Unclear(Exception):
    """An option that cannot be followed; the message says what to do."""


def read(given: Given) -> Options:
    """What is to be played, and how. Raises Unclear."""
    for name, typed, known in (
        ("profile", given["profile"], PROFILES),
        ("engine", given["engine"], ENGINES),
        ("mails", given["mails"], tuple(MAIL_URLS)),
    ):
        if typed not in known:
            raise Unclear(f"--{name} : choisissez parmi {', '.join(known)}.")
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    return Options(
        base_url=given["base_url"].rstrip("/"),
        procedures=_procedures(given["procedures"]),
        profile=given["profile"],
        engine=given["engine"],
        out=(given["out"] or ROOT / "build" / "qa" / stamp).resolve(),
        headed=given["headed"],
        insecure=given["insecure"],
    )


def read_reports(given: Given) -> tuple[str, ...]:
    """The reports to write; what is sent is written too. Raises Unclear."""
    unknown = [kind for kind in given["reports"] if kind not in WRITERS]
    if unknown:
        raise Unclear(f"--report : choisissez parmi {', '.join(WRITERS)}.")
    sent = ("squash",) if given["push"] else ()
    return (*(given["reports"] or USUAL), *sent)


def read_token(given: Given) -> str:
    """The token for `--push`, "" without it. Raises Unclear."""
    if not given["push"]:
        return ""
    try:
        push.check(given["push"])
        return push.token(os.environ)
    except push.PushFault as fault:
        raise Unclear(str(fault)) from None


def read_mail_password(given: Given) -> str:
    """The mailbox's, asked for where an account was named without it."""
    if given["mail_user"] and not given["mail_password"]:
        return asking.secret(f"Mot de passe de {given['mail_user']}")
    return given["mail_password"]


def _procedures(keys: tuple[str, ...]) -> tuple[Procedure, ...]:
    """None: the paper from its first line to its last."""
    if keys == ("all",):
        return tuple(KNOWN.values())
    unknown = [key for key in keys if key not in KNOWN]
    if unknown:
        raise Unclear(f"Procédure inconnue : {unknown[0]}. Connues : {', '.join(KNOWN)}, all.")
    return tuple(KNOWN[key] for key in keys) or (SIGN_IN,)


def read_letters(given: Given) -> Letters:
    """The paper letters to play with. Raises Unclear."""
    if given["member"]:
        number, _, code = given["member"].partition(":")
        code = code or _asked_code(number)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "member.csv"
            file.write_text(f"numero_adherent;code_acces\n{number};{code}\n")
            return Letters(file, given["email"], remember=False)
    if not given["letters"]:
        raise Unclear(
            "Donnez un courrier : --member NUMÉRO, ou --letters FICHIER (voir « flask qa "
            "members make »)."
        )
    if not given["letters"].exists():
        raise Unclear(f"« {given['letters']} » n’existe pas.")
    return Letters(given["letters"], given["email"])


def _asked_code(number: str) -> str:
    """The access code of a member of whom only the number was typed."""
    code = asking.secret(f"Code d’accès de {number}")
    if not code:
        raise Unclear(
            "Le code d’accès manque : QA_MEMBER s’écrit NUMÉRO:CODE, par exemple "
            "QAESSAI0001:4F7K-9QXM-2T6B."
        )
    return code
