"""What a database's error means, in a French sentence with what to do: a command ends with it.

Codes: PostgreSQL's appendix A (SQLSTATE) and SQLite's result codes.
"""

from sqlalchemy.exc import SQLAlchemyError

_AWAY = ("ne répond pas", "Vérifiez DATABASE_URL et que le serveur tourne")
_FULL = ("n’a plus de place : son disque est plein", "Faites de la place")
_DENIED = (
    "refuse cela : permission refusée",
    "Vérifiez les droits du rôle de DATABASE_URL, ou ceux du fichier",
)
_BUSY = ("est occupée par une autre opération", "Attendez qu’elle soit finie")
_REFUSED = (
    "refuse la connexion",
    "Vérifiez le rôle, le mot de passe et le nom de la base dans DATABASE_URL",
)
_BROKEN = ("est abîmée", "Remettez la dernière sauvegarde en place (docs/operations/backup.md)")
_DISK = (
    "a rencontré une erreur de son disque, plein ou en panne",
    "Faites de la place, ou réparez-le",
)
_READ_ONLY = ("est en lecture seule", "Vérifiez que DATABASE_URL mène au serveur où l’on écrit")
_CROWDED = ("n’a plus de connexion libre", "Attendez, ou augmentez max_connections")

_SQLSTATES = {
    "53100": _FULL,
    "42501": _DENIED,
    "55P03": _BUSY,
    "57014": _BUSY,
    "40P01": _BUSY,
    "25006": _READ_ONLY,
    "53300": _CROWDED,
}
_SQLITE = {
    "SQLITE_FULL": _FULL,
    "SQLITE_READONLY": _DENIED,
    "SQLITE_PERM": _DENIED,
    "SQLITE_AUTH": _DENIED,
    "SQLITE_CANTOPEN": _DENIED,
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_IOERR": _DISK,
    "SQLITE_CORRUPT": _BROKEN,
    "SQLITE_NOTADB": _BROKEN,
}


def told(error: SQLAlchemyError) -> tuple[str, str]:
    """What goes on after « La base de données », and what to do, both without a full stop."""
    cause = getattr(error, "orig", None)
    other = (f"a signalé une erreur ({type(error).__name__})", "Lisez le journal de la base")
    if state := getattr(cause, "sqlstate", None):
        return _SQLSTATES.get(state, other)
    if name := getattr(cause, "sqlite_errorname", None):
        return _SQLITE.get("_".join(name.split("_")[:2]), other)  # the extended code, cut
    if "FATAL" in str(cause):  # libpq has no code for what a server answers to a newcomer
        return _REFUSED
    return _AWAY
