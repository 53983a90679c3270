"""Headers as clerks write them, and what is said of those that could mean two things."""

import pytest

from webapp.rules.roll_file import COLUMNS, NUMBER, HeaderFault
from webapp.rules.roll_headers import ADDRESS, STATUS, fault, find, plan, wanted

FUTURE = (*COLUMNS, *(name for name in (*ADDRESS, STATUS) if name not in COLUMNS))


def test_a_header_is_read_whatever_its_case_accents_outer_spaces_and_order() -> None:
    header = plan([" Prénom ", "NUMERO_ADHERENT", "Civilité", "Date_Adhésion"]).header
    assert header.places == {
        "prenom": 0,
        "numero_adherent": 1,
        "civilite": 2,
        "date_adhesion": 3,
    }


def test_unknown_columns_are_named_once_and_empty_names_are_not() -> None:
    unknown = plan(["numero_adherent", "Sexe", "", "E-mail", "E-mail"]).header.unknown
    assert unknown == ("Sexe", "E-mail")


def test_a_known_column_given_twice_is_refused_by_name() -> None:
    with pytest.raises(HeaderFault, match="« prenom » figure deux fois"):
        plan(["numero_adherent", "prenom", "Prénom"])


def test_a_missing_number_column_is_refused_with_the_header_found() -> None:
    with pytest.raises(HeaderFault, match=r"« numero_adherent » manque\..*« nom;prenom »"):
        plan(["nom", "prenom"])


@pytest.mark.parametrize("code", ["7K2M-9QXD-4HRT", "7K2M9QXD4HRT", "ABCD-EFGH-JKMN"])
def test_a_file_without_a_header_does_not_show_the_first_member_s_access_code(code: str) -> None:
    with pytest.raises(HeaderFault) as refused:
        plan(["00100234", code, "Lefèvre"])
    assert "Lefèvre" in str(refused.value)
    assert code not in str(refused.value)


@pytest.mark.parametrize(
    ("names", "column"),
    [
        (
            "N° adhérent|n° d’adhérent|No adherent|NUMÉRO D'ADHÉRENT|Num. adhérent|Nº Adhérent",
            NUMBER,
        ),
        ("Code d’accès|CODE ACCES", "code_acces"),
        ("Civilité|CIV.", "civilite"),
        ("Nom de famille|NOM|Nom d'usage|Nom adhérent", "nom"),
        ("Prénom|PRENOM(S)|1er prénom", "prenom"),
        ("Date de naissance|DATE NAISS.|Né(e) le|date-naissance|DDN", "date_naissance"),
        ("Libellé du contrat|Contrat", "contrat"),
        ("Date d'adhésion|Date d’adhésion|date adhesion|Adhérent depuis le", "date_adhesion"),
        ("adresse1|Adresse ligne 1|ADRESSE_1|Ligne 1|Adresse|Adresse postale", "adresse_1"),
        ("adresse2|Adresse - ligne 2|Complément d’adresse", "adresse_2"),
        ("Statut|STATUT ADHÉRENT", "statut"),
    ],
)
def test_usual_names_are_known_whatever_their_case_accents_and_signs(
    names: str, column: str
) -> None:
    for name in names.split("|"):
        cells = [name] if column == NUMBER else ["numero_adherent", name]
        header = plan(cells, known=FUTURE).header
        assert header.places[column] == len(cells) - 1, name
        assert header.unknown == ()


@pytest.mark.parametrize("name", ["Matricule", "Code", "Adhérent", "N°", "N° contrat", "Date"])
def test_a_name_that_may_mean_two_things_is_not_guessed(name: str) -> None:
    assert plan(["numero_adherent", name]).header.unknown == (name,)


def test_two_headers_for_one_column_are_both_named() -> None:
    with pytest.raises(HeaderFault, match="« Nom de famille » et « Nom d’usage »"):
        plan(["numero_adherent", "Nom de famille", "Nom d’usage"])


def test_the_operator_s_choice_wins_over_every_guess() -> None:
    want = wanted(["numero_adherent=Réf.", "nom=nom d'usage"])
    header = plan(["N° adhérent", "REF", "Nom", "Nom d’usage"], want).header
    assert header.places == {"numero_adherent": 1, "nom": 3}
    assert header.unknown == ("N° adhérent", "Nom")


def test_a_choice_that_the_file_does_not_have_is_refused_with_its_header() -> None:
    with pytest.raises(HeaderFault, match=r"« Ref » donnée par --column n’est pas.*« Matricule »"):
        plan(["Matricule"], wanted(["numero_adherent=Ref"]))


@pytest.mark.parametrize("option", ["numero_adherent", "nom= ° ", "=x", "matricule=x"])
def test_a_choice_that_names_no_column_of_ours_is_answered_with_them(option: str) -> None:
    with pytest.raises(HeaderFault, match="Nos colonnes : numero_adherent, code_acces"):
        wanted([option])


def test_a_choice_may_use_the_usual_names_and_comes_once() -> None:
    assert wanted(["N° adhérent=Réf."]) == {"numero_adherent": "Réf."}
    with pytest.raises(HeaderFault, match="nomme deux fois « nom »"):
        wanted(["nom=a", "Nom de famille=b"])


def test_a_title_above_the_header_is_no_header() -> None:
    rows = [["Fichier des adhérents"], ["", "Nom", "Prénom"], ["Nom", "N° adhérent"]]
    assert find(rows, {}) == 2
    assert find(rows[:2], {}) is None


def test_postcode_and_town_become_the_address_line_after_the_last() -> None:
    cells = ["numero_adherent", "adresse1", "adresse2", "Code postal", "Ville"]
    found = plan(cells, known=FUTURE)
    assert found.header.places["adresse_3"] == 5
    assert (found.header.width, found.postcode, found.town) == (6, 3, 4)
    assert found.header.unknown == ()


def test_six_lines_of_address_keep_their_town_below() -> None:
    found = plan(["numero_adherent", *ADDRESS, "cp", "ville"], known=FUTURE)
    assert (found.joined, found.header.unknown) == (True, ())
    assert found.header.address == [1, 2, 3, 4, 5, 6, 9]


def test_a_header_of_ten_thousand_columns_is_refused() -> None:
    with pytest.raises(HeaderFault, match="10000 colonnes"):
        plan(["numero_adherent"] + ["x"] * 9_999)


def test_a_column_option_that_names_none_is_named_itself() -> None:
    said = str(fault(["N° adhérent", "Nom"], {"numero_adherent": "Réf."}))
    assert "« Réf. » donnée par --column n’est pas dans le fichier" in said


def test_a_header_over_two_lines_is_shown_on_one() -> None:
    with pytest.raises(HeaderFault, match="« N° adhérent de la mutuelle;Nom »"):
        plan(["N° adhérent\nde la mutuelle", "Nom"])
