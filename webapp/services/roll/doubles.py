"""Members whom several rows of a file name.

A row that says again what another one said is harmless. Where two contradict one another nobody
knows which is right: neither is taken, and both are told.
"""

from webapp.rules import credentials
from webapp.rules.full_name import full_name
from webapp.rules.roll_columns import RollColumns
from webapp.rules.roll_file import RollRow
from webapp.rules.roll_values import shown
from webapp.services.roll import table
from webapp.services.roll.entries import is_code
from webapp.services.roll.report import Import, ReadAgain
from webapp.services.roll.table import KnownEntry

_LOOKED_UP = 1_000
_COLUMNS = {
    "civility": "civilite", "last_name": "nom", "first_name": "prenom", "contract": "contrat",
    "birth_date": "date_naissance", "joined_on": "date_adhesion", "status": "statut",
    "address": "adresse",
}  # fmt: skip


def rounds(rows: RollColumns) -> list[RollColumns]:
    """The rows in parts that name each member once, in their order."""
    parts = []
    while len(set(rows.identities)) < len(rows.identities):
        places = {whose: at for at, whose in reversed(list(enumerate(rows.identities)))}
        first = [places[whose] == at for at, whose in enumerate(rows.identities)]
        parts.append(rows.only(first))
        rows = rows.only([not each for each in first])
    return [*parts, rows]


def without_apart(task: Import, rows: RollColumns) -> RollColumns:
    """The rows, but for those of members whom another row names otherwise: they are kept apart."""
    if not task.apart or task.apart.keys().isdisjoint(rows.identities):
        return rows
    for at, whose in enumerate(rows.identities):
        if whose in task.apart:
            task.apart[whose].append((rows.lines[at], rows.row(at)))
    return rows.only([each not in task.apart for each in rows.identities])


def not_met_before(task: Import, rows: RollColumns, known: dict[str, KnownEntry]) -> RollColumns:
    """The rows whose members this import meets for the first time; of the others it is noted
    whether they say the same. `known` keeps the entries of the former only."""
    ids = [entry.id for entry in known.values()]
    before = set(task.seen.add(ids))
    if not before and max(ids) <= task.last_id:
        return rows
    met = [whose for whose, entry in known.items() if entry.id > task.last_id or entry.id in before]
    places = {whose: at for at, whose in enumerate(rows.identities)}
    for whose in met:
        row = rows.row(places[whose])
        if _says_the_same(task, row, known.pop(whose)):
            task.counts["twice"] += 1
        else:
            task.clashing.add(whose)
    again = set(met)
    return rows.only([each not in again for each in rows.identities])


def _says_the_same(task: Import, row: RollRow, entry: KnownEntry) -> bool:
    """Whether the row would leave the entry as another row of the file made it."""
    facts = {**row.facts, "number": row.number}
    if any(getattr(entry, name) != value for name, value in facts.items()):
        return False
    if row.access_code is None or entry.account_id is not None:
        return True
    macs = filter(None, (entry.code_mac, entry.replaced_mac))
    return any(is_code(task.work, mac, row.number_key, row.access_code) for mac in macs)


def settle(task: Import) -> None:
    """At the end of the file: tell the rows that were kept apart. Raises ReadAgain where rows
    contradict one another that were not."""
    named_badly = [*task.misread, *task.apart]
    for at in range(0, len(named_badly), _LOOKED_UP):
        part = named_badly[at : at + _LOOKED_UP]
        keys = [key for each in part if (key := credentials.member_number(each))]
        entries = table.known(task.work, keys)
        named = {whose: entries[whose] for whose in part if whose in entries}
        task.clashing.update(
            whose
            for whose, entry in named.items()
            if entry.id > task.last_id or entry.id in task.seen
        )
        task.seen.add(entry.id for entry in named.values())  # not missing: the file names them
    if new := task.clashing - task.apart.keys():
        raise ReadAgain(frozenset(new | task.apart.keys()))
    for met in task.apart.values():
        _tell(task, met)


def _tell(task: Import, met: list[tuple[int, RollRow | None]]) -> None:
    """Each of these rows and the first other one that says something else."""
    for line, row in met:
        if row is None:
            continue  # a bad row: its own reasons are told
        others = [(at, each) for at, each in met if at != line]
        contrary = [(at, each) for at, each in others if each != row]
        task.fault(line, _reason(row, *(contrary or others)[0]))


def _reason(row: RollRow, line: int, other: RollRow | None) -> str:
    number = f"numero_adherent « {shown(row.number)} » donné aussi à la ligne {line}"
    if other is None:
        return f"{number}, qui est en erreur : gardez une des deux"
    if _names(row) != _names(other):
        return f"{number}, à « {_names(other)} », et ici à « {_names(row)} » : gardez une des deux"
    differing = [
        column for name, column in _COLUMNS.items() if row.facts.get(name) != other.facts.get(name)
    ]
    differing += ["code_acces"] if row.access_code != other.access_code else []
    if not differing:
        return f"{number}, écrit « {shown(other.number)} » : gardez une des deux"
    return f"{number}, avec autre chose dans {', '.join(differing)} : gardez une des deux"


def _names(row: RollRow) -> str:
    told = (str(row.facts.get(name, "")) for name in ("civility", "first_name", "last_name"))
    return shown(full_name(*told)) or "sans nom"
