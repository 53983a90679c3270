"""What an import tells beside its counts: who gets no letter, which addresses are too long."""

from webapp.cli.work import tell
from webapp.rules.postal import LINE_MAX, LINES
from webapp.rules.roll_values import shown
from webapp.rules.statuses import counted
from webapp.services.roll.report import RollReport


def tell_skipped(report: RollReport) -> None:
    """« Sans courrier : 3 partis, 1 décédé », nothing when everybody gets theirs."""
    if report.skipped:
        tell(f"Sans courrier : {counted(report.skipped)}")


def tell_long_lines(report: RollReport) -> None:
    """The lines that an envelope's window may cut, and whose the first ones are."""
    if not report.long_lines:
        return
    one = report.long_lines == 1
    tell(
        f"{report.long_lines} {'ligne' if one else 'lignes'} d’adresse de plus de {LINE_MAX} "
        f"signes, {'gardée telle quelle' if one else 'gardées telles quelles'} : la fenêtre de "
        f"l’enveloppe peut en couper la fin. Raccourcissez-{'la' if one else 'les'} dans votre "
        "fichier.",
        err=True,
    )
    for each in report.examples_of_long:
        tell(f"  {shown(each.number)} : « {shown(each.line, 80)} »", err=True)


def tell_crowded(report: RollReport) -> None:
    """Whose letter will not be printed, for their name has no line of its own."""
    if not report.crowded:
        return
    one = report.crowded == 1
    shown_ones = ", ".join(map(shown, report.examples_of_crowded))
    unprinted = "son courrier ne sera pas imprimé" if one else "leur courrier ne sera pas imprimé"
    more = " …" if report.crowded > len(report.examples_of_crowded) else ""
    tell(
        f"{report.crowded} {'adresse remplit' if one else 'adresses remplissent'} les {LINES} "
        "lignes que montre la fenêtre de l’enveloppe, sans le nom de l’adhérent "
        f"({shown_ones}{more}) : {unprinted}, et « flask letters make » en donne la liste. Mettez "
        "le nom sur la première ligne, ou gagnez-en une.",
        err=True,
    )
