"""What `flask qa run` does with its options."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Unpack

import click
from playwright.sync_api import Error

from player.givens import letters_of
from qa import push, reports
from qa.known import KNOWN
from qa.letters import Letters
from qa.mailboxes import mailbox
from qa.options import (
    MAIL_URLS,
    Given,
    Unclear,
    read,
    read_letters,
    read_mail_password,
    read_reports,
    read_token,
)
from qa.runner import run as play_all
from qa.trial import LEFT, Trial
from webapp.adapters.imap import ImapFault
from webapp.cli import signals
from webapp.cli.work import WORK_KEPT
from webapp.rules.typography import french


def run(**given: Unpack[Given]) -> int:
    """Play what was asked for; 0 when all went well, 1 otherwise, 2 when it can't be played."""
    if given["procedures"] == ("list",):
        for each in KNOWN.values():
            _say(f"{each.key:22} {each.title}")
        return 0
    try:
        options, letters = read(given), read_letters(given)
        wanted = Wanted(read_reports(given), given["push"] or "", read_token(given))
    except Unclear as fault:
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
    trial = Trial(options, begun=_now(), ended=_now())
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        _play(trial, letters, given)
    except BaseException as fault:  # Ctrl+C and its like, or a fault of ours
        # what Playwright waited for is lost, and asyncio would tell of it after the report
        logging.getLogger("asyncio").disabled = True
        with signals.unheard():
            trial.stopped = "L’essai a été interrompu."
            _end(trial, wanted)
        if signal := told_to_end(fault):
            raise signal from None
        raise
    if trial.stopped:
        _say(trial.stopped, err=True)
    return _end(trial, wanted)


def told_to_end(fault: BaseException | None) -> KeyboardInterrupt | None:
    """The signal behind this fault, None for none: Playwright, cut off in the middle of a call,
    can't end as it wants to, and raises that instead."""
    while fault is not None and not isinstance(fault, KeyboardInterrupt):
        fault = fault.__context__
    return fault


@dataclass(frozen=True)
class Wanted:
    """What becomes of the results: the formats, and where they are sent ("" for nowhere)."""

    reports: tuple[str, ...]
    push: str
    token: str


def _play(trial: Trial, letters: Letters, given: Given) -> None:
    """Play it all. `trial.stopped` says what ended it early, Ctrl+C and its like apart."""
    try:
        box = mailbox(
            given["mails"],
            given["mail_url"] or MAIL_URLS[given["mails"]],
            given["mail_user"],
            read_mail_password(given),
            ca=given["mail_ca"],
            checked=not given["insecure"],
        )
        play_all(trial, box, letters, _say)
    except ImapFault as fault:
        trial.stopped = f"La boîte mail ne peut pas être lue : {fault}"
    except (OSError, Error) as fault:
        trial.stopped = f"L’essai n’a pas pu commencer ou continuer : {str(fault)[:400]}"


def _end(trial: Trial, wanted: Wanted) -> int:
    """Write the reports, and send them; what the command ends with."""
    trial.ended = _now()
    if trial.stopped and all(each.verdict == LEFT for each in trial.outcomes):
        return 2
    files = reports.write(trial, wanted.reports)
    if context := click.get_current_context(silent=True):
        context.meta[WORK_KEPT] = True
    how = "Interrompu" if trial.stopped else "Échec" if trial.failed else "Réussi"
    _say(f"{how} en {trial.seconds:.1f} s. Résultat : {', '.join(map(str, files))}")
    code = 2 if trial.stopped else 1 if trial.failed else 0
    return code if trial.stopped or _sent(trial, wanted) else max(code, 1)


def _sent(trial: Trial, wanted: Wanted) -> bool:
    """Whether all that was to be sent was taken. A run that was cut short is not sent."""
    if not wanted.push:
        return True
    try:
        push.send(wanted.push, wanted.token, (trial.options.out / "squash.json").read_bytes())
    except push.PushFault as fault:
        _say(str(fault), err=True)
        return False
    _say("Squash TM a pris les résultats.")
    return True


def _now() -> datetime:
    return datetime.now().astimezone()


def _say(sentence: str, *, err: bool = False) -> None:
    click.echo(french(sentence), err=err)
