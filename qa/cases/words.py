"""What a test case says beside its steps' own words: what comes before it, what must show."""

from webapp.rules.procedure import Procedure, Step

LETTER = "Ayez un courrier d’essai qui n’a pas encore servi (« flask qa members make »)."
# what no step brings about, by its key in player/givens.py
GIVENS = {
    "signed_out": "Déconnectez-vous : appuyez sur « Me déconnecter ».",
    "another_session": (
        "Dans un autre navigateur, connectez-vous au même espace, et laissez-le ouvert."
    ),
    "asked_new_terms": (
        "Faites publier de nouvelles conditions par la mutuelle, puis connectez-vous."
    ),
    "another_letter": (
        "Faites faire un nouveau courrier : sur la machine du portail, « flask members reissue "
        "NUMÉRO --letters courrier.csv »."
    ),
    "letter_of_another": (
        "Prenez un deuxième courrier d’essai : son adhérent donnera la même adresse e-mail, et un "
        "autre mot de passe."
    ),
    "begun_takeover": (
        "Faites faire un nouveau courrier et, dans un autre navigateur, servez-vous-en jusqu’au "
        "message de confirmation compris."
    ),
    "device_with_keys": (
        "Prenez un appareil qui garde des clés d’accès et reconnaît son propriétaire."
    ),
}


def beforehand(procedure: Procedure) -> list[str]:
    """What must be done before it, in this order: sentences."""
    told = [LETTER]
    for each in procedure.after:
        told += _given(each)
        told.append(f"Jouez d’abord « {each.title} » [{each.key}].")
    return told + _given(procedure)


def expected(step: Step) -> str:
    """What shows when the step went well: a sentence without its stop."""
    if step.endpoint is None:
        return f"l’objet du message contient « {step.see} »"
    return f"l’écran montre « {step.see} »"


def result(step: Step) -> str:
    """The same as a sentence of its own."""
    told = expected(step)
    return f"{told[0].upper()}{told[1:]}."


def _given(procedure: Procedure) -> list[str]:
    return [GIVENS[procedure.given]] if procedure.given else []
