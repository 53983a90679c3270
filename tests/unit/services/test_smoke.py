from tests.members import ODILE, with_account
from tests.world import PASSWORD
from tests.letters import waiting
def test_a_member_signs_in(client, work, chance):
    with_account(work); work.settle()
    r = client.submit("/connexion", {"email": ODILE.email, "password": PASSWORD})
    assert r.status_code == 303, r.text
    assert waiting(work)[0].subject == "Votre code de sécurité"
    work.settle()
    r = client.submit("/connexion/code", {"security_code": chance.last_code}, partial=True)
    assert r.status_code == 200 and r.headers["HX-Push-Url"] == "/espace"
