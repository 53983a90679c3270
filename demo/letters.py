"""Prints the sample letters of the demonstration, and where its mails can be read."""

import csv
import os
from pathlib import Path

SHOWN = 4


def main() -> None:
    """The first few members of the sample roll, as their letters name them."""
    address = f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
    with (Path(__file__).parent / "adherents.csv").open(encoding="utf-8-sig", newline="") as file:
        letters = list(csv.DictReader(file, delimiter=";"))[:SHOWN]
    lines = [
        "",
        f"  Le portail : {address}",
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


if __name__ == "__main__":
    main()
