import pytest

from webapp.rules.typography import french


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Attention : lisez", "Attention\u00a0: lisez"),
        ("Oublié ?</a>", "Oublié\u00a0?</a>"),
        ("« Continuer »", "«\u00a0Continuer\u00a0»"),
        ("le {{ life }} : après", "le {{ life }}\u00a0: après"),
        ("fin !", "fin\u00a0!"),
    ],
)
def test_signs_never_begin_a_line(typed, printed):
    assert french(typed) == printed


@pytest.mark.parametrize("code", ["{% if a != b %}", "a:hover{color:#fff}", '{"a": 1}', "18:30"])
def test_code_is_left_alone(code):
    assert french(code) == code


def test_twice_is_once():
    assert french(french("« Oui » : non ?")) == french("« Oui » : non ?")
