"""Tokens that are not compressed are those of Flask-WTF and itsdangerous all the same."""

import pytest
from flask import Flask, g, session
from flask_wtf.csrf import generate_csrf, validate_csrf
from itsdangerous import URLSafeSerializer
from wtforms import ValidationError

from webapp.web.tokens import PlainSerializer, csrf_token


def test_flask_wtf_takes_our_token_and_we_take_its_secret(app: Flask) -> None:
    with app.test_request_context("/connexion"):
        csrf_token()
        del g.csrf_token  # the next request of a browser that has its secret
        ours = csrf_token()
        assert ours == csrf_token() == generate_csrf(), "one a request"
        validate_csrf(ours, time_limit=None)
        with pytest.raises(ValidationError):
            validate_csrf(ours[:-2], time_limit=None)
        session["csrf_token"] = "another browser's"
        with pytest.raises(ValidationError):
            validate_csrf(ours, time_limit=None)


def test_a_secret_is_made_once_and_is_long(app: Flask) -> None:
    with app.test_request_context("/connexion"):
        csrf_token()
        secret = session["csrf_token"]
        assert len(secret) == 40
    with app.test_request_context("/connexion"):
        csrf_token()
        assert session["csrf_token"] != secret


def test_each_reads_what_the_other_writes() -> None:
    plain, usual = PlainSerializer("key", salt="s"), URLSafeSerializer("key", salt="s")
    content = {"csrf_token": "a" * 400}
    assert plain.loads(usual.dumps(content)) == usual.loads(plain.dumps(content)) == content
    assert usual.dumps(content).startswith("."), "compressed"
    assert not plain.dumps(content).startswith(".")
