"""Addresses among the settings: kept as those who read them later write them, or refused."""

import pytest
from sqlalchemy import make_url

from webapp import setting_addresses
from webapp.adapters.passkeys import WebAuthnPasskeys
from webapp.setting_values import ROOT
from webapp.settings import DEMO_DATABASE, REAL_DATABASE

ESPACE = "https://espace.example.org"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (ESPACE, ESPACE),
        (f"{ESPACE}/", ESPACE),
        (f"{ESPACE}:443", ESPACE),
        (f"{ESPACE}:0443/", ESPACE),
        (f"{ESPACE}:8443", f"{ESPACE}:8443"),
        ("HTTPS://Espace.Example.ORG", ESPACE),
        ("https://mutuelle-santé.example.org", "https://xn--mutuelle-sant-nhb.example.org"),
        ("https://MUTUELLE-SANTÉ.example.org", "https://xn--mutuelle-sant-nhb.example.org"),
        ("https://intranet", "https://intranet"),
        ("http://localhost:80", "http://localhost"),
        ("http://LOCALHOST:8000", "http://localhost:8000"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[0:0:0:0:0:0:0:1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_portal_s_address_is_kept_as_browsers_write_an_origin(text, kept):
    assert setting_addresses.url(text) == kept
    assert setting_addresses.url(kept) == kept


def test_passkeys_are_asked_for_the_origin_that_browsers_say():
    passkeys = WebAuthnPasskeys(setting_addresses.url("HTTPS://Espace.example.org:443"), "SMIE")
    assert (passkeys._host, passkeys._origin) == ("espace.example.org", ESPACE)


@pytest.mark.parametrize(
    "text",
    [
        "https://espace.example.org.",
        "https://espace..example.org",
        "https://-espace.example.org",
        "https://espace_1.example.org",
        "https://" + "a" * 64 + ".example.org",
        "https://" + "a." * 130 + "org",
        "https://xn--zz.example.org",
        "https://espace%2eexample.org",
        "https://user@espace.example.org",
        "https://espace.example.org:0",
        "https://espace.example.org:6000",
        "https://espace.example.org:99999",
        "https://espace.example.org:",
        "https://203.0.113.7",
        "https://203.0.113",
        "https://0x7f.1",
        "https://[2001:db8::1]",
        "https://espace.example.org//chemin",
        "https:// espace.example.org",
    ],
)
def test_an_address_that_browsers_or_passkeys_would_refuse_is_refused(text):
    with pytest.raises(ValueError, match=r"^must .*for example https://espace\.example\.org$"):
        setting_addresses.url(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("smtp.example.org", "smtp.example.org"),
        ("SMTP.example.org.", "smtp.example.org"),
        ("smtp.mutuelle-santé.example.org", "smtp.xn--mutuelle-sant-nhb.example.org"),
        ("mail_relay", "mail_relay"),
        ("10.0.0.25", "10.0.0.25"),
        ("[2001:db8::25]", "2001:db8::25"),
        ("2001:db8::25", "2001:db8::25"),
    ],
)
def test_a_relay_is_a_host_name_or_an_address(text, kept):
    assert setting_addresses.relay(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "smtp://smtp.example.org",
        "smtp.example.org:587",
        "smtp example.org",
        "a@b.org",
        "smtp/",
        ".",
    ],
)
def test_what_is_no_host_is_no_relay(text):
    with pytest.raises(ValueError, match="host name alone, its port is MAIL_PORT"):
        setting_addresses.relay(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("nepasrepondre@example.org", "nepasrepondre@example.org"),
        ("Mutuelle Santé <a@example.org>", "Mutuelle Santé <a@example.org>"),
        ("Mutuelle S.A. <a@example.org>", '"Mutuelle S.A." <a@example.org>'),
        ('"Mutuelle, Santé" <a@example.org>', '"Mutuelle, Santé" <a@example.org>'),
        ('"Mutuelle (Santé)" <a@example.org>', '"Mutuelle (Santé)" <a@example.org>'),
        ("SMIE <a@Mutuelle-Santé.example.org>", "SMIE <a@xn--mutuelle-sant-nhb.example.org>"),
        ("SMIE <prenom.nom+x@example.org>", "SMIE <prenom.nom+x@example.org>"),
    ],
)
def test_a_sender_is_kept_as_a_header_writes_it(text, kept):
    assert setting_addresses.sender(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "Mutuelle, Santé <a@example.org>",
        "a@example.org, b@example.org",
        "Santé <santé@example.org>",
        "SMIE <a b@example.org>",
        'SMIE <"a b"@example.org>',
        "SMIE <a@example.org> et suite",
        "SMIE <a@localhost>",
        "Mutuelle (Santé) <a@example.org>",
        "SMIE <a@203.0.113.7>",
        "SMIE <a@[203.0.113.7]>",
        "SMIE <a..b@example.org>",
        f"SMIE <{'a' * 65}@example.org>",
        f"{'M' * 101} <a@example.org>",
        "<>",
        "@example.org",
    ],
)
def test_a_sender_that_a_relay_would_refuse_is_refused(text):
    with pytest.raises(ValueError, match="must be one address without accents before its @"):
        setting_addresses.sender(text)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("sqlite:////srv/portal.sqlite3", "/srv/portal.sqlite3"),
        ("sqlite:///data/portal.sqlite3", str(ROOT / "data/portal.sqlite3")),
        ("sqlite+pysqlite:////srv/p.sqlite3", "/srv/p.sqlite3"),
        ("sqlite:////srv/50%25 %23%3F/p.sqlite3", "/srv/50% #?/p.sqlite3"),
    ],
)
def test_a_sqlite_file_is_the_same_from_every_folder(text, path):
    kept = setting_addresses.database(text)
    assert make_url(kept).database == path
    assert setting_addresses.database(kept) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("postgresql://p:a%40b@db/portal", "postgresql://p:a%40b@db/portal"),
        ("postgres://p@db/portal", "postgresql://p@db/portal"),
        ("postgresql+psycopg://p@db/x?sslmode=require", None),
        ("postgresql+psycopg:///portal?host=/var/run/postgresql", None),
        ("postgresql+psycopg:///portal?host=a:5432&host=b:5433", None),
    ],
)
def test_a_postgresql_address_is_kept(text, kept):
    expected = make_url(kept or text)
    assert make_url(setting_addresses.database(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "postgresql+psycopg2://p@db/portal",
        "postgresql+asyncpg://p@db/portal",
        "sqlite+aiosqlite:////srv/p.sqlite3",
        "sqlite:////srv/p.sqlite3?mode=ro",
        "sqlite:///file:/srv/p.sqlite3",
        "sqlite://srv/p.sqlite3",
        "postgresql+psycopg://p@db:port/portal",
        "postgresql+psycopg://p@db/portal?sslmod=require",
        "postgresql+psycopg://p@db/portal?sslmode=yes",
        "postgresql+psycopg://p@db/portal?sslmode=verify-full&sslrootcert=/nowhere.pem",
        "postgresql+psycopg://p@db/portal?sslcert=/nowhere.pem",
        "postgresql+psycopg://p@db/portal?channel_binding=perhaps",
        "postgresql+psycopg://p@db/portal?target_session_attrs=first",
        "postgresql+psycopg://p@db:99999/portal",
        "postgresql+psycopg:///portal?host=a:5432&host=b:ports",
        "postgresql+psycopg://p@db/portal?service=nowhere",
        "postgresql+psycopg://p@db/portal?options=-csearch_path%3Dportal",
    ],
)
def test_a_database_that_no_library_would_open_is_refused(text):
    with pytest.raises(ValueError, match="example"):
        setting_addresses.database(text)


def test_the_portal_s_own_files_stand_in_its_folder_whatever_that_is_called():
    for url, name in ((REAL_DATABASE, "portal.sqlite3"), (DEMO_DATABASE, "demo.sqlite3")):
        assert make_url(url).database == str(ROOT / "instance" / name)
