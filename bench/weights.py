"""What goes over the wire, compressed: the sign-in page and each step's partial."""

import gzip
import re

from bench import accounts
from bench.server import Browser, Sink, portal

GZIP = {"Accept-Encoding": "gzip"}
PARTIAL = {**GZIP, "HX-Request": "true", "HX-Request-Type": "partial"}


def main() -> None:
    """Prints bytes; headers are not counted, the browser test counts them too."""
    with portal() as (port, sink, database):
        accounts.write(database, 1)
        first_load(port)
        steps(port, sink, accounts.letter(0))


def first_load(port: int) -> None:
    """The page, then each file that it names."""
    browser = Browser(port)
    sizes = {"/connexion": browser.request("GET", "/connexion", **GZIP)[2]}
    page = gzip.decompress(sizes["/connexion"]).decode()
    for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        sizes[path] = browser.request("GET", path, **GZIP)[2]
    print("First load of the sign-in page (bytes of body, gzip):")
    for path, body in sizes.items():
        print(f"  {len(body):6d}  {re.sub(r'/static/[0-9a-f]+/', '', path)}")
    css = sum(len(body) for path, body in sizes.items() if path.endswith(".css"))
    print(f"  {sum(map(len, sizes.values())):6d}  in {len(sizes)} requests")
    print(f"  {len(sizes['/connexion']) + css:6d}  HTML + CSS, for the first paint")


def steps(port: int, sink: Sink, member) -> None:
    """Each step's answer to HTMX."""
    browser = Browser(port)
    print("Each step's partial (bytes of body, gzip):")
    browser.request("GET", "/connexion")
    fields = {"email": member.email, "password": accounts.PASSWORD}
    _tell("password", browser.request("POST", "/connexion", fields, **PARTIAL))
    browser.request("GET", "/connexion/code")
    code = sink.wait_for(member.email, r"^\d{6}$")
    _tell(
        "security code",
        browser.request("POST", "/connexion/code", {"security_code": code}, **PARTIAL),
    )
    browser.request("GET", "/espace")
    browser.request("POST", "/deconnexion", {})
    browser.request("GET", "/inscription")
    _tell("refused form", browser.request("POST", "/inscription", {}, **PARTIAL))


def _tell(name: str, answer) -> None:
    status, _, body = answer
    print(f"  {len(body):6d}  {name} ({status})")


if __name__ == "__main__":
    main()
