"""The world around the machine, which no document of ours sets up: providers, a roll."""

import csv
import sys

from tests.operations.machine import Failed, Machine
from tests.operations.visits import LETTERS, MAILS

# members' providers: one that takes everything, one that takes a mail and sends it back later.
# Debian's script can't stop a Postfix that has not come up yet.
_PROVIDERS = r"""
useradd --create-home adherents
echo 'perdu: "|exit 67"' >> /etc/aliases
newaliases
postconf -e "mydestination = $(postconf -h mydestination), adherents.example.org" \
  'local_recipient_maps =' 'luser_relay = adherents@localhost' 'home_mailbox = Maildir/' \
  'maillog_file = /var/log/mail.log'
service postfix restart || { sleep 3; service postfix restart; }
"""
MEMBERS = 2400
_BOUNCED = "perdu@adherents.example.org"  # EX_NOUSER, once the mail was taken


def hand_over_the_roll(host: Machine) -> None:
    """The mutual's own file, in root's folder; the portal makes the codes."""
    rows = ["numero_adherent;civilite;nom;prenom"]
    rows += [f"{200100 + row:08};Mme;EXEMPLE;Odile" for row in range(1, MEMBERS + 1)]
    (host.root / "root" / "adherents.csv").write_text("\n".join(rows) + "\n")


def provide(host: Machine) -> None:
    """The members' providers, on this machine's own relay."""
    host.run(_PROVIDERS)


def read_about_a_bounce(host: Machine) -> str:
    """Somebody registers with an address that takes no mail; the timer's unit reads the report."""
    number, code = _letter(host, 10)
    script = "from tests.operations import bounce; bounce.main()"
    member = host.beside(
        sys.executable, "-c", script, number, code, _BOUNCED, str(host.root / MAILS)
    )
    assert member.stdout and member.stdin
    member.stdout.readline()
    host.run(
        "for n in $(seq 60); do ls /var/mail/retours/new/* >/dev/null 2>&1 && break; sleep 1; done"
    )
    told = host.run("/srv/portal/deploy/portal mail bounces imap://retours@127.0.0.1/INBOX")
    answer, _ = member.communicate("look\n")
    if "pas pu être remis" not in answer:
        raise Failed(f"the member reads nothing of it: {answer[:600]}\n{told}")
    return f"{told.strip()} The member reads: « {answer.strip()} »"


def _letter(host: Machine, row: int) -> tuple[str, str]:
    with (host.root / LETTERS).open(encoding="utf-8-sig", newline="") as file:
        letter = list(csv.DictReader(file, delimiter=";"))[row - 1]
    return letter["numero_adherent"].strip(), letter["code_acces"]
