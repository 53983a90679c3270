"""Scanners against an application that runs: what they are told, and how they are understood."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.attack.tools import ABSENT, BUILD, Verdict, last_line, program, run

# Over plain HTTP on loopback: no HSTS, no Secure cookie (tests/unit/web/test_headers.py holds both)
EXPLAINED = {
    "HTTP Strict Transport Security (HSTS)",
    "HTTP Secure Headers",
    "Secure Flag cookie",
    "Secure cookie flag",
    "Unencrypted Channels",
}
# without ssrf and xxe, which call a server of its authors
_MODULES = (
    "csp,cookieflags,crlf,exec,file,http_headers,permanentxss,redirect,sql,xss,csrf,backup,methods,"
    "upload,brute_login_form"
)


@dataclass(frozen=True)
class Target:
    """A form for sqlmap: the page that shows its token, where it is sent, its other fields."""

    page: str
    action: str
    fields: Mapping[str, str]


def wapiti(
    site: str,
    report: str,
    *,
    starts: Iterable[str] = ("/",),
    cookies: str = "",
    leaving: Iterable[str] = (),
    seconds: int = 200,
) -> Verdict:
    """A crawl of `site` from these paths and its attacks, `seconds` for each of both. `cookies`: of
    whom it comes as; `leaving`: the doors that would end their session."""
    if not (tool := program("wapiti")):
        return ABSENT
    file = BUILD / f"{report}.json"
    file.unlink(missing_ok=True)
    first, *others = starts
    options = [word for path in others for word in ("-s", site + path)]
    options += [word for path in leaving for word in ("-x", site + path)]
    if cookies:
        options += ["-C", cookies, "--drop-set-cookie"]
    code, text = run(
        f"{report}.txt", tool, "-u", site + first, "-f", "json",
        "-o", file, "--scope", "domain", "--flush-session", "--max-scan-time", seconds,
        "--max-attack-time", "60", "--no-bugreport", "-m", _MODULES, *options,
        seconds=560,
    )  # fmt: skip
    if not file.exists():
        return "missing", f"it did not run ({code}): {last_line(text)}"
    told = json.loads(file.read_text())
    kinds = {**told["vulnerabilities"], **told.get("anomalies", {})}
    found = {name: len(each) for name, each in kinds.items() if each and name not in EXPLAINED}
    pages = told.get("infos", {}).get("crawled_pages_nbr", "?")
    return ("found" if found else "clean"), f"{pages} pages: {found or 'nothing'}"


def sqlmap(
    site: str, report: str, targets: Iterable[Target], *, cookies: str = "", level: int = 2
) -> Verdict:
    """Every field of these forms; from level 2 on, cookies and headers too."""
    if not (tool := program("sqlmap")):
        return ABSENT
    found, whole, all_of = [], [], [*targets]
    for each in all_of:
        _, text = run(
            f"{report}{each.action.replace('/', '-')}.txt", tool, "-u", site + each.action,
            "--data", urlencode({**each.fields, "csrf_token": "x"}), "--csrf-token=csrf_token",
            f"--csrf-url={site}{each.page}", *(["--cookie", cookies] if cookies else []),
            "--batch", f"--level={level}", "--risk=2", "--flush-session", "--disable-coloring",
            "--technique=BEUS", "--ignore-code=*", f"--output-dir={BUILD / 'sqlmap'}",
            seconds=140,
        )  # fmt: skip
        if re.search(r"is vulnerable|identified the following injection", text):
            found.append(each.action)
        if "do not appear to be injectable" in text:
            whole.append(each.action)
    if found:
        return "found", f"injection at {found}"
    told = f"{len(whole)} of {len(all_of)} forms to their end, nothing"
    return ("clean" if len(whole) == len(all_of) else "missing"), told
