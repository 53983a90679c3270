"""What an import of the roll says to who ran it: what was done, or why nothing was."""

from collections.abc import Callable
from typing import NoReturn

from webapp.cli.work import stop, tell
from webapp.rules.roll_guards import grouped
from webapp.services.roll.report import RollRefused, RollReport, Wish


def refuse(refused: RollRefused, wish: Wish) -> NoReturn:
    """End the command with all that speaks against the file."""
    if refused.key == "bad_rows":
        _list_faults(refused.report)
    *hits, last = stopped(refused, wish)
    for sentence in hits:
        tell(sentence, err=True)
    stop(last)


def stopped(refused: RollRefused, wish: Wish) -> list[str]:
    """Why nothing is imported: each guard that was not accepted, then what to do."""
    hits = [hit.sentence for hit in refused.report.hits if hit.word not in wish.accepted]
    return [*hits, _REFUSED[refused.key](refused.report)]


def _list_faults(report: RollReport) -> None:
    for fault in report.faults:
        tell(f"ligne {fault.line} : {fault.reason}", err=True)
    if more := report.bad - len(report.faults):
        tell(f"… et {more} autre(s) ligne(s) en erreur.", err=True)


def _bad_rows(report: RollReport) -> str:
    advice = (
        f"ou ajoutez --keep-good pour importer les bonnes ({report.good})"
        if report.good
        else "puis relancez la commande"
    )
    return f"Rien n’a été importé : {report.bad} ligne(s) en erreur. Corrigez le fichier, {advice}."


def _stopped(report: RollReport) -> str:
    told = (
        f"{grouped(report.added)} adhérent(s) ajouté(s)",
        f"{grouped(report.changed)} modifié(s)",
    )
    return (
        "Rien n’a été importé : ce fichier est à vérifier. "
        f"Tel quel, il ferait {' et '.join(told)}."
    )


_REFUSED: dict[str, Callable[[RollReport], str]] = {
    "no_member": lambda _: (
        "Le fichier n’a que son en-tête : aucun adhérent. Rien n’a été importé. "
        "Vérifiez l’export de votre fichier."
    ),
    "bad_rows": _bad_rows,
    "guards": _stopped,
}


def summarise(report: RollReport, seconds: float, *, trial: bool) -> None:
    """What was done, or would be, but for letters."""
    _list_faults(report)
    head = "Essai sans effet : rien n’a été importé." if trial else "Import terminé."
    duration = f"{seconds:.1f}".replace(".", ",")
    tell(f"{head} Durée : {duration} s.")
    counts = {
        "Ajoutés": report.added,
        "Modifiés": report.changed,
        "Inchangés": report.unchanged,
        "Lignes en erreur": report.bad,
    }
    others = {
        "Lignes répétées à l’identique": report.twice,
        "Titres et totaux laissés de côté": report.aside,
        "Absents du fichier": report.missing,
        "Notés partis": report.marked,
    }
    for name, count in (counts | {name: count for name, count in others.items() if count}).items():
        tell(f"{name} : {count}")
    for each in report.absent:
        tell(f"  {each}")
    if more := report.missing - len(report.absent):
        tell(f"  … et {more} autre(s).")
    if report.hits:
        tell(f"Accepté : {', '.join(hit.word for hit in report.hits)}.")
