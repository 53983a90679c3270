"""A visitor's browser, as light as it can be: it shares the machine with the server it loads."""

import asyncio
import gzip
import html
import itertools
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

HOST, PATIENCE = "127.0.0.1", 60.0
IDLE = 2.0  # seconds after which a connection is not trusted to be open still (the server keeps 5)
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}

_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form", re.DOTALL)
_INPUT = re.compile(r"<input\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_BUTTONS = ("submit", "button", "checkbox", "radio")
_numbers = itertools.count(1)


class Lost(Exception):
    """The journey did not lead where it should."""


@dataclass(frozen=True)
class Page:
    """An answer, its redirections followed."""

    status: int
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body, unpacked."""
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()

    def form(self, *names: str) -> tuple[str, dict[str, str]]:
        """Where the first form with these inputs leads, and what it holds already."""
        for opening, inside in _FORM.findall(self.text):
            inputs = [_attributes(each) for each in _INPUT.findall(inside)]
            held = {
                each["name"]: each.get("value", "")
                for each in inputs
                if "name" in each and each.get("type") not in _BUTTONS
            }
            if set(names) <= held.keys():
                return _attributes(opening).get("action") or self.path, held
        raise Lost(f"no form with {', '.join(names) or 'a button'} at {self.path} ({self.status})")


def _attributes(tag: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(tag)}


class Browser:
    """One visitor: a connection, cookies, an address of origin of its own; counts what it costs."""

    def __init__(self, port: int, *, htmx: bool = False):
        self.port, self.htmx, self.cookies = port, htmx, dict[str, str]()
        self.requests = self.received = 0
        self.taken: list[tuple[str, float]] = []  # what was asked, seconds until all of it was here
        number = next(_numbers)
        self._origin = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self._used = 0.0
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def get(self, path: str, **headers: str) -> Page:
        """Open an address; redirections are followed."""
        return await self._follow(await self.request("GET", path, None, headers))

    async def submit(self, page: Page, fields: Mapping[str, str], *extra: str) -> Page:
        """Fill in the form that has these fields and send it; `extra`: boxes to tick."""
        action, held = page.form(*fields)
        ticked = dict.fromkeys(extra, "y")
        headers = HTMX if self.htmx else {}
        path = urljoin(page.path, action)
        answer = await self.request("POST", path, {**held, **fields, **ticked}, headers)
        return await self._follow(answer)

    async def request(
        self, method: str, path: str, fields: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> Page:
        """One request and its answer, as it is."""
        data, began = self._written(method, path, fields, headers), time.perf_counter()
        try:
            status, answered, body = await asyncio.wait_for(self._exchange(data), PATIENCE)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            self.close()
            raise Lost(f"{method} {path}: {type(error).__name__}") from error
        self.taken.append((f"{method} {path}", time.perf_counter() - began))
        path = answered.get("hx-push-url", path) if self.htmx else path
        return Page(status, path, answered, body)

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def _follow(self, page: Page) -> Page:
        for _ in range(5):
            if page.status not in (301, 302, 303, 307):
                return page
            to = urlsplit(urljoin(page.path, page.headers["location"]))
            path = to.path + (f"?{to.query}" if to.query else "")
            page = await self.request("GET", path, None, {})
        raise Lost(f"sent round in circles at {page.path}")

    def _written(
        self, method: str, path: str, fields: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> bytes:
        body = urlencode(fields).encode() if fields is not None else b""
        lines = {
            "Host": f"{HOST}:{self.port}",
            "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Accept-Encoding": "gzip",
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": self._origin,
            **headers,
        }
        if self.cookies:
            lines["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if fields is not None:
            lines["Origin"] = f"http://{HOST}:{self.port}"
            lines["Referer"] = f"{lines['Origin']}{path}"
            lines["Content-Type"] = "application/x-www-form-urlencoded"
            lines["Content-Length"] = str(len(body))
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body

    async def _exchange(self, data: bytes) -> tuple[int, dict[str, str], bytes]:
        if time.perf_counter() - self._used > IDLE or self._writer is None or self._reader is None:
            self.close()
            self._reader, self._writer = await asyncio.open_connection(HOST, self.port)
        self._writer.write(data)
        head = await self._reader.readuntil(b"\r\n\r\n")
        status, headers = self._read_head(head)
        body = await self._body(status, headers)
        self._used = time.perf_counter()
        self.requests += 1
        self.received += len(head) + len(body)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return status, headers, body

    def _read_head(self, head: bytes) -> tuple[int, dict[str, str]]:
        first, *lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in filter(None, lines):
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                self._keep(value)
            headers[name.lower()] = value
        return int(first.split()[1]), headers

    def _keep(self, cookie: str) -> None:
        name, _, value = cookie.split(";", maxsplit=1)[0].partition("=")
        if value in ("", '""') or "max-age=0" in cookie.lower():
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value

    async def _body(self, status: int, headers: dict[str, str]) -> bytes:
        assert self._reader is not None
        if status in (204, 304):
            return b""
        if "content-length" in headers:
            return await self._reader.readexactly(int(headers["content-length"]))
        if headers.get("transfer-encoding") != "chunked":
            return await self._reader.read()
        parts = []
        while size := int(await self._reader.readline(), 16):
            parts.append(await self._reader.readexactly(size))
            await self._reader.readline()
        await self._reader.readline()
        return b"".join(parts)
