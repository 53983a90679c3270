"""The reports of a run, each by a schema that others wrote, and by what its readers look for."""

import base64
import json

import pytest

from qa import reports
from qa.incidents import MISTYPED_EMAIL
from qa.trial import FAILED, LEFT, SKIPPED, STOPPED
from tests.trials import PICTURE, checked_ctrf, checked_junit, made
from webapp.rules.procedure import PROCEDURES, REGISTRATION, SIGN_IN

ALL = tuple(reports.WRITERS)
TERMS, PASSWORD = "registration.terms", "sign_in.password"


@pytest.fixture
def written(tmp_path):
    """`written(*procedures, **verdicts)`: the run's folder with every report."""

    def write(*procedures, stopped="", **verdicts):
        trial = made(tmp_path, *procedures, **verdicts)
        trial.stopped = stopped
        reports.write(trial, ALL)
        return tmp_path

    return write


def properties(case):
    return {each.get("name"): each.get("value") for each in case.find("properties")}


def cases(root):
    return {f"{each.get('classname')}.{each.get('name')}": each for each in root.iter("testcase")}


@pytest.mark.parametrize("verdict", ["", FAILED, SKIPPED, STOPPED])
def test_every_format_keeps_to_its_schema_however_a_run_ends(written, verdict) -> None:
    out = written(SIGN_IN, *PROCEDURES[:3], verdicts={TERMS: verdict} if verdict else None)
    checked_junit(out / "junit.xml")
    checked_ctrf(out / "ctrf.json")


def test_a_step_has_one_reference_in_all_of_them(written) -> None:
    out = written(SIGN_IN, MISTYPED_EMAIL)
    told = [f"{key}.{step.key}" for key, each in (("registration", REGISTRATION),
            ("sign_in", SIGN_IN)) for step in each]  # fmt: skip
    told += [f"mistyped_email.{each}" for each in (
        "mistyped_email", "terms", "recorded", "mended_email", "terms.2", "recorded.2",
        "confirm", "finished")]  # fmt: skip
    assert list(cases(checked_junit(out / "junit.xml"))) == told
    assert [each["testId"] for each in checked_ctrf(out / "ctrf.json")["results"]["tests"]] == told
    page = (out / "index.html").read_text()
    assert all(f"<code>{each}</code>" in page for each in told)


def test_the_title_is_a_property_beside_the_reference(written) -> None:
    case = cases(checked_junit(written(SIGN_IN) / "junit.xml"))[TERMS]
    assert properties(case)["title"] == "Les conditions générales"
    assert properties(case)["test_summary"] == "Les conditions générales"


def test_a_picture_survives_in_each_tool(written) -> None:
    case = cases(checked_junit(written(SIGN_IN) / "junit.xml"))["registration.site"]
    name = "sign_in-01-site.png"
    assert properties(case)["testrail_attachment"] == name
    assert case.findtext("system-out") == f"[[ATTACHMENT|{name}]]"
    (item,) = case.find("properties").findall("property[@name='testrun_evidence']/item")
    assert item.get("name") == name and base64.b64decode(item.text) == PICTURE


def test_steps_that_begin_many_procedures_carry_their_picture_once(written) -> None:
    root = checked_junit(written(*PROCEDURES[:4]) / "junit.xml")
    site = root.findall(".//testcase[@classname='registration'][@name='site']")
    assert len(site) == 3 and all(each.find("system-out") is not None for each in site)
    shown = [each.findall(".//item") for each in site]
    assert [len(each) for each in shown] == [1, 0, 0]


def test_the_counts_are_those_of_the_steps(written) -> None:
    out = written(SIGN_IN, verdicts={TERMS: FAILED})
    root, told = checked_junit(out / "junit.xml"), checked_ctrf(out / "ctrf.json")
    assert (root.get("tests"), root.get("failures"), root[0].get("skipped")) == ("12", "1", "7")
    summary = told["results"]["summary"]
    named = ("tests", "passed", "failed", "skipped", "pending", "other")
    assert [summary[each] for each in named] == [12, 4, 1, 0, 7, 0]
    assert summary["stop"] - summary["start"] == summary["duration"] == 9_500


def test_a_failure_says_what_showed_and_what_was_to_show(written) -> None:
    out = written(SIGN_IN, verdicts={TERMS: FAILED})
    failure = cases(checked_junit(out / "junit.xml"))[TERMS].find("failure")
    assert failure.get("message") == "L’écran montre « Oups » & <rien>"
    assert "Votre inscription est prise en compte" in failure.text
    [test] = [each for each in checked_ctrf(out / "ctrf.json")["results"]["tests"]
              if each["status"] == "failed"]  # fmt: skip
    assert test["message"] == failure.get("message")


def squash(folder):
    told = json.loads((folder / "squash.json").read_text())
    assert list(told) == ["automated_test_suite", "tests"]
    return {each["reference"]: each for each in told["tests"]}


def test_squash_gets_a_result_a_case_those_that_led_there_too(written) -> None:
    told = squash(written(SIGN_IN))
    assert {key: each["status"] for key, each in told.items()} == {
        "registration": "SUCCESS",
        "sign_in": "SUCCESS",
    }
    assert (told["registration"]["duration"], told["sign_in"]["duration"]) == (4_000, 2_000)
    first = told["registration"]["attachments"][0]
    assert base64.b64decode(first["content"]) == PICTURE


@pytest.mark.parametrize(
    ("reference", "verdict", "stopped", "statuses"),
    [
        (TERMS, FAILED, "", ("FAILURE", "BLOCKED")),
        (PASSWORD, FAILED, "", ("SUCCESS", "FAILURE")),
        (PASSWORD, SKIPPED, "", ("SUCCESS", "BLOCKED")),
        (TERMS, STOPPED, "L’essai a été interrompu.", ("CANCELLED", "READY")),
    ],
)
def test_what_squash_is_told_of_a_run_that_went_wrong(
    written, reference, verdict, stopped, statuses
) -> None:
    told = squash(written(SIGN_IN, stopped=stopped, verdicts={reference: verdict}))
    assert tuple(each["status"] for each in told.values()) == statuses
    details = [each.get("failure_details") for each in told.values()]
    assert any(details) is (verdict == FAILED)


def test_a_case_played_several_times_has_its_worst_result(written) -> None:
    told = squash(written(*PROCEDURES[:4], verdicts={"device.leave": FAILED}))
    assert told["registration"]["status"] == "SUCCESS"
    assert told["device"]["status"] == "FAILURE"
    assert len(told) == 4


def test_what_no_parser_reads_is_taken_out_of_a_remark(tmp_path) -> None:
    trial = made(tmp_path, REGISTRATION)
    trial.played[0].outcomes[0].judge(FAILED, "un \x00 signe\ufffe \ud800 rare\n")
    reports.write(trial, ALL)
    failure = checked_junit(tmp_path / "junit.xml").find(".//failure")
    assert failure.get("message").split() == ["un", "signe", "rare"]
    checked_ctrf(tmp_path / "ctrf.json")


def test_a_run_that_ended_early_says_so_everywhere(written) -> None:
    why = "L’essai a été interrompu."
    out = written(SIGN_IN, stopped=why, verdicts={TERMS: STOPPED})
    assert checked_ctrf(out / "ctrf.json")["extra"] == {"stopped": why}
    assert properties(checked_junit(out / "junit.xml")[0])["stopped"] == why
    page = (out / "index.html").read_text()
    assert why in page and LEFT.capitalize() in page and STOPPED.capitalize() in page


def test_only_what_was_asked_for_is_written(tmp_path) -> None:
    trial = made(tmp_path, REGISTRATION)
    assert [each.name for each in reports.write(trial, ("ctrf", "ctrf"))] == ["ctrf.json"]
    assert [each.name for each in reports.write(trial)] == ["index.html", "junit.xml"]
    assert not (tmp_path / "squash.json").exists()
