"""How a command ends: with a sentence, never with a traceback."""

import os
import signal

import click
import pytest
from click.testing import CliRunner

from webapp.cli import signals
from webapp.cli.commands import PortalCommand, PortalGroup
from webapp.cli.work import committing


def ended(does, *arguments):
    params = [click.Argument(["number"], metavar="NUMÉRO")]
    command = PortalCommand("try", callback=lambda number: does(), params=params, outside=True)
    result = CliRunner().invoke(command, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result
    return result.exit_code, result.stderr.replace("\u00a0", " ")


def interrupted():
    raise KeyboardInterrupt


def committed():
    with committing():
        for each in signals.ENDING:
            os.kill(os.getpid(), each)


def told_to_end():
    os.kill(os.getpid(), signal.SIGTERM)
    raise AssertionError("it went on")


def closed_terminal():
    try:
        os.kill(os.getpid(), signal.SIGHUP)
    finally:  # systemd sends both
        os.kill(os.getpid(), signal.SIGHUP)


def committed_then_interrupted():
    committed()
    raise KeyboardInterrupt


def no_room():
    raise OSError(28, "No space left on device", "letters.csv")


@pytest.mark.parametrize(
    ("does", "code", "told"),
    [
        (interrupted, 130, "Interrompu. Rien n’a été changé.\n"),
        (told_to_end, 143, "Interrompu. Rien n’a été changé.\n"),
        (closed_terminal, 129, "Interrompu. Rien n’a été changé.\n"),
        (committed_then_interrupted, 130, "Interrompu. Ce qui était enregistré le reste.\n"),
        (no_room, 1, "La commande s’est arrêtée : « letters.csv » : le disque est plein."),
    ],
)
def test_what_cuts_a_command_short_is_one_line(does, code, told):
    ends, line = ended(does, "1")
    assert ends == code
    assert line.startswith(told) and line.count("\n") == 1


def test_an_interruption_during_the_commit_comes_too_late():
    assert ended(committed, "1") == (0, "")


def test_a_signal_that_is_ignored_stays_ignored_as_nohup_wants_it():
    former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert ended(lambda: os.kill(os.getpid(), signal.SIGHUP), "1") == (0, "")
    finally:
        signal.signal(signal.SIGHUP, former)


def test_what_is_missing_is_named_in_one_line():
    code, line = ended(committed)
    assert code == 2
    assert line == "Il manque NUMÉRO : « try --help » montre l’usage.\n"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["fiare"], "« fiare » n’est pas une commande : « lots --help » les donne.\n"),
        (["--vite"], "« --vite » n’est pas une option : « lots --help » montre l’usage.\n"),
        (["faire", "--vite"], "« --vite » n’est pas une option : « lots faire --help » montre"),
        (["faire", "--out"], "« --out » attend une valeur : « lots faire --help » montre"),
        (["faire", "--yes=1"], "« --yes » ne prend pas de valeur : « lots faire --help » montre"),
        (["faire", "1"], "Il y a un mot de trop après « lots faire » : « lots faire --help »"),
    ],
)
def test_what_is_typed_wrongly_is_one_line_in_french(typed, told):
    group = PortalGroup("lots")
    options = [click.Option(["--out"]), click.Option(["--yes"], is_flag=True)]
    group.add_command(PortalCommand("faire", params=options, outside=True))
    result = CliRunner().invoke(group, typed, prog_name="lots")
    line = result.stderr.replace("\u00a0", " ")
    assert result.exit_code == 2
    assert line.startswith(told) and line.count("\n") == 1
