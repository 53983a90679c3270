"""Forms, links and cookies that somebody else made, opened or kept: nobody is let in."""

from player.world import PASSWORD
from tests.faults.conftest import ALL
from tests.faults.portal import Portal
from tests.faults.visitor import Visitor, about_me, mailed_link
from webapp.models import Account, JournalEntry, OutboxMail, Registration, StoredSession


def test_a_form_that_another_site_or_nobody_s_token_sends_does_nothing(town: Portal) -> None:
    """S24: missing, foreign, old and another member's tokens; other sites; a recorded request."""
    first, second = town.member(account=True), town.member(account=True)
    mine, theirs, street = Visitor(town), Visitor(town), Visitor(town)
    street.get("/connexion")
    mine.sign_in(first)
    theirs.sign_in(second)
    mine.get("/espace")
    theirs.get("/espace")
    tables = (Account, Registration, OutboxMail, StoredSession)
    before = [town.count(table) for table in tables]
    good = mine.token
    for token in ("", "x", street.token, theirs.token, good[:-1], good + "x"):
        mine.token = token
        assert mine.post("/espace/securite/deconnecter-partout").status in (303, 403, 422)
        mine.token = token
        assert mine.post("/deconnexion").status in (303, 403, 422)
        assert mine.is_in(), token
    mine.token = good
    for foreign in ({"Sec_Fetch_Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert mine.post("/deconnexion", **foreign).status == 403
        assert Visitor(town).post("/connexion", {"email": first.email}, **foreign).status == 403
    assert [town.count(table) for table in tables] == before

    recorded = mine.twin()
    assert mine.post("/deconnexion").status == 303
    assert not recorded.is_in()
    assert recorded.post("/espace/securite/deconnecter-partout").leads_to.startswith("/connexion")


def test_a_link_that_machines_open_is_not_pressed(town: Portal) -> None:
    """S05: HEAD, GET three times, prefetch, OPTIONS: nothing changed, no cookie, told to nobody."""
    member = town.member()
    Visitor(town).register(member)
    link = mailed_link(town, member)
    town.all_sent()
    events = town.count(JournalEntry)
    for verb, headers in (
        ("HEAD", {}), ("GET", {}), ("GET", {"Purpose": "prefetch"}), ("GET", {}), ("OPTIONS", {}),
    ):  # fmt: skip
        answer = Visitor(town).request(verb, link, None, **headers)
        assert answer.status == 200
        assert "no-store" in answer.headers["Cache-Control"]
        if verb == "GET":
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "s." not in str(answer.headers.get("Set-Cookie", ""))[:12]
    assert town.count(JournalEntry) == events
    assert town.count(Account, Account.email == member.email) == 0


def test_a_link_with_any_byte_changed_is_one_and_the_same_page(town: Portal) -> None:
    """S08."""
    member = town.member()
    Visitor(town).register(member)
    path, _, token = mailed_link(town, member).rpartition("/")
    pages = set()
    step = 1 if ALL else 12
    for at in range(0, len(token), step):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        answer = Visitor(town).get(f"{path}/{changed}")
        pages.add((answer.status, answer.text))
    for other in (token[:-4], token + token, "a" * 1500, "%00", ""):
        assert Visitor(town).get(f"{path}/{other}").status == 404
    assert Visitor(town).get(f"/mot-de-passe-oublie/nouveau/{token}").status == 404
    pages = {page for page in pages if page[0] != 200}  # the last sign may carry no bit
    assert len(pages) == 1 and next(iter(pages))[0] == 404


def test_a_cookie_that_somebody_chose_is_never_adopted(town: Portal) -> None:
    """S16 a, b: fixed ids open nothing; each step has an id of its own; the former one is dead."""
    member, visitor = town.member(account=True), Visitor(town)
    visitor.cookies["session"] = "s." + "a" * 43
    code = visitor.at_code(member)
    at_code = visitor.twin()
    assert "a" * 43 not in visitor.cookies["session"]
    assert visitor.give_code(code).leads_to == "/espace"
    assert visitor.cookies["session"] != at_code.cookies["session"]
    assert not at_code.is_in()
    slow = visitor.twin()
    visitor.get("/espace")
    visitor.post("/deconnexion")
    assert not slow.is_in() and not visitor.is_in()


def test_who_claims_to_come_from_elsewhere_is_believed_one_proxy_far(town: Portal) -> None:
    """ASVS 4.1.3: what stands before the proxy's own word is a lie."""
    visitor = Visitor(town)
    truth = visitor.address
    for lie in range(8):
        visitor.address = f"192.0.2.{lie}, {truth}"
        visitor.prove_letter(town.member(), access_code="AAAA-AAAA-AAAA")
    assert town.events("registration.letter_refused", origin=truth) == 8


def test_about_me_is_refused_with_what_was_typed_but_the_secrets(town: Portal) -> None:
    """S17: a wrong letter's page shows number and address again, never the password."""
    visitor, member = Visitor(town), town.member()
    visitor.get("/inscription")
    answer = visitor.post("/inscription", about_me(member, access_code="AAAA-AAAA-AAAA"))
    assert answer.status == 422
    assert member.email in answer.text and f'value="{PASSWORD}' not in answer.text
