"""The acts of the play, in their order: each types what a page says, and looks whether it is so."""

import json
from collections.abc import Callable

from tests.operations.machine import Failed, Machine
from tests.operations.pages import INSTALLATION, OPERATIONS, blocks
from webapp.settings import ROOT

# the members' own providers: what no document of ours sets up
PROVIDERS = r"""
useradd --create-home adherents
newaliases
echo 'revient.example.org error:5.1.1 no such mailbox' > /etc/postfix/transport
postconf -e 'mydestination = espace.example.org, localhost, adherents.example.org' \
  'local_recipient_maps =' 'luser_relay = adherents' 'home_mailbox = Maildir/' \
  'maillog_file = /var/log/mail.log' 'transport_maps = texthash:/etc/postfix/transport'
postfix reload
"""
LETTERS, MAILS = "srv/roll/courriers.csv", "home/adherents/Maildir"


def installed(host: Machine) -> str:
    """Installed as deploy/README.md says, to a portal behind nginx."""
    headings = (
        "Packages", "The portal", "The database", "Settings", "Schema and roll", "Servers", "nginx",
    )  # fmt: skip
    for heading in headings:
        if heading == "Schema and roll":
            host.run(PROVIDERS)
            _roll(host)
        for block in blocks(INSTALLATION, heading):
            host.type(block)
    return f"{len(headings)} sections"


def _roll(host: Machine) -> None:
    """The mutual's file, in root's folder, without codes: the portal makes them."""
    rows = ["numero_adherent;civilite;nom;prenom"]
    rows += [f"{number:08};Mme;EXEMPLE;Odile" for number in range(200101, 200141)]
    (host.root / "root" / "adherents.csv").write_text("\n".join(rows) + "\n")


def rolled(host: Machine) -> str:
    """A rolling restart, an upgrade and the way back while members sign in."""
    members = host.beside(
        str(ROOT / ".venv" / "bin" / "python"), "-m", "tests.operations.members",
        str(host.root / LETTERS), str(host.root / MAILS),
    )  # fmt: skip
    assert members.stdout
    if members.stdout.readline() != "ready\n":
        raise Failed("members could not register")
    for heading in ("A rolling restart", "A rolling restart"):
        for block in blocks(INSTALLATION, heading):
            host.type(block)
    told = json.loads(members.communicate()[0])
    if told["failures"]:
        raise Failed(f"members met {len(told['failures'])} faults: {told['failures'][:5]}")
    return f"{told['sign_ins']} sign-ins, {told['requests']} requests, 0 failures"


ALL: tuple[Callable[[Machine], str], ...] = (installed, rolled)
__all__ = ["ALL", "OPERATIONS"]
