"""Prints the sample letters of the demonstration, and where its mails can be read."""

import csv
from collections.abc import Sequence
from pathlib import Path

SHOWN = 4


def show(addresses: Sequence[tuple[str, int]], desk: str = "") -> None:
    """The first few members of the sample roll, as their letters name them. `addresses`: where the
    portal listens, hosts with ports; `desk`: the desk's address, where it is served beside it."""
    if not addresses:  # a socket of the system's
        return
    host, port = addresses[0][:2]
    if host == "127.0.0.1":
        host = "localhost"  # the same, and browsers make passkeys there
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    with (Path(__file__).parent / "adherents.csv").open(encoding="utf-8-sig", newline="") as file:
        letters = list(csv.DictReader(file, delimiter=";"))[:SHOWN]
    lines = [
        "",
        f"  Le portail : {address}",
        *([f"  Le guichet : {desk}, pour les opérateurs"] if desk else []),
        f"  Courriers  : {address}/demo/courriers, à imprimer : build/courriers.pdf",
        f"  Les mails  : {address}/demo/boite-mail",
        "",
        "  Courriers d’exemple :",
        *(
            f"    numéro d’adhérent {each['numero_adherent']}   code d’accès {each['code_acces']}"
            f"   ({each['prenom']} {each['nom']})"
            for each in letters
        ),
        "",
        "  Ctrl+C pour arrêter.",
        "",
    ]
    print("\n".join(lines), flush=True)
