"""The samples for operators keep what the register says of them."""

import re

import pytest

from webapp.settings import ROOT

DEPLOY = ROOT / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text()
SERVICES = sorted(DEPLOY.glob("*.service"))


def test_the_proxy_speaks_today_s_tls_alone_with_keys_of_the_moment() -> None:
    assert re.findall(r"ssl_protocols (.*);", NGINX) == ["TLSv1.2 TLSv1.3"]
    ciphers = re.findall(r"ssl_ciphers (.*);", NGINX)[0].split(":")
    assert all(re.match(r"ECDHE-(ECDSA|RSA)-(AES|CHACHA20)", each) for each in ciphers)
    assert not any(each.endswith("SHA") or "CBC" in each for each in ciphers)


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
    unit = (DEPLOY / "portal-web@.service").read_text()
    grace = re.findall(r"^graceful_timeout = (\d+)$", (ROOT / "gunicorn.conf.py").read_text(), re.M)
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
