"""Secrets that whoever plays types when they are asked: a command line shows in `ps`."""

import sys

import click

from webapp.rules.typography import french


def secret(question: str) -> str:
    """What is typed, unseen; "" when nobody is there to answer."""
    if not (sys.stdin and sys.stdin.isatty()):
        return ""
    asked = french(f"{question} :")
    return str(click.prompt(asked, hide_input=True, prompt_suffix=" ", err=True)).strip()
