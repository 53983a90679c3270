"""What `flask qa run` does with its options."""

import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import TypedDict, Unpack

import click
from playwright.sync_api import Error

from player.givens import letters_of
from qa import report
from qa.browsers import ENGINES, PROFILES
from qa.incidents import INCIDENTS
from qa.letters import Letters
from qa.mailboxes import mailbox
from qa.runner import Options
from qa.runner import run as play_all
from webapp.adapters.imap import ImapFault
from webapp.rules.procedure import PROCEDURES, SIGN_IN, Procedure
from webapp.rules.typography import french
from webapp.settings import ROOT

KNOWN = {each.key: each for each in (*PROCEDURES, *INCIDENTS)}


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


MAIL_URLS = {
    "sink": "smtp://127.0.0.1:1025",
    "mailpit": "http://127.0.0.1:8025",
    "mailhog": "http://127.0.0.1:8025",
    "imap": "imaps://127.0.0.1/INBOX",
    "typed": "",
}


def run(**given: Unpack[Given]) -> int:
    """Play what was asked for; 0 when all went well, 1 otherwise, 2 when it can't be played."""
    if given["procedures"] == ("list",):
        for each in KNOWN.values():
            _say(f"{each.key:22} {each.title}")
        return 0
    try:
        options, letters = _options(given), _letters(given)
    except _Unclear as fault:
        _say(str(fault), err=True)
        return 2
    needed = sum(map(letters_of, options.procedures))
    if len(letters) < needed:
        _say(
            f"Il faut {needed} courrier(s) neuf(s), il en reste {len(letters)} : "
            "faites-en avec « flask qa members make ».",
            err=True,
        )
        return 2
    return _play(options, letters, given)


def _play(options: Options, letters: Letters, given: Given) -> int:
    began, when = time.perf_counter(), datetime.now().astimezone()
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        box = mailbox(
            given["mails"],
            given["mail_url"] or MAIL_URLS[given["mails"]],
            given["mail_user"],
            given["mail_password"],
            ca=given["mail_ca"],
            checked=not given["insecure"],
        )
        played = play_all(options, box, letters, _say)
    except ImapFault as fault:
        _say(f"La boîte mail ne peut pas être lue : {fault}", err=True)
        return 2
    except (OSError, Error) as fault:
        _say(f"L’essai n’a pas pu commencer ou continuer : {str(fault)[:400]}", err=True)
        return 2
    seconds = time.perf_counter() - began
    page = report.write(played, options, seconds, when.strftime("%d/%m/%Y à %H:%M"))
    failed = any(each.failed for each in played)
    _say(f"{'Échec' if failed else 'Réussi'} en {seconds:.1f} s. Résultat : {page}")
    return 1 if failed else 0


class _Unclear(Exception):
    """An option that cannot be followed; the message says what to do."""


def _options(given: Given) -> Options:
    for name, typed, known in (
        ("profile", given["profile"], PROFILES),
        ("engine", given["engine"], ENGINES),
        ("mails", given["mails"], tuple(MAIL_URLS)),
    ):
        if typed not in known:
            raise _Unclear(f"--{name} : choisissez parmi {', '.join(known)}.")
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


def _procedures(keys: tuple[str, ...]) -> tuple[Procedure, ...]:
    """None: the paper from its first line to its last."""
    if keys == ("all",):
        return tuple(KNOWN.values())
    unknown = [key for key in keys if key not in KNOWN]
    if unknown:
        raise _Unclear(f"Procédure inconnue : {unknown[0]}. Connues : {', '.join(KNOWN)}, all.")
    return tuple(KNOWN[key] for key in keys) or (SIGN_IN,)


def _letters(given: Given) -> Letters:
    if given["member"]:
        number, colon, code = given["member"].partition(":")
        if not colon:
            raise _Unclear("--member s’écrit NUMÉRO:CODE, par exemple QAESSAI0001:4F7K-9QXM-2T6B.")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "member.csv"
            file.write_text(f"numero_adherent;code_acces\n{number};{code}\n")
            return Letters(file, given["email"], remember=False)
    if not given["letters"]:
        raise _Unclear(
            "Donnez un courrier : --member NUMÉRO:CODE, ou --letters FICHIER (voir « flask qa "
            "members make »)."
        )
    if not given["letters"].exists():
        raise _Unclear(f"« {given['letters']} » n’existe pas.")
    return Letters(given["letters"], given["email"])


def _say(sentence: str, *, err: bool = False) -> None:
    click.echo(french(sentence), err=err)
