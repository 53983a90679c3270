"""Another mutual re-brands the portal in one folder; a brand that can't be read stops the start."""

import hashlib
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest

from player.world import test_settings
from webapp import create_app
from webapp.adapters import brand
from webapp.adapters.brand import OURS, BrandFault
from webapp.adapters.world import real_world
from webapp.services.kernel.world import Terms
from webapp.settings import ROOT, SettingsError

WRITTEN = (".html", ".txt", ".js", ".css", ".webmanifest")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of our own brand."""
    return Path(shutil.copytree(OURS, tmp_path / "brand"))


def change(folder: Path, old: str, new: str) -> None:
    file = folder / "brand.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_ours_is_the_paper_s():
    ours = brand.read(OURS)
    assert (ours.short, ours.mark, ours.full) == ("SMIE", "SMiE", "SMIE Mutuelle")
    assert ours.dialled == "+33199001234"
    assert ours.named("« Espace adhérents SMIE »") == "« Espace adhérents SMIE »"


def test_another_name_and_colour_stand_on_pages_mails_and_style(folder, engine):
    change(folder, 'short = "SMIE"', 'short = "Harmonie-sur-Mer"')
    change(folder, 'mark = "SMiE"', 'mark = "HsM"')
    change(folder, 'full = "SMIE Mutuelle"', 'full = "Mutuelle Harmonie-sur-Mer"')
    change(folder, "01 99 00 12 34", "01 99 00 56 78")
    change(folder, "#542583", "#005a4f")
    settings = test_settings(brand_dir=folder)
    app = create_app(settings, real_world(settings), engine)
    client = app.test_client()
    text = (
        client.get("/").text + client.get("/aide").text + client.get("/manifest.webmanifest").text
    )
    for words in ("Harmonie-sur-Mer", "+33199005678", "#005a4f"):
        assert words in text
    style = client.get(app.jinja_env.globals["asset"]("css/portal.css"))
    assert "--brand:#005a4f" in style.text
    style.close()
    mail = real_world(settings).mails.write("address_in_use", datetime(2026, 11, 30, tzinfo=UTC))
    assert "HsM" in mail.subject + mail.text and "#005a4f" in mail.html
    assert "#f0f5f4" in mail.html  # its ground has a little of that colour
    world = real_world(settings)
    key = world.passkeys.creation(
        challenge=b"challenge", handle=b"handle", address="odile@example.org", known=()
    )
    app_code = unquote(world.app_codes.link(b"a secret of 20 bytes", "odile@example.org"))
    for each in (key, app_code):  # what a phone shows beside them
        assert "Mutuelle Harmonie-sur-Mer" in each
    for each in (text, mail.subject, mail.text, mail.html, key, app_code):
        assert "SMIE" not in each and "SMiE" not in each


def test_a_mutual_brings_its_own_terms(folder, engine):
    words = "<p>Les conditions de la mutuelle Harmonie-sur-Mer.</p>"
    (folder / "terms").mkdir()
    (folder / "terms" / "2027-03.html").write_text(words)
    settings = test_settings(brand_dir=folder)
    world = real_world(settings)
    app = create_app(settings, world, engine)
    assert world.terms == Terms("2027-03", hashlib.sha256(words.encode()).hexdigest())
    assert words in app.test_client().get("/cgu").text
    assert (
        app.test_client()
        .get(app.jinja_env.globals["asset"]("brand/terms/2027-03.html"))
        .status_code
        == 404
    )


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("2027-03.html", "<p>Conditions générales</p>".encode("latin-1"), "UTF-8"),
        ("2027-03.html", b" \n", "is empty"),
        (f"{'conditions-' * 3}2027.html", b"<p>Texte</p>", "named by its version"),
        ("2027-03.html", b"<p>{{ </p>", "can't be shown"),
        ("2027-03.html", b"<p>{{ mutuelle }}</p>", "can't be shown: 'mutuelle' is undefined"),
    ],
)
def test_terms_that_nobody_could_be_shown_stop_the_start(folder, engine, name, content, told):
    (folder / "terms").mkdir()
    (folder / "terms" / name).write_bytes(content)
    with pytest.raises(SettingsError, match=told):
        create_app(settings := test_settings(brand_dir=folder), real_world(settings), engine)


def test_the_drawings_of_a_brand_are_public_and_nothing_else_in_its_folder(
    folder, tmp_path, engine
):
    (tmp_path / "outside.txt").write_text("a secret")
    for name in (
        "secret.txt",
        "icon-192.png.bak",
        ".git/config",
        "terms/2027-03.html",
        "mark.svg~",
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("a secret")
    (folder / "link.svg").symlink_to(tmp_path / "outside.txt")
    (folder / "up").symlink_to(tmp_path)
    app = create_app(settings := test_settings(brand_dir=folder), real_world(settings), engine)
    client, asset = app.test_client(), app.jinja_env.globals["asset"]
    names = [file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()]
    names += [
        "link.svg",
        "up/outside.txt",
        "../outside.txt",
        "%2e%2e/outside.txt",
        "",
        ".git/",
        ".",
    ]
    hidden = sorted({*names, "brand.toml.gz", "brand.toml.br"} - set(brand.DRAWINGS))
    assert {"secret.txt", ".git/config", "brand.toml", "link.svg"} <= set(hidden)
    for name in hidden:
        for address in (
            asset(f"brand/{name}"),
            f"/static/brand/{name}",
            f"/brand/{name}",
            f"/{name}",
        ):
            if address != "/":
                assert client.get(address).status_code == 404, address
    for name in brand.DRAWINGS:
        answer = client.get(asset(f"brand/{name}"))
        assert answer.status_code == 200
        assert answer.data == (folder / name).read_bytes()
        answer.close()


def test_a_drawing_that_is_a_link_out_of_the_folder_stops_the_start(folder, tmp_path):
    outside = tmp_path / "outside.svg"
    outside.write_text("<svg/>")
    (folder / "mark.svg").unlink()
    (folder / "mark.svg").symlink_to(outside)
    with pytest.raises(SettingsError, match=r"mark\.svg in .* leads out of the folder"):
        brand.of(test_settings(brand_dir=folder))


def test_a_folder_put_in_place_by_links_of_its_own_is_a_folder(folder):
    """As a Kubernetes ConfigMap is mounted."""
    (folder / "..data").mkdir()
    (folder / "mark.svg").rename(folder / "..data" / "mark.svg")
    (folder / "mark.svg").symlink_to("..data/mark.svg")
    assert brand.read(folder).drawings[0] == folder / "mark.svg"


@pytest.mark.parametrize("place", ["templates", "static/css", "static/js"])
def test_nothing_of_ours_is_written_anywhere_else(place):
    """The terms alone name their mutual: they are its contract with its members."""
    ours = brand.read(OURS)
    words = [ours.short, ours.mark, ours.phone, ours.dialled, ours.email, ours.accessibility]
    words += [ours.privacy, *ours.light.values(), *ours.dark.values()]
    words.remove("#ffffff")  # everybody's white
    files = [file for file in (ROOT / place).rglob("*.*") if file.suffix in WRITTEN]
    for file in files:
        if file.parent.name != "terms":
            text = file.read_text(encoding="utf-8")
            assert not [word for word in words if word in text], file
    assert files


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('short = "SMIE"', 'short = ""', "short"),
        ('"#542583"', '"violet"', "brand in [light]"),
        ('"#542583"', '"#c9a7e8"', "can't be read"),
        ("[contact]", "[contact", "can't be read"),
        ("[dark]", "[night]", "[dark]"),
        ('"01 99 00 12 34"', '"néant"', "phone in [contact]"),
        ('"01 99 00 12 34"', '"01 99 00 12"', "phone in [contact]"),
        ('"adherents@example.org"', '"adherents"', "email in [contact]"),
        ('"dpo@example.org"', '"DPO <dpo@example.org>"', "privacy in [contact]"),
        ('"SMIE Mutuelle"', '"SMIE\\nMutuelle"', "full in [name]"),
    ],
)
def test_a_brand_that_is_wrong_stops_the_start_with_one_sentence(folder, old, new, told):
    change(folder, old, new)
    with pytest.raises(SettingsError, match=r"^BRAND_DIR: ") as fault:
        brand.of(test_settings(brand_dir=folder))
    assert told in str(fault.value)


def test_a_missing_drawing_is_named(folder):
    (folder / "icon-512.png").unlink()
    with pytest.raises(SettingsError, match=r"lacks icon-512\.png"):
        brand.of(test_settings(brand_dir=folder))


def test_an_icon_that_is_something_else_is_named(folder):
    (folder / "icon-512.png").write_text("<svg/>")
    with pytest.raises(SettingsError, match=r"icon-512\.png in .* must be a PNG"):
        brand.of(test_settings(brand_dir=folder))


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("01 99 00 12 34", "+33199001234"),
        ("01.99.00.12.34", "+33199001234"),
        ("36 39", "3639"),
        ("+352 99 00 12 34", "+35299001234"),
    ],
)
def test_a_telephone_number_is_dialled_as_it_is_meant(folder, written, dialled):
    change(folder, "01 99 00 12 34", written)
    assert brand.read(folder).dialled == dialled


def test_the_colours_follow_the_style_sheet_s_own(folder):
    ours = brand.read(OURS)
    style = (OURS.parent / "css" / "portal.css").read_text()
    for name, value in brand.PAPER.items():
        assert f"--paper:{value}" in style or f"--paper:{value[:4]};" in style, name
    assert replace(ours, light={"brand": "#000000"}, dark={"brand": "#ffffff"}).tokens == (
        ":root{--brand:#000000}@media (prefers-color-scheme:dark){:root{--brand:#ffffff}}"
    )


def test_the_mutual_s_address_is_its_lines_and_may_be_left_out(folder):
    assert brand.read(OURS).address[0] == "SMIE MUTUELLE"
    change(folder, "address = [", "# address = [")
    assert brand.read(folder).address == ()


@pytest.mark.parametrize(
    "told",
    ['"75000 EXEMPLE"', '[""]', "[75000]", f'["{"A" * 39}"]', str(["A"] * 7), r'["A\u0000B"]'],
)
def test_an_address_that_no_envelope_takes_is_refused(folder, told):
    text = (folder / "brand.toml").read_text()
    own = next(line for line in text.splitlines() if line.startswith("address = "))
    change(folder, own, f"address = {told}")
    with pytest.raises(BrandFault, match="6 lines at most of 38 signs"):
        brand.read(folder)
