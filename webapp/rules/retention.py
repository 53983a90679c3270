"""What is kept, why, and for how long: one table. The purge, the page « Mes données », its file
and the tests of the house read it; the terms say the same in their own words."""

from dataclasses import dataclass
from datetime import timedelta

from webapp.rules import lifetimes
from webapp.rules.lifetimes import in_words

_LONG = {lifetimes.JOURNAL: "12\u00a0mois", lifetimes.TERMS_PROOF: "5\u00a0ans"}
_SPACE = "l’application des conditions générales que vous avez acceptées"
_SAFETY = "notre intérêt légitime : protéger votre espace et le service"


def said(life: timedelta) -> str:
    """How long, in French: « 12 mois », « 5 ans », else in the largest whole unit."""
    return _LONG.get(life) or in_words(life)


@dataclass(frozen=True)
class Kept:
    """One kind of data. `life` is what the purge counts with, None when something else ends it
    (`how_long` says what); `tables` are the tables it stands in. `shown`: told to members."""

    key: str
    what: str
    why: str
    ground: str
    how_long: str
    tables: tuple[str, ...]
    life: timedelta | None = None
    shown: bool = True


KEPT = {
    each.key: each
    for each in (
        Kept(
            "roll",
            "Votre identité et votre contrat : civilité, nom, prénom, date de naissance, adresse "
            "postale, numéro d’adhérent, contrat, date d’adhésion, situation (adhérent, parti…)",
            "Vérifier que vous êtes adhérent, vous écrire et vous montrer votre contrat",
            "l’application de votre contrat de santé",
            "tant que vous êtes adhérent : c’est le fichier de la mutuelle, que la fermeture de "
            "l’espace n’efface pas",
            ("roll",),
        ),
        Kept(
            "roll_former",
            "Ce que le fichier de la mutuelle disait de vous avant sa dernière mise à jour",
            "Pouvoir annuler une mise à jour faite par erreur",
            _SAFETY,
            f"{said(lifetimes.ROLL_UNDO)}, puis effacé",
            ("roll_former",),
            lifetimes.ROLL_UNDO,
        ),
        Kept(
            "roll_import",
            "Les mises à jour du fichier des adhérents : date, opérateur, nom et empreinte du "
            "fichier, nombres",
            "Savoir d’où vient ce que dit le fichier",
            _SAFETY,
            f"{said(lifetimes.JOURNAL)}, puis effacé ; cela ne dit rien d’un adhérent",
            ("roll_import",),
            lifetimes.JOURNAL,
            shown=False,
        ),
        Kept(
            "letter",
            "Nos courriers papier avec votre code d’accès : lot, numéro d’ordre, dates (fait, "
            "posté, revenu, utilisé). Le code est scellé jusqu’à l’envoi, puis détruit ; l’adresse "
            "de l’envoi n’est gardée que sous une forme que personne ne peut lire",
            "Les imprimer de nouveau au besoin, et vous répondre quand un courrier ne marche pas "
            "ou n’arrive pas",
            _SAFETY,
            f"{said(lifetimes.LETTER_TRACE)} après l’envoi, puis effacé",
            ("letter", "letter_batch"),
            lifetimes.LETTER_TRACE,
        ),
        Kept(
            "account",
            "Votre compte : adresse e-mail, et mot de passe sous une forme que personne ne peut "
            "lire",
            "Vous ouvrir votre espace et vous écrire à son sujet",
            _SPACE,
            "tant que votre espace existe. Si vous le fermez : encore "
            f"{said(lifetimes.CLOSING)}, puis effacé",
            ("account",),
            lifetimes.CLOSING,
        ),
        Kept(
            "second_step",
            "Vos moyens de vérification : clés d’accès, application d’authentification, codes de "
            "secours. Leurs secrets sont protégés et ne sont jamais montrés",
            "Vérifier que c’est bien vous quand vous vous connectez",
            _SPACE,
            "jusqu’à ce que vous les retiriez ou que l’espace soit effacé",
            ("passkey", "authenticator", "recovery_code"),
        ),
        Kept(
            "session",
            "Vos connexions en cours : dates, type de navigateur, codes de sécurité envoyés",
            "Vous garder connecté pendant votre visite",
            _SPACE,
            f"{said(lifetimes.SESSION_WHOLE)} au plus ; une inscription en cours, "
            f"{said(lifetimes.REGISTRATION)}",
            ("session",),
            lifetimes.SESSION_WHOLE,
        ),
        Kept(
            "device",
            "Vos appareils de confiance : type de navigateur, dates",
            "Vous demander moins souvent un code de sécurité",
            "votre choix, quand vous cochez « Se souvenir de moi »",
            f"{said(lifetimes.TRUSTED_DEVICE)}, ou jusqu’à ce que vous les retiriez",
            ("device",),
            lifetimes.TRUSTED_DEVICE,
        ),
        Kept(
            "registration",
            "Une inscription : adresse e-mail et mot de passe choisis",
            "Vous laisser le temps de la valider",
            _SPACE,
            f"effacée au bout de {said(lifetimes.REGISTRATION)} si elle n’est pas validée ; "
            f"validée, sa trace sans e-mail ni mot de passe reste {said(lifetimes.CONFIRMED_LINK)}",
            ("registration",),
            lifetimes.REGISTRATION,
        ),
        Kept(
            "recovery",
            "Une demande de nouveau mot de passe : ses dates",
            "Ne laisser servir son lien qu’une fois",
            _SAFETY,
            f"{said(lifetimes.RECOVERY_TRACE)} après la fin du lien",
            ("recovery",),
            lifetimes.RECOVERY_TRACE,
        ),
        Kept(
            "address_change",
            "Un changement d’adresse e-mail : l’ancienne et la nouvelle",
            "Le confirmer, et pouvoir l’annuler depuis l’ancienne adresse",
            _SAFETY,
            "jusqu’à la fin de son lien, ou 7\u00a0jours une fois fait",
            ("address_change",),
        ),
        Kept(
            "takeover",
            "Une reprise de l’espace avec un nouveau courrier, ou le départ d’une personne qui le "
            "partage : nouvelle adresse, dates",
            "Vous prévenir avant qu’elle ne prenne effet",
            _SAFETY,
            "jusqu’à ce qu’elle soit faite ou arrêtée ; sa trace, "
            f"{said(lifetimes.TAKEOVER_TRACE)} de plus",
            ("takeover", "leaving"),
            lifetimes.TAKEOVER_TRACE,
        ),
        Kept(
            "joined_member",
            "Les adhérents qui partagent votre espace : depuis quand, et les conditions acceptées",
            "Vous ouvrir un même espace, avec une même adresse e-mail",
            _SPACE,
            "tant que l’espace existe, ou jusqu’à ce qu’ils le quittent",
            ("joined_member",),
        ),
        Kept(
            "join_request",
            "Une demande pour rejoindre un espace : qui, quand, et les conditions acceptées",
            "Laisser la personne qui ouvre l’espace accepter ou refuser",
            _SPACE,
            f"jusqu’à la réponse, {said(lifetimes.JOIN_REQUEST)} au plus",
            ("join_request",),
        ),
        Kept(
            "operator",
            "Les opérateurs de la mutuelle qui ouvrent le guichet : nom, rôle, clés d’accès, "
            "connexions",
            "Savoir qui consulte les dossiers et qui agit",
            _SAFETY,
            "tant que le journal les nomme ; leurs connexions, 8\u00a0heures au plus",
            ("operator", "operator_passkey", "operator_session", "enrolment"),
            shown=False,
        ),
        Kept(
            "desk",
            "Ce que le guichet a en cours : dossiers ouverts, demandes à confirmer par une "
            "deuxième personne, courriers à faire, fichiers déposés",
            "Vous répondre au téléphone, et ne rien faire sur la décision d’une seule personne",
            _SAFETY,
            f"{said(lifetimes.SECOND_OPERATOR)}, ou jusqu’à ce que ce soit fait, puis effacé",
            ("look", "two_person_request", "wanted_letter", "roll_upload"),
            lifetimes.SECOND_OPERATOR,
            shown=False,
        ),
        Kept(
            "throttle",
            "Le nombre d’essais récents, sous une forme qui ne nomme personne",
            "Arrêter ceux qui cherchent à deviner un mot de passe ou un code",
            _SAFETY,
            "24\u00a0heures au plus",
            ("throttle",),
        ),
        Kept(
            "hash_settings",
            "Les réglages avec lesquels les mots de passe sont protégés",
            "Répondre dans le même temps à qui a un compte et à qui n’en a pas",
            _SAFETY,
            "tant qu’un mot de passe en dépend ; ils ne disent rien de personne",
            ("hash_settings",),
            shown=False,
        ),
        Kept(
            "outbox",
            "Nos messages : leur contenu, puis la trace de leur envoi et de ce qu’il est devenu",
            "Vous les envoyer, et savoir s’ils sont arrivés",
            _SPACE,
            f"le contenu est effacé dès l’envoi, la trace au bout de {said(lifetimes.SENT_MAIL)}",
            ("outbox",),
            lifetimes.SENT_MAIL,
        ),
        Kept(
            "journal",
            "Le journal de sécurité : ce qui a été fait, quand, et depuis quelle adresse internet "
            "(adresse IP), par vous ou par nos équipes",
            "Comprendre ce qui s’est passé en cas de doute",
            _SAFETY,
            f"{said(lifetimes.JOURNAL)}, puis effacé. Si vous fermez l’espace, il finit ce temps "
            "sans votre compte",
            ("journal",),
            lifetimes.JOURNAL,
        ),
        Kept(
            "terms",
            "La preuve que vous avez accepté les conditions : version, empreinte du texte, date, "
            "heure, adresse IP",
            "Prouver votre accord en cas de litige",
            "notre intérêt légitime : pouvoir prouver votre accord",
            f"tant que votre espace existe, puis {said(lifetimes.TERMS_PROOF)}",
            ("terms_acceptance",),
            lifetimes.TERMS_PROOF,
        ),
        Kept(
            "demo",
            "Les messages de la démonstration",
            "Les montrer à qui essaie le portail avec des données inventées",
            "rien n’est réel dans la démonstration",
            "tant que sa base de données existe",
            ("demo_mail",),
            shown=False,
        ),
    )
}


def life(key: str) -> timedelta:
    """The lifetime of a kind that the purge counts with."""
    found = KEPT[key].life
    if found is None:
        raise KeyError(f"{key} has no lifetime of its own")
    return found


SHOWN = tuple(each for each in KEPT.values() if each.shown)
