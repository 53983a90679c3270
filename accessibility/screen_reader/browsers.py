"""The two browsers, as Debian ships them, each with a profile that nobody has used."""

import json
import re
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path

from accessibility.screen_reader.desktop import Desktop, MissingError

_FIREFOX = {
    "browser.aboutwelcome.enabled": False,
    "termsofuse.bypassNotification": True,
    "browser.formfill.enable": False,  # its list opens on Down
    "signon.rememberSignons": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "browser.translations.enable": False,
    "intl.accept_languages": "fr-FR, fr",
}
_CHROMIUM = {
    "translate": {"enabled": False},  # its bubble takes the focus
    "credentials_enable_service": False,
    "profile": {"password_manager_enabled": False},
    "intl": {"accept_languages": "fr-FR,fr"},
}


def firefox(desktop: Desktop, profile: Path, url: str, stack: ExitStack) -> None:
    """Firefox ESR."""
    lines = [
        f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _FIREFOX.items()
    ]
    (profile / "user.js").write_text("\n".join(lines))
    command = ("firefox-esr", "--new-instance", "--profile", str(profile), url)
    desktop.start(stack, *command)


def chromium(desktop: Desktop, profile: Path, url: str, stack: ExitStack) -> None:
    """Chromium."""
    (profile / "Default").mkdir()
    (profile / "Default/Preferences").write_text(json.dumps(_CHROMIUM))
    desktop.start(
        stack, "chromium", "--force-renderer-accessibility", "--no-first-run", "--disable-gpu",
        "--no-sandbox", "--test-type", "--disable-background-networking", "--lang=fr",
        f"--user-data-dir={profile}", url,
    )  # fmt: skip


BROWSERS = {"firefox": firefox, "chromium": chromium}
_PROGRAMS = {"firefox": "firefox-esr", "chromium": "chromium"}


def check_browser(name: str) -> None:
    """Raises MissingError where it is not there."""
    if not shutil.which(_PROGRAMS[name]):
        raise MissingError(f"{_PROGRAMS[name]} is not there (Debian's package of that name)")


def version(program: str) -> str:
    """As the program tells it."""
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+(?:\.\d+)+", told.stdout)
    return found.group() if found else ""


def browser_version(name: str) -> str:
    """Of one of BROWSERS."""
    return version(_PROGRAMS[name])
