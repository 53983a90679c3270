"""The samples for operators keep what the register says of them."""

import re
from ipaddress import ip_network

import pytest

from webapp.desk.imports.forms import UPLOAD_BYTES
from webapp.settings import ROOT

DEPLOY = ROOT / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text()
SERVICES = sorted(DEPLOY.glob("*.service"))


def test_the_proxy_speaks_today_s_tls_alone_with_keys_of_the_moment() -> None:
    assert re.findall(r"ssl_protocols (.*);", NGINX) == ["TLSv1.2 TLSv1.3"]
    ciphers = re.findall(r"ssl_ciphers (.*);", NGINX)[0].split(":")
    assert all(re.match(r"ECDHE-(ECDSA|RSA)-(AES|CHACHA20)", each) for each in ciphers)
    assert not any(each.endswith("SHA") or "CBC" in each for each in ciphers)


def test_the_desk_s_proxy_lets_named_networks_in_alone_with_the_same_tls() -> None:
    desk = (DEPLOY / "nginx-desk.conf").read_text()
    for what in (r"ssl_protocols (.*);", r"ssl_ciphers (.*);"):
        assert re.findall(what, desk) == re.findall(what, NGINX)
    rules = re.findall(r"^    (allow|deny) (\S+);$", desk, re.MULTILINE)
    assert rules[-1] == ("deny", "all")
    allowed = [ip_network(network) for kind, network in rules[:-1] if kind == "allow"]
    assert allowed and all(network.is_private for network in allowed)
    assert "listen 80" not in desk, "nobody is led from a plain address to the desk"
    assert re.findall(r"^    (server_name .*);$", desk, re.MULTILINE) == [
        "server_name guichet.intra.example.org"
    ]


def test_the_desk_s_proxy_logs_no_address_and_takes_no_more_than_a_roll() -> None:
    desk = (DEPLOY / "nginx-desk.conf").read_text()
    told = re.findall(r"\$\w+", desk.partition("log_format")[2].partition(";")[0])
    assert told and not {"$request", "$request_uri", "$uri", "$args"} & set(told)
    assert not any(name.startswith(("$http_", "$sent_http_", "$arg_", "$cookie_")) for name in told)
    assert re.findall(r"error_log (.*);", desk) == ["/dev/null emerg"]
    assert re.findall(r"client_max_body_size (\w+);", desk) == ["64k", "0", "32m"]
    assert UPLOAD_BYTES == 32 * 1024 * 1024


def test_the_desk_s_proxy_waits_for_what_takes_long_and_for_that_alone() -> None:
    desk = (DEPLOY / "nginx-desk.conf").read_text()
    places = (each.partition(" {") for each in desk.split("\n    location ")[1:])
    waits = ((place, re.findall(r"proxy_read_timeout (\w+);", text)) for place, _, text in places)
    assert {place: seconds[0] for place, seconds in waits if seconds} == {
        "= /imports": "300s", "~ ^/(imports|lots)/": "300s", "/": "35s",
    }  # fmt: skip


def test_the_desk_listens_where_its_proxy_asks() -> None:
    unit = (DEPLOY / "portal-desk.service").read_text()
    [port] = re.findall(r"PORT=(\d+)", unit)
    assert f"server 127.0.0.1:{port} " in (DEPLOY / "nginx-desk.conf").read_text()
    assert "ExecStart=/srv/portal/.venv/bin/gunicorn wsgi:desk\n" in unit
    assert port not in re.findall(r"127.0.0.1:(\d+)", NGINX)


def test_the_proxy_redirects_pages_to_https_and_what_machines_ask_for_not() -> None:
    plain = re.findall(r"server \{\n    listen 80;.*?\n\}", NGINX, re.DOTALL)[0]
    assert "location = /sante { return 404; }" in plain
    assert "location / { return 301 https://$host$request_uri; }" in plain


def test_the_proxy_logs_no_address_of_a_page() -> None:
    """In no server: nginx ends a line of its error log with the request's address, at any level."""
    told = re.findall(r"\$\w+", NGINX.partition("log_format")[2].partition(";")[0])
    assert told and not {"$request", "$request_uri", "$uri", "$args"} & set(told)
    assert not any(name.startswith(("$http_", "$sent_http_", "$arg_", "$cookie_")) for name in told)
    servers = NGINX.split("\nserver {")[1:]
    for server in servers:
        assert re.findall(r"access_log (.*);", server) in (
            ["off"],
            ["/var/log/nginx/portal.log portal"],
        )
        assert re.findall(r"error_log (.*);", server) == ["/dev/null emerg"]
    assert len(servers) == 4
    assert "server_tokens off;" in NGINX


def test_the_proxy_answers_nobody_who_asks_by_another_name() -> None:
    for port in ("80", "443 ssl http2"):
        refusing = re.findall(
            rf"server \{{\n    listen {port} default_server;.*?\n\}}", NGINX, re.DOTALL
        )
        assert len(refusing) == 1 and "return 444;" in refusing[0]


@pytest.mark.parametrize("service", SERVICES, ids=lambda file: file.name)
def test_a_service_has_no_right_that_it_does_not_need(service) -> None:
    text = service.read_text()
    for line in (
        "User=portal", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes",
        "CapabilityBoundingSet=", "IPAddressDeny=any", "EnvironmentFile=/etc/portal/settings",
        "StateDirectory=portal", "StateDirectoryMode=0700",
    ):  # fmt: skip
        assert f"\n{line}\n" in text, line
    assert not re.search(r"SECRET_KEY|PASSWORD", text)


def test_a_server_has_the_time_to_finish_what_it_took() -> None:
    """docs/decisions/restarts.md: the master alone is told, and killed only after its workers."""
    grace = re.findall(r"^graceful_timeout = (\d+)$", (ROOT / "gunicorn.conf.py").read_text(), re.M)
    for name in ("portal-web@.service", "portal-desk.service"):
        unit = (DEPLOY / name).read_text()
        patience = re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.M)
        assert int(patience[0]) >= int(grace[0]) + 5
        assert "\nKillMode=mixed\n" in unit


def test_the_image_holds_the_portal_alone_without_a_secret_and_without_root() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    copied = {name for each in re.findall(r"^COPY (.+) \S+$", text, re.M) for name in each.split()}
    own = {name for name in copied if not name.startswith(("--from", "/srv"))}
    assert own == {
        "requirements/run.txt", "static", "docs/guide", "webapp", "templates", "wsgi.py",
        "gunicorn.conf.py",
    }  # fmt: skip
    build, user = text.index("flask assets build"), text.index("USER portal\n")
    assert text.index("COPY wsgi.py") < build < user, "what is served belongs to root"
    assert re.search(r"^USER portal$", text, re.M)
    assert not re.search(r"^(ENV|ARG).*(SECRET|PASSWORD|TOKEN)", text, re.M)


@pytest.mark.parametrize("service", SERVICES, ids=lambda file: file.name)
def test_a_service_that_is_restarted_is_never_given_up(service) -> None:
    """systemd's own limit, 5 starts in 10 s, would leave it failed after a standby of minutes."""
    text = service.read_text()
    assert ("\nRestart=always\n" in text) == ("\nStartLimitIntervalSec=0\n" in text)
    assert "StartLimit" not in text.partition("\n[Service]\n")[2], "it belongs to [Unit]"
