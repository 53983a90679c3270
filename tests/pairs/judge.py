"""What is left of a stranger after a new beginning, and what had to be there."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from tests.pairs import beginnings, endings
from tests.pairs.beginnings import Beginning, Ground
from tests.pairs.endings import Ending
from tests.pairs.members import Member
from webapp.models import Account, Authenticator, Device, Passkey
from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services.kernel import new_beginning, sessions
from webapp.services.kernel.work import Work
from webapp.services.sign_in import devices
from webapp.services.sign_in.finish import Entered

NONSENSE = {
    # (ending, beginning): why there is no such pair
    ("address_changed", "address_by_link"): "one change waits an account: it is the same",
    ("address_changed", "address_by_code"): "one change waits an account: it is the same",
}
PAIRS = [
    (ending, beginning)
    for ending in endings.ENDINGS
    for beginning in beginnings.BEGINNINGS
    if (ending.__name__, beginning.__name__) not in NONSENSE
]
NOTHING_DONE = (False, "over", "late")  # how a few acts say it without a refusal
# A stranger's act that is a new beginning too: when it comes first, it is the owner's that finds
# their session or link ended, and nothing was promised. Beside any other the owner's goes through.
ALSO_ENDS = {"recovery_used", "address_by_link", "address_by_code"}

# What the stranger may prove anew once the ending is done, since its ground stands: the password
# that stayed, a passkey that its member removes or keeps. Only under the new count.
_PASSWORD_STAYS = {"shut_by_the_mutual", "left_everywhere", "others_closed", "closing_confirmed"}
_PASSKEY_STAYS = _PASSWORD_STAYS | {"password_changed", "password_recovered", "address_changed"}
_ANEW: dict[str, dict[Rank, set[str]]] = {
    "password_step": {Rank.CODE: _PASSWORD_STAYS},
    "trusted_device": {Rank.CODE: _PASSWORD_STAYS, Rank.MEMBER: {"others_closed"}},
    "passkey_sign_in": {Rank.MEMBER: _PASSKEY_STAYS},
}


@dataclass
class Played:
    """What became of one pair: each one's answer or refusal, and the account as the owner's own
    transaction saw it, when their act was done and not committed. What was there then came
    before, and could be seen and removed; what came after it is a survivor."""

    member: Member
    ground: Ground
    owner: object = None
    stranger: object = None
    seen: Any = None
    accidents: list[str] = field(default_factory=list)


def account(work: Work, account_id: int) -> Any:
    """All that a stranger could change on it."""

    def many(table: Any, *which: Any) -> Any:
        rows = select(func.count()).select_from(table).where(table.account_id == Account.id, *which)
        return rows.correlate(Account).scalar_subquery()

    return work.db.execute(
        select(
            Account.epoch,
            Account.email_key,
            Account.password_hash,
            Account.mailed_code_off,
            Account.closing_at,
            many(Passkey).label("passkeys"),
            many(Authenticator, Authenticator.confirmed_at.is_not(None)).label("apps"),
            many(Device, new_beginning.is_current(Device)).label("devices"),
        ).where(Account.id == account_id)
    ).one()


def act(work: Work, played: Played, who: str, what: Any) -> None:
    """Do it as the web does: a refusal is kept, an accident (a 500) is written down."""
    keep = True
    try:
        answer = what(work)
        if who == "owner" and answer not in NOTHING_DONE:
            played.seen = account(work, played.member.account_id)
    except Refusal as refusal:
        answer = refusal
    except Exception as accident:
        answer, keep = accident, False
    try:
        work.close(commit=keep)
    except Exception as accident:
        answer = accident
    setattr(played, who, answer)
    if isinstance(answer, Exception) and not isinstance(answer, Refusal):
        played.accidents.append(f"{who}: {type(answer).__name__}: {str(answer)[:120]}")


def survivors(work: Work, ending: Ending, beginning: Beginning, played: Played) -> list[str]:
    """What opens something, or changed, although it was proved before the ending was committed."""
    if played.seen is None:
        return []
    after = account(work, played.member.account_id)
    alive = [
        name
        for name in after._fields
        if name != "epoch" and getattr(after, name) != getattr(played.seen, name)
    ]
    tokens, secrets = list(played.ground.sessions), list(played.ground.devices)
    if isinstance(played.stranger, Entered):
        tokens.append(played.stranger.token)
        secrets += [each for each in [played.stranger.device_secret] if each]
    anew = _ANEW.get(beginning.__name__, {})
    for token in tokens:
        session = sessions.find(work, token)
        if session is None:
            continue
        stands = ending.__name__ in anew.get(session.rank, ())
        if not stands or session.epoch != played.seen.epoch:
            alive.append(f"session at {session.rank.value}")
    if ending is not endings.others_closed:  # there devices stay, and none is added: see above
        alive += ["device" for each in secrets if devices.remembered_email(work, each)]
    return alive


def hindered(beginning: Beginning, played: Played) -> list[str]:
    """The owner's act was refused, although the stranger's ended nothing."""
    if played.seen is not None or played.accidents:
        return []
    refused = isinstance(played.stranger, Refusal) or played.stranger in NOTHING_DONE
    if beginning.__name__ in ALSO_ENDS and not refused:
        return []
    return [f"owner refused: {played.owner}"]
