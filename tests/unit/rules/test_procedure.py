"""The procedure, said once, is the paper's."""

import pytest

from webapp.rules.procedure import ACTIVATION, PROCEDURES, REGISTRATION, SIGN_IN, STEPPER, Step
from webapp.rules.procedures import (
    household,
    my_data,
    new_letter,
    paper,
    recovery,
    second_factors,
    security,
)

PAPER = (REGISTRATION, ACTIVATION, SIGN_IN)  # the others are ours, numbered from 1
JOURNEYS = (paper, recovery, security, my_data, second_factors, new_letter, household)
NAMED = {each.key: each for it in JOURNEYS for each in vars(it).values() if isinstance(each, Step)}
STEPS = list(NAMED.values())


def test_the_stepper_reads_as_on_paper():
    assert STEPPER == ("Mes infos", "CGU", "Confirmation")


@pytest.mark.parametrize("played", PROCEDURES, ids=lambda each: each.key)
def test_the_steps_follow_the_papers_numbers(played):
    numbers = [step.number for step in played]
    assert numbers == sorted(set(numbers))
    if played in PAPER or played.steps[0] == paper.SITE:  # it goes along the paper's steps
        assert 4 not in numbers, "the paper has no step 4"
    else:
        assert numbers == list(range(1, len(numbers) + 1))


def test_every_number_of_the_paper_is_played():
    played = {step.number for each in PAPER for step in each}
    assert played == {1, 2, 3, *range(5, 14)}


def test_every_step_is_played_and_has_a_key_of_its_own():
    played = {step.key for each in PROCEDURES for step in each}
    assert played == {step.key for step in STEPS} and len(played) == len(STEPS)


@pytest.mark.parametrize("step", STEPS, ids=lambda each: each.key)
def test_a_step_says_what_to_do_and_what_shows(step):
    assert step.title and step.do.endswith(".") and step.see
    assert "'" not in step.title + step.do + step.see, "the apostrophe is the typographic one"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "Espace adhérents SMIE"),
        (2, "Je crée mon compte"),
        (3, "Inscription"),
        (5, "Conditions générales d’utilisation"),
        (6, "J’accepte les conditions générales d’utilisation"),
        (7, "Votre inscription est prise en compte"),
        (8, "Espace SMiE Mutuelle - Demande de confirmation d’inscription"),
        (8, "Je valide mon inscription"),
        (8, "Votre inscription est finalisée"),
        (9, "Je me connecte"),
        (9, "Connexion à mon compte"),
        (11, "Votre code de sécurité"),
        (12, "Valider"),
        (13, "Mon espace"),
    ],
)
def test_the_words_that_the_paper_fixes_stand_at_their_step(number, words):
    assert any(words in step.do + step.see for step in STEPS if step.number == number)
