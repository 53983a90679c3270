"""A new beginning ends what was opened or begun before it, whatever it is and whoever began it."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import select, update

from player.members import ODILE, with_account
from player.world import PASSWORD
from tests.journeys import again, found, signed_in
from tests.new_beginnings import ENDINGS, HERE, PLANTED, THIEF, Owner, Stranger, link
from webapp import services
from webapp.models import Account, Base, Device, StoredSession
from webapp.rules.refusals import Refusal
from webapp.services.account import address, address_undo, recovery, sign_out_everywhere
from webapp.services.kernel import new_beginning, sessions
from webapp.services.sign_in import authenticators, devices
from webapp.services.space import home, my_data, security


def test_every_table_that_names_an_account_says_what_becomes_of_it():
    naming = {
        table.name
        for table in Base.metadata.tables.values()
        if any(key.column.table.name == "account" for key in table.foreign_keys)
    }
    assert naming == new_beginning.ENDED.keys() | new_beginning.STAYS.keys()
    assert not new_beginning.ENDED.keys() & new_beginning.STAYS.keys()
    for name in new_beginning.ENDED:
        assert "epoch" in Base.metadata.tables[name].c, name


def test_every_function_that_counts_up_is_played_below():
    counting = set()
    for path in Path(services.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and "new_beginning.counted()" in ast.unparse(node):
                counting.add(f"{path.parent.name}.{path.stem}.{node.name}")
    assert counting == {
        "account.address_confirmation._apply",
        "account.closing._close_all",
        "account.password.change",
        "account.take_back._void_password",  # « Ce n’était pas moi » and address_undo.undo
        "account.recovery_link._change_password",
        "space.security._begin_anew",  # « Me déconnecter partout », « Fermer toutes les autres »
        "account.restored.make_safe",
        "account.sign_out_everywhere.shut",
        "takeover.effect._write",
        "deeds.suspension._change",  # suspended, or back in service
    }


def played(work, clock, ending, planted, *, counted=True):
    """What the planted thing opened once the owner began anew, for whom nothing may change by it.
    Not `counted`: as the former release wrote its rows."""
    with_account(work)
    owner, plant = Owner(work, clock), getattr(Stranger(work), planted)()
    next(plant)
    for name in () if counted else new_beginning.ENDED:
        work.db.execute(update(Base.metadata.tables[name]).values(epoch=None))
    work.settle()
    clock.advance(seconds=61)
    getattr(owner, ending)()
    work.settle()
    if (ending, planted) == STAYS_TRUSTED:
        return next(plant) if counted else None
    present = select(Account.email, Account.password_hash, Account.closing_at)
    before = work.db.execute(present).one()
    try:
        opened = next(plant)
    except Refusal:
        opened = None
    work.settle()
    assert work.db.execute(present).one() == before
    return opened


# devices stay where only the sessions were closed
STAYS_TRUSTED = ("others_closed", "a_trusted_device")


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize("ending", ENDINGS)
def test_what_was_planted_before_a_new_beginning_opens_nothing(work, clock, ending, planted):
    opened = played(work, clock, ending, planted)
    if (ending, planted) == STAYS_TRUSTED:
        assert opened == ODILE.email
    else:
        assert not opened


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize("ending", ENDINGS)
def test_so_does_what_was_planted_while_the_former_release_served(work, clock, ending, planted):
    """Its rows bear no count."""
    assert not played(work, clock, ending, planted, counted=False)


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_count_goes_up_by_one_and_what_is_opened_then_bears_it(work, clock, ending):
    with_account(work)
    owner = Owner(work, clock)
    getattr(owner, ending)()
    work.settle()
    assert work.db.execute(select(Account.epoch)).scalar_one() == 1
    for table in (StoredSession, Device):
        alive = select(table.epoch).where(new_beginning.is_current(table), table.account_id > 0)
        assert set(work.db.execute(alive).scalars()) <= {1}


def test_an_undone_change_of_address_is_a_new_beginning(work, clock):
    with_account(work)
    owner = Owner(work, clock)
    owner.address_changed()
    work.settle()
    entered = signed_in(work, email=HERE, browser="a stranger's")
    address_undo.undo(work, link(work, "/adresse/retablir", "address_changed"))
    work.settle()
    assert sessions.find(work, entered.token) is None
    assert work.db.execute(select(Account.epoch)).scalar_one() == 2


def test_wrong_codes_of_before_are_not_counted_after(work, clock):
    with_account(work)
    owner = Owner(work, clock)
    account_id, epoch = owner.session.account_id, owner.session.epoch
    before = new_beginning.subject(account_id, epoch)
    owner.password_changed()
    work.settle()
    assert new_beginning.subject(account_id, again(work, owner.session).epoch) != before


def test_what_the_former_release_made_is_judged_as_before(work, clock):
    with_account(work)
    kept = signed_in(work, browser="of the former release", remember=True)
    for table in (StoredSession, Device):
        work.db.execute(update(table).values(epoch=None))
    work.settle()
    assert sessions.find(work, kept.token)
    assert devices.remembered_email(work, kept.device_secret) == ODILE.email
    sign_out_everywhere.shut(work, [ODILE.number])
    work.settle()
    assert sessions.find(work, kept.token) is None
    assert devices.remembered_email(work, kept.device_secret) is None


def test_a_second_step_is_not_added_by_a_session_that_just_ended(work, clock):
    with_account(work)
    owner = Owner(work, clock)
    stranger = Stranger(work).inside()
    owner.others_closed()
    work.settle()
    with pytest.raises(Refusal, match="session_over"):
        new_beginning.lock_account(work, stranger)


def test_what_was_ended_is_listed_nowhere_though_its_row_is_there(work, clock):
    """An ending passes over rows that somebody holds: they are there until the next purge."""
    with_account(work)
    stranger = Stranger(work)
    address.ask(work, stranger.inside(), email=THIEF, password=PASSWORD)
    signed_in(work, browser="a stranger's", remember=True)
    authenticators.start(work, stranger.inside())
    recovery.ask(work, email=ODILE.email, number=ODILE.number)
    work.db.execute(update(Account).values(epoch=1))
    work.settle()
    own = found(work, signed_in(work, browser="Odile's own").token)
    shown = my_data.held(work, own)
    parts = ("devices", "address_changes", "authenticators", "recoveries")
    assert {part: shown.parts[part] for part in parts} == {part: [] for part in parts}
    assert [each["id"] for each in shown.parts["sessions"]] == [str(own.id)]
    assert (shown := home.home(work, own)).devices == 0 and shown.new_email is None
    page = security.overview(work, own)
    assert (page.change, page.devices, len(page.sessions)) == (None, (), 1)
    assert address.waiting(work, own) is None and authenticators.setup(work, own) is None


def test_a_device_that_stays_is_not_given_back_the_former_count(work):
    """A sign-in on it that waited for « Fermer toutes les autres » opens nothing straight away,
    and the device is trusted the next time."""
    with_account(work)
    signed_in(work, remember=True)
    device_id = work.db.execute(select(Device.id)).scalar_one()
    before = work.db.execute(select(Account.id.label("account_id"), Account.epoch)).one()
    devices.stay(work, before.account_id, 1)
    assert devices.used(work, device_id, before.account_id, before.epoch) is False
    assert work.db.execute(select(Device.epoch)).scalar_one() == 1
