"""The desk: its unit, its proxy, its first supervisor, a rolling restart with an operator there."""

import re

from tests.operations.machine import Failed, Machine
from tests.operations.pages import DESK, INSTALLATION

NAME = "https://guichet.intra.example.org"
_ASKS = "curl --silent --cacert /etc/ssl/portal-desk/fullchain.pem --write-out '\\n%{http_code}' "
_CONFIG = "/etc/nginx/conf.d/portal-desk.conf"
# the play is on loopback, which is none of the sample's networks
_LET_IN = f"sed -i 's|10.20.0.0/16|127.0.0.0/8|' {_CONFIG} && nginx -t -q && systemctl reload nginx"


def manned(host: Machine) -> str:
    """The desk beside the portal, as desk.md says, and its first supervisor invited."""
    invited = host.follow(DESK, "Set up")
    links = re.findall(rf"{NAME}(/enrolement/\S+)", invited)
    if len(links) != 1:
        raise Failed(f"no link for the first supervisor: {invited[-500:]}")
    _must(host, "/connexion", "403", "Allumez le VPN")
    host.run(_LET_IN)
    _must(host, "/connexion", "200", "Connexion au guichet")
    _must(host, links[0], "200", "c.martin")
    host.follow(INSTALLATION, "A rolling restart")
    host.follow(DESK, "A restart")
    _must(host, links[0], "200", "c.martin")
    return "elsewhere 403, its network 200, the first supervisor’s link opens before and after"


def _must(host: Machine, path: str, status: str, words: str) -> None:
    for _ in range(30):  # nginx takes its new configuration within a moment
        told = host.run(f"{_ASKS} {NAME}{path}; sleep 0.2\n")
        if told.strip().endswith(status) and words in told:
            return
    raise Failed(f"{path.split('/')[1]}: not {status} with « {words} »: {told[-500:]}")
