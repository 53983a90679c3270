"""Signed values of cookies and forms, in the format of itsdangerous and Flask-WTF, without their
compression: it makes a value of forty digits longer, and clears 256 KiB to find out."""

from functools import lru_cache

from flask import current_app, g, session
from flask_wtf.csrf import generate_csrf
from itsdangerous import Serializer, URLSafeSerializer, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode


class PlainSerializer(URLSafeSerializer):
    """Reads what URLSafeSerializer writes, and the other way round."""

    def dump_payload(self, obj: object, *args: object, **kwargs: object) -> bytes:
        """JSON in URL-safe base64."""
        return base64_encode(Serializer.dump_payload(self, obj, *args, **kwargs))


class PlainTimedSerializer(URLSafeTimedSerializer):
    """The same with the time of making."""

    dump_payload = PlainSerializer.dump_payload


def csrf_token() -> str:
    """This request's form token, as Flask-WTF's `generate_csrf` makes it and `validate_csrf` reads
    it; the session gets its secret when it has none yet."""
    if "csrf_token" not in g:
        if "csrf_token" not in session:
            return str(generate_csrf())
        g.csrf_token = _signer(current_app.secret_key).dumps(session["csrf_token"])
    token: str = g.csrf_token
    return token


@lru_cache(maxsize=4)
def _signer(key: str) -> PlainTimedSerializer:
    return PlainTimedSerializer(key, salt="wtf-csrf-token")
