"""The floors: Flask with next to nothing in it. Served from the peers' environment."""

from argon2 import PasswordHasher
from flask import Flask, render_template

app = Flask(__name__)
hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
stored = hasher.hash("quatre mots sans rapport")


@app.get("/mot")
def word() -> str:
    """One word."""
    return "bonjour"


@app.get("/page")
def page() -> str:
    """One template: a sign-in form."""
    return render_template("bare.html", fields={"email": "E-mail", "password": "Mot de passe"})


@app.get("/argon2")
def check() -> str:
    """One password check, and one word."""
    hasher.verify(stored, "quatre mots sans rapport")
    return "bonjour"
