"""What one build does in its turns (bench/builds.py): it is run as text in that build's folder, and
uses nothing of the portal but its addresses and what every build has."""

import csv
import os
import re
import sys
import time

from webapp import create_app

SITE = "http://127.0.0.1:8000"
PASSWORD = "une longue phrase bien tranquille"
EMAIL = f"mesure-{os.environ['MEMBER']}@example.org"

app = create_app()
client, stranger = app.test_client(), app.test_client()


def get(path: str) -> str:
    answer = client.get(path, base_url=SITE)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def post(path: str, **fields: str) -> None:
    shown = get(fields.pop("shown_at", path))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown)
    assert token, path
    sent = client.post(path, data={"csrf_token": token[1], **fields}, base_url=SITE)
    assert sent.status_code == 303, (path, sent.status_code, sent.text[-2000:])


def mailed(pattern: str) -> str:
    app.extensions["portal_sender"].send_waiting()
    found = re.search(pattern, get("/demo/boite-mail"))
    assert found, f"no mail says {pattern}"
    return found[1]


def register() -> None:
    with open("demo/adherents.csv", encoding="utf-8-sig", newline="") as file:
        letter = list(csv.DictReader(file, delimiter=";"))[int(os.environ["MEMBER"])]
    about = {"number": letter["numero_adherent"], "access_code": letter["code_acces"]}
    post("/inscription", **about, email=EMAIL, password=PASSWORD, password_repeat=PASSWORD)
    post("/inscription/cgu", accept="y")
    post(mailed(r"(/inscription/validation/[^\s\"<]+)"))
    post("/connexion", email=EMAIL, password=PASSWORD, remember="y")
    post("/connexion/code", security_code=mailed(r"(?m)\b(\d{3}\s?\d{3})(?: est votre code|$)"))
    get("/espace")


def page() -> None:
    assert stranger.get("/connexion", base_url=SITE).status_code == 200


def sign_in() -> None:
    post("/deconnexion", shown_at="/espace")
    post("/connexion", email=EMAIL, password=PASSWORD)
    get("/espace")


register()
DEEDS = {"page": page, "sign_in": sign_in}
for line in sys.stdin:
    deed, count = line.split()
    began = time.process_time()
    for _ in range(int(count)):
        DEEDS[deed]()
    print(time.process_time() - began, flush=True)
