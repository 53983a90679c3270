import pytest

from webapp.rules.typography import french, unbroken


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Attention : lisez", "Attention\u00a0: lisez"),
        ("Oublié ?</a>", "Oublié\u00a0?</a>"),
        ("« Continuer »", "«\u00a0Continuer\u00a0»"),
        ("le {{ life }} : après", "le {{ life }}\u00a0: après"),
        ("fin !", "fin\u00a0!"),
        ("adhérent n° {{ number }}", "adhérent n°\u00a0{{ number }}"),
        ("N° <strong>00123", "N°\u00a0<strong>00123"),
    ],
)
def test_signs_never_begin_a_line(typed, printed):
    assert french(typed) == printed


@pytest.mark.parametrize("code", ["{% if a != b %}", "a:hover{color:#fff}", '{"a": 1}', "18:30"])
def test_code_is_left_alone(code):
    assert french(code) == code


def test_twice_is_once():
    assert french(french("« Oui » : non ?")) == french("« Oui » : non ?")


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("Votre e-mail</p>", "Votre *</p>"),
        ("L’e-mail, nos e-mails", "L’*, nos *s"),
        ('<dt id="e-mail">Un e-mail</dt>', '<dt id="e-mail">Un *</dt>'),
        ('<form aria-label="Un e-mail">', '<form aria-label="Un e-mail">'),
        ('<a href="/boite-mail">boîte mail</a>', '<a href="/boite-mail">boîte mail</a>'),
    ],
)  # fmt: skip
def test_the_word_that_may_break_is_found_in_text_alone(html, shown):
    assert unbroken(html, "*") == shown
