"""The files of tests/data/rolls, as mutuals send them: each is read as its sender means it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from webapp.cli.roll_files.faults import RollFileFault
from webapp.cli.roll_files.opening import open_roll
from webapp.cli.roll_files.source import How
from webapp.rules.roll_file import NUMBER, BadRow, RollRow, read_row
from webapp.rules.roll_guards import is_total_row
from webapp.settings import ROOT

FOLDER = ROOT / "tests" / "data" / "rolls"
TODAY = date(2026, 11, 29)
EIGHT = (
    ("00200101", "LEFÈVRE", "Élodie", date(1950, 3, 7), date(2011, 1, 1)),
    ("00200102", "D'HÉROUVILLE", "Gaël", date(1947, 12, 31), date(1999, 10, 15)),
    ("00200103", "ŒUVRARD-NOËL", "Maÿlis", date(1962, 2, 28), date(2020, 6, 1)),
)

WHOLE = {  # rows of members, among them the three above
    8: "01_texte.ods 01_texte.xlsx 01_texte__lo_utf16_tab.csv 01_texte__lo_utf8_pv.csv "
    "01_texte__lo_utf8_pv_toutguillemets.csv 01_texte__lo_utf8_tab.csv "
    "01_texte__lo_utf8_virgule_enUS.csv 02_nombre_format_00000000.xlsx "
    "02_nombre_format_00000000__lo_utf8_pv.csv 04_dates_courtes_jj_mm_aa.xlsx "
    "04_dates_courtes_jj_mm_aa__lo_utf8_pv.csv 05_entetes_francais.xlsx "
    "05_entetes_francais__lo_utf8_pv.csv 06_titre_et_total.xlsx "
    "06_titre_et_total__lo_utf8_pv.csv 07_total.xlsx 07_total__lo_utf8_pv.csv "
    "08_saut_de_ligne.xlsx 08_saut_de_ligne__lo_utf8_pv.csv 09_dates_longues.xlsx "
    "09_dates_longues__lo_utf8_pv.csv 10_adresse_postale.xlsx 10_adresse_postale__lo_utf8_pv.csv",
    6: "11_noms__lo_cp1252_pv.csv 11_noms__lo_latin9_pv.csv",
    3: "20_sep_premiere_ligne.csv 21_excel_utf8_bom.csv 22_colonnes_vides_partout.csv "
    "22b_colonnes_vides_lignes.csv 26_texte_unicode_excel.txt 43_barre.csv "
    "46_majuscules_espaces.csv 46b_entete_espaces.csv",
}
ROWS = {  # what all rows say, a row each
    "03_nombre_standard.xlsx": ["200101", *(f"2001{n:02}" for n in range(2, 9))],
    "03_nombre_standard__lo_utf8_pv.csv": ["200101", *(f"2001{n:02}" for n in range(2, 9))],
    "22c_derniere_cellule_absente.csv": ["00200101", "00200104 Nguyễn Thierry 1971-07-14"],
    "24_doublon_identique.csv": ["00200101", "00200102", "00200101"],
    "24b_doublon_different.csv": ["00200101", "00200102", "00200101 DURAND"],
    "24c_doublon_zeros.csv": ["00200101", "200101"],
    "25_lignes_vides.csv": ["00200101", "00200102"],
    "28_cp850_ms_dos.csv": ["LEFÈVRE Élodie", "D'HÉROUVILLE Gaël", "OEUVRARD-NOËL Maÿlis"],
    "28b_cp850_accents_courants.csv": ["LEFEVRE Hélène", "DURAND François"],
    "30_jour_mois_sans_zero.csv": ["LEFÈVRE Élodie 1950-03-07 2011-01-01"],
    "31_date_et_heure.csv": ["LEFÈVRE Élodie 1950-03-07 2011-01-01"],
    "32_scientifique.csv": ["numero_adherent « 2,00101E+11 » : le tableur"],
    "33_numero_avec_espaces.csv": ["00 200 101", "00200102", "00.200.103"],
    "35b_guillemet_milieu.csv": ['LE"FÈVRE', "D'HÉROUVILLE"],
    "36_date_inexistante.csv": ["date_naissance « 29/02/1951 » : attendu une date qui existe"],
    "37_annee_deux_chiffres.csv": ["1950-03-07"],
    "37c_date_points.csv": ["1950-03-07", "1947-12-31"],
    "37d_date_serie_excel.csv": ["mettez la colonne au format date"],
    "37e_date_inconnue.csv": ["Élodie None", "Gaël None", "Maÿlis None"],
    "40b_entete_seul.csv": [],
    "44_pv_dans_contrat.csv": ["8 cellule(s), l’en-tête en a 7"],
    "47b_code_court.csv": ["code_acces (valeur non affichée)", "code_acces (valeur non"],
    "48_minuscule_numero.csv": ["ab12", "AB12"],
    "49_sexe_deces.csv": ["00200101"],
    "50_nom_manquant.csv": ["00200101  "],
    "51_apostrophe_excel.csv": ["00200101", "00200102"],
}
REFUSED = {
    "35_guillemet_seul.csv": "ligne 2 n’a pas de fin",
    "37b_date_us.csv": "Le mois y est écrit avant le jour",
    "39_entete_matricule.csv": "« numero_adherent » manque.*« Matricule;civilite;",
    "39b_sans_entete.csv": "n’a pas d’en-tête",
    "40_vide.csv": "Le fichier est vide",
    "45_pages_html.xls": "pas un classeur mais une page HTML",
}
SAID = {  # beside the rows
    "04_dates_courtes_jj_mm_aa__lo_utf8_pv.csv": "date_naissance : 8 année(s) à deux chiffres",
    "06_titre_et_total.xlsx": "« Fichier des adhérents au 28/11/2026 »",
    "06_titre_et_total__lo_utf8_pv.csv": "En-tête trouvé à la ligne 3.",
    "11_noms__lo_latin9_pv.csv": "Fichier lu : ISO-8859-15",
    "20_sep_premiere_ligne.csv": "Fichier lu : Windows-1252, séparateur « ; »",
    "26_texte_unicode_excel.txt": "Fichier lu : UTF-16, séparateur tabulation. Noms lus : Élodie",
    "28b_cp850_accents_courants.csv": "CP850 (MS-DOS), séparateur « ; ». Noms lus : Hélène LEFEVRE",
    "37e_date_inconnue.csv": "3 date(s) comme « 00/00/0000 » lue(s) comme « inconnue »",
    "01_texte.xlsx": "classeur Excel, feuille « Adhérents »",
    "01_texte.ods": "classeur OpenDocument, feuille « Adhérents »",
}


@dataclass(frozen=True)
class Read:
    members: list[RollRow]
    rows: list[str]
    said: str
    totals: int


def read(name: str) -> Read:
    with open_roll(FOLDER / name, How(TODAY)) as roll:
        members, told, counting = list[RollRow](), list[str](), 0
        for _, cells in roll.rows():
            assert cells is not None
            place = roll.header.places[NUMBER]
            if is_total_row(cells[place], [*cells[:place], *cells[place + 1 :]]):
                counting += 1
                continue
            row = read_row(roll.header, cells, TODAY)
            if isinstance(row, BadRow):
                told.append(" ; ".join(row.reasons))
                continue
            members.append(row)
            facts = [
                row.facts[name] for name in ("last_name", "first_name", "birth_date", "joined_on")
            ]
            told.append(" ".join(map(str, (row.number, *facts))))
        return Read(members, told, "\n".join((*roll.told, *roll.notes())), counting)


def _names(listed: str) -> list[str]:
    return listed.split()


@pytest.mark.parametrize(
    ("name", "count"), [(name, count) for count in WHOLE for name in _names(WHOLE[count])]
)
def test_members_are_read_whole_whatever_the_file_s_kind(name: str, count: int) -> None:
    found = read(name).members
    assert len(found) == count
    keys = ("last_name", "first_name", "birth_date", "joined_on")
    three = [(row.number, *(row.facts[key] for key in keys)) for row in found[:3]]
    assert three == list(EIGHT)


@pytest.mark.parametrize("name", ROWS)
def test_each_row_says_what_its_sender_means_or_why_it_can_t(name: str) -> None:
    rows = read(name).rows
    assert len(rows) == len(ROWS[name])
    for row, told in zip(rows, ROWS[name], strict=True):
        assert told in row


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_row_can_tell_is_one_sentence_about_the_file(name: str) -> None:
    with pytest.raises(RollFileFault, match=REFUSED[name]):
        read(name)


@pytest.mark.parametrize("name", SAID)
def test_what_was_guessed_is_said(name: str) -> None:
    assert SAID[name] in read(name).said


@pytest.mark.parametrize("name", [each for each in _names(WHOLE[8]) if "total" in each])
def test_a_row_that_counts_the_others_is_known_as_such(name: str) -> None:
    assert read(name).totals == 1


def test_every_file_of_the_folder_has_its_promise() -> None:
    promised = {*ROWS, *REFUSED, *(name for listed in WHOLE.values() for name in _names(listed))}
    found = {path.name for path in Path(FOLDER).iterdir()} - {"README.md"}
    assert found == promised
