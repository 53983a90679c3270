"""`flask mail test`: one mail now, each step told; what fails is told with the settings to see."""

import pytest

from player.world import test_settings
from tests.sinks import HOST, Scripted, Sink, self_signed, server_side
from webapp import create_app

TO = "exploitation@example.org"


@pytest.fixture
def sink():
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture
def run(engine, world):
    """The command, with a relay on this port."""

    def run(port, address=TO, **settings):
        app = create_app(test_settings(mail_port=port, **settings), world, engine)
        result = app.test_cli_runner().invoke(args=["mail", "test", address])
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        lines = result.output.replace("\u00a0", " ").splitlines()
        return result.exit_code, lines

    return run


def test_each_step_of_a_mail_that_is_taken_is_told(run, sink):
    sink.account = ("portail", "épice-de-mer-26")
    code, lines = run(sink.port, mail_username="portail", mail_password="épice-de-mer-26")
    assert (code, lines) == (
        0,
        [
            f"Connecté à {HOST}, port {sink.port}.",
            "Compte accepté (MAIL_USERNAME).",
            "Liaison non chiffrée : MAIL_USE_TLS ou MAIL_USE_SSL la chiffrent.",
            "Avis de non-remise (DSN) non proposés : un avis peut rapporter le message entier, "
            "avec son lien et son code.",
            "Expéditeur accepté : nepasrepondre@example.org.",
            f"Destinataire accepté : {TO}.",
            "Mail pris. Réponse du relais : 250 OK",
        ],
    )
    (mail,) = sink.mails
    assert (mail["To"], mail["Subject"]) == (TO, "Espace SMiE Mutuelle - Essai d’envoi")


def test_reports_that_the_relay_offers_are_told(run):
    server = Scripted((250, 250, 354), offers=b"DSN")
    code, lines = run(server.port, mail_bounces="retours@example.org")
    assert server.messages() == 1 and code == 0
    assert "Avis de non-remise (DSN) proposés : ils ne rapporteront que les en-têtes." in lines
    assert "Expéditeur accepté : retours@example.org." in lines
    assert server.said[0].startswith("mail FROM:<retours@example.org> RET=HDRS ENVID=")


def test_the_certificate_and_the_version_are_told(run, tmp_path):
    certificate = self_signed(tmp_path)
    sink = Sink(tls=server_side(certificate))
    code, lines = run(sink.port, mail_use_tls=True, mail_ca_file=certificate)
    assert (code, lines[1]) == (
        0, "Liaison chiffrée : TLSv1.3, certificat au nom de 127.0.0.1."
    )  # fmt: skip
    code, lines = run(sink.port, mail_use_tls=True)
    assert code == 1 and lines[0] == f"Connecté à {HOST}, port {sink.port}."
    assert "certificat du relais n’est pas reconnu" in lines[-1] and "MAIL_CA_FILE" in lines[-1]
    sink.close()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"mail_server": "nowhere.invalid"}, ("serveur de noms", "MAIL_SERVER")),
        ({"mail_use_tls": True}, ("STARTTLS", "MAIL_USE_TLS")),
        ({"mail_use_ssl": True}, ("TLS", "MAIL_USE_SSL")),
    ],
)
def test_what_can_t_be_reached_names_the_settings(run, sink, settings, said):
    code, lines = run(sink.port, **settings)
    assert code == 1
    for words in said:
        assert words in lines[-1], lines


def test_nobody_there_a_wrong_account_and_refusals_name_the_settings(run, sink):
    sink.account = ("portail", "un mot")
    code, lines = run(sink.port, mail_username="portail", mail_password="un-autre")
    assert code == 1 and "MAIL_USERNAME, MAIL_PASSWORD" in lines[-1]
    assert not any("un-autre" in line for line in lines)
    sink.account = None
    sink.recipient_answer = "554 5.7.1 Relay access denied"
    code, lines = run(sink.port)
    assert code == 1 and "554 5.7.1" in lines[-1] and "MAIL_SERVER" in lines[-1]
    sink.recipient_answer = "550 5.1.1 nobody"
    code, lines = run(sink.port)
    assert (code, lines[-1]) == (
        1, "Le relais refuse cette adresse (550 5.1.1). Essayez avec une autre."
    )  # fmt: skip
    sink.close()
    code, lines = run(sink.port)
    assert code == 1 and "Rien n’écoute" in lines[-1] and "MAIL_PORT" in lines[-1]


def test_a_refused_sender_names_the_settings(run):
    server = Scripted((550, 250, 354))
    code, lines = run(server.port)
    server.messages()
    assert code == 1 and "refuse l’expéditeur" in lines[-1] and "MAIL_BOUNCES" in lines[-1]


def test_what_is_no_address_and_the_demonstration_are_one_line(run, sink, engine, world):
    code, lines = run(sink.port, address="personne")
    assert (code, len(lines), sink.connections) == (2, 1, 0)
    app = create_app(test_settings(demo=True, mail_server=""), world, engine)
    result = app.test_cli_runner().invoke(args=["mail", "test", TO])
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
