"""The settings: each one missing, wrong and right; every fault told at once, by name."""

import os
from contextlib import chdir

import pytest

from tests.sinks import self_signed
from webapp.setting_values import DEMO_SECRET
from webapp.settings import DEMO_DATABASE, ROOT, Settings, SettingsError, read

GIVEN = {
    "SECRET_KEY": "a secret key of the tests that is long enough",
    "PUBLIC_URL": "https://espace.example.org",
    "MAIL_SERVER": "smtp.example.org",
}

LONG = "0123456789" * 4


def faults(environment):
    with pytest.raises(SettingsError) as error:
        read(environment)
    return str(error.value).splitlines()


def test_three_settings_are_enough_and_the_rest_has_safe_defaults():
    settings = read(GIVEN)
    assert settings.secret_key == GIVEN["SECRET_KEY"]
    assert settings.public_url == "https://espace.example.org"
    assert settings.mail_server == "smtp.example.org"
    assert settings == Settings(**{name.lower(): value for name, value in GIVEN.items()})
    assert not settings.demo and settings.secure
    assert settings.database_url.startswith("sqlite:///")
    assert (settings.mail_worker, settings.trusted_proxies) == ("embedded", 0)
    assert (settings.trusted_device_days, settings.limit_per_address) == (30, 100)
    assert settings.limit_recoveries_per_address == 20


@pytest.mark.parametrize("wrong", ["abc", "0"])
def test_what_gunicorn_itself_reads_is_checked_with_the_others(wrong):
    (fault,) = faults(GIVEN | {"WEB_CONCURRENCY": wrong})
    assert fault.startswith("WEB_CONCURRENCY must be a whole number from ") and "example" in fault
    assert read(GIVEN | {"WEB_CONCURRENCY": "4"}).public_url


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_number_of_processes_is_refused_as_gunicorn_itself_would(empty):
    (fault,) = faults(GIVEN | {"WEB_CONCURRENCY": empty})
    assert fault.startswith("WEB_CONCURRENCY is empty") and "example" in fault


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("empty", [None, "", "  "])
def test_a_required_setting_that_is_missing_is_named_with_what_it_must_be(name, empty):
    environment = {key: value for key, value in GIVEN.items() if key != name}
    if empty is not None:
        environment[name] = empty
    (fault,) = faults(environment)
    assert fault.startswith(f"{name} is missing: it must be ") and "example" in fault


def test_every_fault_is_told_in_one_message_each_once():
    told = faults({"PUBLIC_URL": "http://example.org", "MAIL_PORT": "x", "MAIL_WORKER": "y"})
    assert [each.split()[0] for each in told] == [
        "PUBLIC_URL",
        "MAIL_PORT",
        "MAIL_WORKER",
        "SECRET_KEY",
        "MAIL_SERVER",
    ]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "x" * 31),
        ("SECRET_KEY", "x" * 40),
        ("SECRET_KEY", '"' + "0123456789" * 4 + '"'),
        ("SECRET_KEY", "0123456789" * 4 + "\n" + "0123456789"),
        ("SECRET_KEY", "0123456789" * 4 + "\udce9"),
        ("SECRET_KEY_FALLBACKS", "0123456789" * 4 + ",short"),
        ("METRICS_TOKEN", "x" * 40),
        ("METRICS_TOKEN", "é" + "0123456789" * 4),
        ("SECRET_KEY", DEMO_SECRET),
        ("PUBLIC_URL", "espace.example.org"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "ftp://espace.example.org"),
        ("PUBLIC_URL", "https://espace.example.org/portail"),
        ("PUBLIC_URL", "https://espace.example.org?x=1"),
        ("PUBLIC_URL", "https://espace.example.org#x"),
        ("PUBLIC_URL", "https://user:secret@espace.example.org"),
        ("PUBLIC_URL", "https://espace.example.org:port"),
        ("PUBLIC_URL", "https://[::1"),
        ("PUBLIC_URL", "https://espace example.org"),
        ("PUBLIC_URL", "http://espace.example.org"),
        ("PUBLIC_URL", "https://espace.example.org:70000"),
        ("DATABASE_URL", "portal.sqlite3"),
        ("DATABASE_URL", "mysql://db.example.org/portal"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("MAIL_PORT", "0"),
        ("MAIL_PORT", "65536"),
        ("MAIL_PORT", "smtp"),
        ("MAIL_USE_TLS", "starttls"),
        ("MAIL_USE_SSL", "2"),
        ("MAIL_BOUNCES", "Retours <retours@example.org>"),
        ("MAIL_BOUNCES", "retours"),
        ("MAIL_BOUNCES", "retours@example.org> NOTIFY=NEVER"),
        ("MAIL_BOUNCES", "rétours@example.org"),
        ("MAIL_BOUNCES", "retours@203.0.113.7"),
        ("MAIL_BOUNCES", "les..retours@example.org"),
        ("MAIL_BOUNCES", "retours@-example.org"),
        ("MAIL_REPLY_TO", "conseil"),
        ("MAIL_CA_FILE", "/nowhere/relay-ca.pem"),
        ("MAIL_CA_FILE", __file__),
        ("MAIL_DEFAULT_SENDER", "SMIE"),
        ("MAIL_DEFAULT_SENDER", "SMIE <nepasrepondre@>"),
        ("MAIL_DEFAULT_SENDER", "SMIE <nepasrepondre@example.org>\nBcc: x@example.net"),
        ("MAIL_WORKER", "none"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "11"),
        ("TRUSTED_PROXIES", "1_0"),
        ("TRUSTED_PROXIES", "٢"),
        ("TRUSTED_DEVICE_DAYS", "31"),
        ("TRUSTED_DEVICE_DAYS", "-1"),
        ("TRUSTED_DEVICE_DAYS", "1.5"),
        ("LIMIT_PER_ADDRESS", "-1"),
        ("LIMIT_RECOVERIES_PER_ADDRESS", "-1"),
        ("ARGON2_TIME_COST", "0"),
        ("ARGON2_MEMORY_COST", "7"),
        ("ARGON2_PARALLELISM", "0"),
        ("DEMO", "perhaps"),
        ("BRAND_DIR", "/nowhere"),
        ("BRAND_DIR", "/" + "n" * 300),
    ],
)
def test_a_wrong_setting_is_named_with_an_example(name, wrong):
    (fault,) = faults({**GIVEN, name: wrong})
    assert fault.startswith(f"{name} ")
    assert "example" in fault or wrong == DEMO_SECRET


@pytest.mark.parametrize("name", ["SECRET_KEY", "MAIL_PASSWORD"])
def test_no_fault_and_no_traceback_shows_a_secret(name):
    secret = "le secret"
    for fault in faults({"SECRET_KEY": secret, "DATABASE_URL": f"mysql://portal:{secret}@db/x"}):
        assert secret not in fault
    settings = read({**GIVEN, "MAIL_USERNAME": "portal", "MAIL_PASSWORD": "x", name: LONG + secret})
    assert secret not in repr(settings)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("SECRET_KEY", "0123456789" * 4, "0123456789" * 4),
        ("PUBLIC_URL", "https://espace.example.org/", "https://espace.example.org"),
        ("PUBLIC_URL", "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("PUBLIC_URL", "http://localhost", "http://localhost"),
        ("PUBLIC_URL", "http://[::1]:8000", "http://[::1]:8000"),
        ("DATABASE_URL", "sqlite:////srv/portal.sqlite3", "sqlite:////srv/portal.sqlite3"),
        ("DATABASE_URL", "postgresql://p@db/portal", "postgresql://p@db/portal"),
        ("DATABASE_URL", "postgresql+psycopg://p@db/portal", "postgresql+psycopg://p@db/portal"),
        ("MAIL_PORT", "587", 587),
        ("MAIL_USE_TLS", "1", True),
        ("MAIL_USE_TLS", "False", False),
        ("SECRET_KEY_FALLBACKS", f'"{LONG}",', (f'"{LONG}"',)),
        ("SECRET_KEY_FALLBACKS", f"{LONG}a, {LONG}b,{LONG}a", (f"{LONG}a", f"{LONG}b")),
        ("MAIL_DEFAULT_SENDER", "SMIE <non@example.org>", "SMIE <non@example.org>"),
        ("MAIL_BOUNCES", "retours+smie@example.org", "retours+smie@example.org"),
        ("MAIL_BOUNCES", "retours@santé.example.org", "retours@xn--sant-epa.example.org"),
        ("MAIL_REPLY_TO", "Conseil <conseil@example.org>", "Conseil <conseil@example.org>"),
        ("MAIL_WORKER", "external", "external"),
        ("TRUSTED_PROXIES", "1", 1),
        ("TRUSTED_DEVICE_DAYS", "0", 0),
        ("LIMIT_PER_ADDRESS", "0", 0),
        ("LIMIT_RECOVERIES_PER_ADDRESS", "40", 40),
        ("ARGON2_TIME_COST", "3", 3),
        ("ARGON2_MEMORY_COST", " 65536 ", 65_536),
        ("ARGON2_PARALLELISM", "2", 2),
        ("DEMO", "0", False),
    ],
)
def test_a_right_setting_is_read(name, text, value):
    assert getattr(read({**GIVEN, name: text}), name.lower()) == value


def test_the_demonstration_needs_nothing_and_stays_on_this_machine():
    settings = read({"DEMO": "1"})
    assert settings.demo and settings.public_url == "http://localhost:8000"
    assert (settings.secret_key, settings.mail_server) == (DEMO_SECRET, "")
    assert settings.database_url == DEMO_DATABASE != Settings("", "", "").database_url
    assert read({"DEMO": "1", "PORT": "8100"}).public_url == "http://localhost:8100"


def test_the_demonstration_refuses_a_relay_and_a_public_address():
    told = faults({"DEMO": "1", **GIVEN})
    assert [each.split()[0] for each in told] == ["MAIL_SERVER", "PUBLIC_URL"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000", "http://localhost:9000"])
def test_the_demonstration_takes_any_loopback_address(url):
    assert read({"DEMO": "1", "PUBLIC_URL": url}).public_url == url


def test_the_portal_answers_to_its_own_name_alone():
    assert read(GIVEN).hosts == ["espace.example.org"]
    assert "127.0.0.1" in read({"DEMO": "1"}).hosts
    other = read({**GIVEN, "PUBLIC_URL": "http://127.0.0.2:8000"}).hosts
    assert "127.0.0.2" in other and "espace.example.org" not in other


def test_the_settings_cannot_be_changed_once_read():
    with pytest.raises(AttributeError):
        read(GIVEN).demo = True


def test_the_environment_is_read_when_nothing_else_is_given(monkeypatch):
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DEMO", "0")
    assert read().public_url == GIVEN["PUBLIC_URL"]


ACCOUNT = {"MAIL_USERNAME": "portal@example.org", "MAIL_PASSWORD": "épice de mer"}


@pytest.mark.parametrize(
    ("together", "named"),
    [
        ({"MAIL_USERNAME": "portal"}, "MAIL_PASSWORD is missing"),
        ({"MAIL_PASSWORD": "un mot"}, "MAIL_USERNAME is missing"),
        ({"MAIL_USE_TLS": "1", "MAIL_USE_SSL": "1", "MAIL_PORT": "465"}, "MAIL_USE_TLS must not"),
        ({"MAIL_USE_SSL": "1"}, "MAIL_PORT must be"),
        ({"MAIL_USE_SSL": "1", "MAIL_PORT": "587"}, "MAIL_PORT must be"),
        ({"MAIL_PORT": "465"}, "MAIL_USE_SSL must be 1"),
        ({"MAIL_PORT": "465", "MAIL_USE_TLS": "1"}, "MAIL_USE_SSL must be 1"),
        ({"METRICS_TOKEN": LONG, "SECRET_KEY": LONG}, "METRICS_TOKEN must not be SECRET_KEY"),
        ({**ACCOUNT, "MAIL_PASSWORD": LONG, "SECRET_KEY": LONG}, "MAIL_PASSWORD must not be"),
        ({"ARGON2_PARALLELISM": "64", "ARGON2_MEMORY_COST": "511"}, "ARGON2_MEMORY_COST must be"),
    ],
)
def test_settings_that_cannot_be_together_are_one_line(together, named):
    (fault,) = faults({**GIVEN, **together})
    assert fault.startswith(named) and "example" in fault and LONG not in fault


@pytest.mark.parametrize(
    "together",
    [
        ACCOUNT,
        {"MAIL_USE_SSL": "1", "MAIL_PORT": "465"},
        {"MAIL_USE_SSL": "yes", "MAIL_PORT": "2465"},
        {"MAIL_USE_TLS": "1", "MAIL_PORT": "587"},
        {"ARGON2_PARALLELISM": "64", "ARGON2_MEMORY_COST": "512"},
    ],
)
def test_settings_that_belong_together_are_read(together):
    settings = read({**GIVEN, **together})
    assert all(str(getattr(settings, name.lower())) in (text, "True")
               for name, text in together.items())  # fmt: skip


def test_what_is_the_demonstration_s_is_told_where_members_are_served_and_nowhere_else():
    own = {"MAIL_DEFAULT_SENDER": "Mutuelle <non@mutuelle.example.org>"}
    assert [each.split()[0] for each in read(GIVEN).warnings] == [
        "BRAND_DIR", "MAIL_DEFAULT_SENDER",
    ]  # fmt: skip
    assert [each.split()[0] for each in read({**GIVEN, **own}).warnings] == ["BRAND_DIR"]
    same = read({**GIVEN, **own, "BRAND_DIR": "static/brand"})
    assert [each.split()[0] for each in same.warnings] == ["BRAND_DIR"]
    for tests in ({"DEMO": "1"}, {**GIVEN, "QA": "1"}, {**GIVEN, "PUBLIC_URL": "http://localhost"}):
        assert read(tests).warnings == ()


@pytest.mark.parametrize("port", ["0", "99999", "abc"])
def test_a_port_that_is_none_is_one_line(port):
    (fault,) = faults({"DEMO": "1", "PORT": port})
    assert fault == "PORT must be a whole number from 1 to 65535, for example 8000"


def test_the_demonstration_takes_no_port_that_browsers_keep_closed():
    (fault,) = faults({"DEMO": "1", "PORT": "6000"})
    assert fault == "PORT must be one that browsers open, not 6000, for example 8000"
    for beside in ("5999", "65535"):
        (fault,) = faults({"DEMO": "1", "PORT": beside})
        assert fault.startswith(f"PORT must not be {beside}: the desk takes the next one")


def test_a_key_with_a_comma_is_told_since_it_could_never_be_a_former_one():
    told = read({**GIVEN, "SECRET_KEY": LONG + ",et le reste"}).warnings
    assert [each.split()[0] for each in told][:1] == ["SECRET_KEY"]
    assert len(read({**GIVEN, "SECRET_KEY": LONG}).warnings) == len(told) - 1


def test_a_relative_path_begins_at_the_portal_s_folder_wherever_a_command_is_run(tmp_path):
    with chdir(tmp_path):
        assert read({**GIVEN, "BRAND_DIR": "static/brand"}).brand_dir == ROOT / "static/brand"
        authority = self_signed(tmp_path)
        relative = os.path.relpath(authority, ROOT)
        kept = read({**GIVEN, "MAIL_CA_FILE": relative}).mail_ca_file
        assert kept and kept.samefile(authority)
