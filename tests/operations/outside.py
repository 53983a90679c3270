"""The world around the machine, which no document of ours sets up: providers, a roll, a release."""

import subprocess
import sys

from tests.operations.machine import Failed, Machine
from tests.operations.visits import LETTERS, MAILS

# members' providers: one that takes everything, one that takes a mail and sends it back later
_PROVIDERS = r"""
useradd --create-home adherents
echo 'perdu: "|exit 67"' >> /etc/aliases
newaliases
postconf -e "mydestination = $(postconf -h mydestination), adherents.example.org" \
  'local_recipient_maps =' 'luser_relay = adherents@localhost' 'home_mailbox = Maildir/' \
  'maillog_file = /var/log/mail.log'
service postfix restart
"""
_BOUNCED = "perdu@adherents.example.org"  # EX_NOUSER, once the mail was taken


def provide(host: Machine) -> None:
    """The providers, and the mutual's own file in root's folder; the portal makes the codes."""
    host.run(_PROVIDERS)
    rows = ["numero_adherent;civilite;nom;prenom"]
    rows += [f"{number:08};Mme;EXEMPLE;Odile" for number in range(200101, 200141)]
    (host.root / "root" / "adherents.csv").write_text("\n".join(rows) + "\n")


def publish_next_version(host: Machine) -> None:
    """A commit later in the project's repository: another style sheet."""
    work = host.root.parent / "next"
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(work)]
    mirror = host.root.parent / "portal.git"
    subprocess.run(["git", "clone", "--quiet", mirror, work], check=True)
    for sheet in (work / "static" / "css").glob("*.css"):
        sheet.write_text(sheet.read_text() + "\n.next { color: inherit; }\n")
    subprocess.run([*git, "commit", "--quiet", "-am", "The next version"], check=True)
    subprocess.run([*git, "push", "--quiet", "origin", "HEAD"], check=True)


def read_about_a_bounce(host: Machine) -> str:
    """Somebody registers with an address that takes no mail; the timer's unit reads the report."""
    number, code = _letter(host, 20)
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
    lines = (host.root / LETTERS).read_text(encoding="utf-8-sig").splitlines()
    cells = lines[row].split(";")
    return cells[0], cells[lines[0].split(";").index("code_acces")]
