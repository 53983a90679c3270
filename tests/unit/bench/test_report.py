"""The table of the peers: ratios round by round, ours against the best of them."""

from bench.peers import report
from bench.peers.rounds import Found

TITLES = {"template": "floor", "flask-security": "A", "allauth": "B", "portal": "ours"}


def found(cpu: float, rate: float, proportional: int) -> Found:
    return Found(
        starts=[1.0, 0.5],
        page_cpu=[0.002],
        page_rate=[100.0],
        page_bytes=1500,
        cpu={"sign-in": [cpu], "registration": [cpu]},
        rate={"sign-in": [rate], "registration": [rate]},
        times={"sign-in": [0.2], "registration": [0.3]},
        half={"sign-in": [0.2], "registration": [0.3]},
        costs={"sign-in": (5, 9000), "registration": (8, 12000)},
        resident=proportional,
        proportional=proportional,
    )


def rows() -> dict[str, list[str]]:
    everybody = {
        "template": Found(starts=[0.3], page_cpu=[0.001], page_rate=[200.0], proportional=2**20),
        "flask-security": found(0.06, 10, 2**27),
        "allauth": found(0.05, 20, 2**28),
        "portal": found(0.03, 30, 2**26),
    }
    for key in ("cpu", "rate", "times", "half", "costs"):
        for name in ("sign-in", "registration"):
            getattr(everybody["template"], key).setdefault(name, [])
    everybody["template"].costs.clear()
    lines = report.table(everybody, [0.02], TITLES).splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: row[1:] for row in cells}


def test_cpu_is_said_in_argon2_checks():
    row = rows()["sign-in: server CPU, in argon2 checks"]
    assert [cell.partition(" ")[0] for cell in row[:4]] == ["–", "3.00", "2.50", "1.50"]
    assert row[4:] == ["1.50", "≤ 1.35", "NOT KEPT"]


def test_rates_are_held_to_the_best_peer():
    assert rows()["sign-ins a second"][4:] == ["1.50 ×", "≥ 1.8 ×", "NOT KEPT"]


def test_memory_is_held_to_the_lightest_peer():
    assert rows()["memory after load, PSS of all, MiB"][4:] == ["0.50 ×", "≤ 0.5 ×", "kept"]


def test_the_page_is_held_to_the_floor_with_one_template():
    assert rows()["sign-in page: CPU, in floor templates"][4:] == ["2.00", "≤ 2", "kept"]
