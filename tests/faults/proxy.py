"""nginx with the sample of deploy/, on a port of loopback and without its certificate."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.portal import Portal, free_port, wait_until
from tests.faults.relay import HOST
from webapp.settings import ROOT

SAMPLE = ROOT / "deploy" / "nginx.conf"
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


def installed() -> bool:
    """Whether there is an nginx to try the sample with."""
    return shutil.which("nginx") is not None


def adapted(portal: Portal, port: int, folder: Path) -> str:
    """The sample for this portal: everything but names, ports, certificates and log as it is."""
    text = SAMPLE.read_text()
    text = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", text, count=1, flags=re.DOTALL)
    ports = iter(host.port for host in portal.hosts)
    servers = [
        re.sub(r":\d+", f":{next(ports)}", line) if len(portal.hosts) > at else ""
        for at, line in enumerate(re.findall(r"    server 127.*\n", text))
    ]
    text = re.sub(r"(    server 127.*\n)+", "".join(servers), text)
    text = text.replace("listen 443 ssl http2", f"listen {HOST}:{port}")
    text = re.sub(r"    ssl_.*\n", "", text).replace("espace.example.org", HOST)
    text = text.replace("/var/log/nginx/", f"{folder}/")
    return _FRAME.format(folder=folder, sample=text)


@contextmanager
def nginx(portal: Portal) -> Iterator[int]:
    """Run it; yields its port."""
    port, folder = free_port(), portal.folder / "nginx"
    folder.mkdir()
    config = folder / "nginx.conf"
    config.write_text(adapted(portal, port, folder))
    server = subprocess.Popen(["nginx", "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        wait_until((folder / "nginx.pid").exists, what="nginx did not start")
        yield port
    finally:
        server.terminate()
        server.wait(30)
