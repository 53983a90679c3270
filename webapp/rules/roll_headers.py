"""The header of the roll's file: which of our columns each of its names means.

Clerks write « N° adhérent », « Date de naissance », « Ville ». Names are compared without case,
accents, blanks and signs. One that could mean two things (« Matricule », « Code ») stays unknown:
`--column 'numero_adherent=Matricule'` says what it is.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from webapp.rules.roll_file import (
    ADDRESS,
    COLUMNS,
    DEATH,
    NUMBER,
    STATUS,
    TOWN_LINE,
    Header,
    HeaderFault,
)
from webapp.rules.roll_values import shown, shown_header

Wanted = Mapping[str, str]

POSTCODE, TOWN = "code_postal", "ville"  # joined into the address line after the last
NAMED = (*COLUMNS, POSTCODE, TOWN)

_ALIASES = {
    NUMBER: (
        "numero adherent, numero d'adherent, numero de l'adherent, numero adherents, num adherent, "
        "num d'adherent, n adherent, n d'adherent, no adherent, no d'adherent, nr adherent, "
        "n de l'adherent, numero adh, num adh, n adh, no adh, adherent numero, adherent n, "
        "id adherent, identifiant adherent"
    ),
    "code_acces": "code acces, code d'acces, code acces adherent, code d'acces adherent",
    "civilite": "civilite, civ, civilite adherent",
    "nom": (
        "nom, nom de famille, nom famille, nom adherent, nom de l'adherent, nom d'usage, "
        "nom usage, nom usuel"
    ),
    "prenom": (
        "prenom, prenoms, prenom(s), prenom adherent, prenom de l'adherent, prenom usuel, "
        "premier prenom, 1er prenom"
    ),
    "date_naissance": (
        "date naissance, date de naissance, date naiss, date de naiss, dt naissance, dt naiss, "
        "d naissance, ddn, naissance, ne le, nee le, ne(e) le, date naissance adherent, "
        "date de naissance adherent, date de naissance de l'adherent"
    ),
    "contrat": "contrat, nom contrat, nom du contrat, libelle contrat, libelle du contrat, formule",
    "date_adhesion": (
        "date adhesion, date d'adhesion, date adh, date d'adh, dt adhesion, adherent depuis, "
        "adherent depuis le"
    ),
    STATUS: "statut, statut adherent, statut de l'adherent",
    DEATH: "date deces, date de deces, date du deces, deces, decede le, decedee le, dcd le",
    POSTCODE: "code postal, cp, code post",
    TOWN: "ville, localite, commune, cp ville, code postal ville, code postal et ville",
    ADDRESS[0]: "adresse, adresse postale, ligne adresse",
    ADDRESS[1]: "complement adresse, complement d'adresse, adresse complement, adresse suite",
}
_LINES = (
    "adresse {}, adresse ligne {}, ligne adresse {}, ligne d'adresse {}, ligne {} adresse, "
    "ligne {}, adr {}, adr ligne {}, adresse postale {}, adresse l{}, voie {}"
)
TITLE_ROWS = 20  # a header further down is none
WIDTH_MAX = 500
_NONE: Wanted = {}


@dataclass(frozen=True)
class Plan:
    """A header as it was understood, and what makes a row of the file one of ours."""

    header: Header
    postcode: int | None = None  # where it stands; it is joined with the town
    town: int | None = None

    @property
    def joined(self) -> bool:
        """Whether a cell of postcode and town is added at the end of each row."""
        return self.town is not None


def wanted(options: Iterable[str]) -> Wanted:
    """Read « numero_adherent=Réf. »: our column, and its name in the file. Raises HeaderFault."""
    names: dict[str, str] = {}
    for option in options:
        column, equals, name = option.partition("=")
        column = _MEANT.get(folded(column), column.strip())
        if not equals or not folded(name) or column not in NAMED:
            raise HeaderFault(
                f"--column « {shown(option)} » : attendu une de nos colonnes, un signe égal et le "
                f"nom qu’elle porte dans le fichier, par exemple --column '{NUMBER}=Réf.'. "
                f"Nos colonnes : {', '.join(NAMED)}."
            )
        if column in names:
            raise HeaderFault(f"--column nomme deux fois « {column} ». N’en gardez qu’un.")
        names[column] = name.strip()
    return names


def find(rows: Sequence[Sequence[str]], want: Wanted) -> int | None:
    """Which of a file's first rows is its header: the first that names the number's column."""
    for at, row in enumerate(rows):
        if NUMBER in _columns(row, want).values():
            return at
    return None


def plan(cells: Sequence[str], want: Wanted = _NONE, known: Sequence[str] = COLUMNS) -> Plan:
    """The header's columns. Raises HeaderFault: a column that is missing, or there twice."""
    if len(cells) > WIDTH_MAX:
        raise HeaderFault(
            f"L’en-tête a {len(cells)} colonnes : ce n’est pas un fichier d’adhérents. Gardez les "
            "colonnes utiles, puis relancez la commande."
        )
    columns = _columns(cells, want)
    for column, name in want.items():
        if column not in columns.values():
            raise _not_there(name, cells)
    _once(cells, columns)
    places = {column: place for place, column in columns.items()}
    if NUMBER not in places:
        raise missing(cells, columns.values())
    towns = _join(places, len(cells), known)
    unknown = [
        shown(cell)
        for place, cell in enumerate(cells)
        if columns.get(place) not in known and place not in towns
    ]
    header = Header(
        places={column: place for column, place in places.items() if column in (*known, TOWN_LINE)},
        width=len(cells) + (1 if towns else 0),
        unknown=tuple(dict.fromkeys(name for name in unknown if name.strip())),
    )
    if not towns:
        return Plan(header)
    return Plan(header, places.get(POSTCODE), places[TOWN])


def missing(cells: Sequence[str], found: Iterable[str]) -> HeaderFault:
    """What to say of a file without a number's column, or without any header."""
    shown_cells = shown_header(cells)
    if not set(found):
        return HeaderFault(
            f"Le fichier n’a pas d’en-tête : sa première ligne est « {shown_cells} ». Ajoutez "
            f"au-dessus une ligne avec le nom des colonnes ({', '.join(COLUMNS)}), puis relancez "
            "la commande."
        )
    return HeaderFault(
        f"La colonne « {NUMBER} » manque. En-tête trouvé : « {shown_cells} ». Donnez ce nom à la "
        f"colonne des numéros, ou ajoutez par exemple --column '{NUMBER}=Matricule' si elle "
        "s’appelle « Matricule »."
    )


def fault(cells: Sequence[str], want: Wanted) -> HeaderFault:
    """What to say of the row that comes nearest to a header, in a file where none is one."""
    names = named_in(cells, want)
    asked = [name for column, name in want.items() if names and column not in names]
    return _not_there(asked[0], cells) if asked else missing(cells, names)


def _not_there(name: str, cells: Sequence[str]) -> HeaderFault:
    return HeaderFault(
        f"La colonne « {shown(name)} » donnée par --column n’est pas dans le fichier. "
        f"En-tête trouvé : « {shown_header(cells)} »."
    )


def named_in(cells: Sequence[str], want: Wanted) -> set[str]:
    """Our columns that a row names, as a header does."""
    return set(_columns(cells, want).values())


def is_repeated(header: Header, cells: Sequence[str]) -> bool:
    """Whether a row below the header is the header again, as at the top of a printed page."""
    place = header.places[NUMBER]
    if place >= len(cells) or not cells[place] or any(map(str.isdigit, cells[place])):
        return False
    names = _columns(cells, _NONE).items()
    again = [column for at, column in names if header.places.get(column) == at]
    return NUMBER in again or len(again) > 1


def folded(name: str) -> str:
    """A header's name without case, accents, blanks and signs."""
    signs = unicodedata.normalize("NFKD", name.replace("°", " ").replace("º", " "))
    return "".join(sign for sign in signs if sign.isalnum()).casefold()


def _columns(cells: Sequence[str], want: Wanted) -> dict[int, str]:
    """Where our columns stand. A name given by the operator is taken before any guess."""
    asked = {folded(name): column for column, name in want.items()}
    columns: dict[int, str] = {}
    for place, cell in enumerate(cells):
        name = folded(cell[:100])
        column = asked.get(name)
        if column is None and (guess := _MEANT.get(name)) not in want:
            column = guess
        if column:
            columns[place] = column
    return columns


def _table() -> dict[str, str]:
    table = {folded(column): column for column in NAMED}
    for column, aliases in _ALIASES.items():
        table |= {folded(alias): column for alias in aliases.split(", ")}
    for line, column in enumerate(ADDRESS, 1):
        table |= {folded(alias.format(line)): column for alias in _LINES.split(", ")}
    return table


_MEANT = _table()


def _once(cells: Sequence[str], columns: Mapping[int, str]) -> None:
    first: dict[str, int] = {}
    for place, column in columns.items():
        other = first.setdefault(column, place)
        if other != place:
            raise HeaderFault(
                f"La colonne « {column} » figure deux fois dans l’en-tête : "
                f"« {shown(cells[other].strip())} » et « {shown(cells[place].strip())} ». "
                f"Gardez-en une seule, ou dites laquelle : --column '{column}=…'."
            )


def _join(places: dict[str, int], width: int, known: Sequence[str]) -> set[int]:
    """Give the postcode and the town the address line after the last; their places."""
    if TOWN not in places:
        return set()
    lines = [line for line, name in enumerate(ADDRESS) if name in places]
    name = (*ADDRESS, TOWN_LINE)[lines[-1] + 1 if lines else 0]
    if name != TOWN_LINE and name not in known:
        return set()
    joined = {places[TOWN], *([places[POSTCODE]] if POSTCODE in places else [])}
    places[name] = width
    return joined
