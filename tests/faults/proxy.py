"""nginx with the sample of deploy/, on ports of loopback: without its certificate, or with one."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.faults.portal import Portal, free_port, wait_until
from tests.faults.relay import HOST
from webapp import build_assets
from webapp.adapters.assets import PLACE
from webapp.settings import ROOT

SAMPLE = ROOT / "deploy" / "nginx.conf"
NAME = "espace.example.org"
MISSING = "nginx is not installed (Debian: apt-get install nginx-light)"
_FRAME = """
daemon off; user root; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 2000; }}
http {{
client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{sample}
}}
"""
_PLAIN_SERVER = re.compile(r"server \{\n    listen 80\b.*?\n\}\n", re.DOTALL)


class Ports(NamedTuple):
    """Where the sample listens."""

    plain: int
    secure: int


def installed() -> bool:
    """Whether there is an nginx to try the sample with."""
    return shutil.which("nginx") is not None


def log_of(portal: Portal) -> str:
    """What it wrote about requests."""
    return (portal.folder / "nginx" / "portal.log").read_text()


@contextmanager
def nginx(portal: Portal) -> Iterator[int]:
    """Run it without TLS, as a server of 127.0.0.1; yields its port."""
    port = free_port()
    text = _PLAIN_SERVER.sub("", _for_hosts(portal))
    text = text.replace("listen 443 ssl http2", f"listen {HOST}:{port}")
    text = re.sub(r"    ssl_.*\n", "", text).replace(NAME, HOST)
    with running(portal, text):
        yield port


@contextmanager
def bare_nginx(portal: Portal) -> Iterator[int]:
    """A proxy of somebody else's, with its own English pages; yields its port."""
    port = free_port()
    to = f"http://{HOST}:{portal.first.port}"
    place = f"location / {{ proxy_pass {to}; proxy_set_header Host {HOST}; }}"
    limit = "client_max_body_size 200;"
    with running(portal, f"server {{ listen {HOST}:{port}; {limit} {place} }}"):
        yield port


@contextmanager
def secure_nginx(portal: Portal) -> Iterator[Ports]:
    """Run it as it stands, with a certificate that nobody signed."""
    ports = Ports(free_port(), free_port())
    text = _for_hosts(portal).replace("listen 80", f"listen {HOST}:{ports.plain}")
    text = text.replace("listen 443", f"listen {HOST}:{ports.secure}")
    certify(portal.folder, NAME)
    with running(portal, text.replace("/etc/ssl/portal", str(portal.folder))):
        yield ports


def certify(folder: Path, name: str) -> None:
    """A certificate of this name in a folder, that nobody signed."""
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(["openssl", *made, *files], check=True, capture_output=True)


@contextmanager
def running(portal: Portal, text: str) -> Iterator[None]:
    """Run it with what stands in `http {}`, its logs in the portal's folder."""
    build_assets()
    folder = portal.folder / "nginx"
    folder.mkdir()
    config = folder / "nginx.conf"
    text = text.replace("/srv/portal/static/build", str(PLACE))
    text = text.replace("/var/log/nginx/", f"{folder}/")
    config.write_text(_FRAME.format(folder=folder, sample=text))
    server = subprocess.Popen(["nginx", "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        wait_until((folder / "nginx.pid").exists, what="nginx did not start")
        yield
    finally:
        server.terminate()
        server.wait(30)


def _for_hosts(portal: Portal) -> str:
    """The sample, its upstream leading to this portal's hosts."""
    text = SAMPLE.read_text()
    ports = iter(host.port for host in portal.hosts)
    servers = [
        re.sub(r":\d+", f":{next(ports)}", line) if len(portal.hosts) > at else ""
        for at, line in enumerate(re.findall(r"    server 127.*\n", text))
    ]
    return re.sub(r"(    server 127.*\n)+", "".join(servers), text)
