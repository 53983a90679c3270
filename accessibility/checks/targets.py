"""Sizes of what is pressed: 24 px at least (WCAG 2.5.8), 44 px aimed at."""

from accessibility.finding import Facts, Finding
from accessibility.inspected_page import InspectedPage

TOOL = "tailles des cibles"
LEAST, AIM = 24, 44


def look(inspected: InspectedPage) -> list[Finding]:
    """Too small to be pressed: links in the middle of a sentence are let off, as WCAG does."""
    found = []
    for each in inspected.facts["targets"]:
        in_a_sentence = each["inline"] and not each["alone"] and each["tag"] == "A"
        if in_a_sentence or each["y"] + each["height"] < 0:
            continue
        if min(each["width"], each["height"]) < LEAST - 0.5:
            size = f"{each['width']:.0f} × {each['height']:.0f} px"
            found.append(
                Finding(TOOL, "moins de 24 px", f"« {each['name']} » : {size}", each["path"])
            )
    return found


def below_aim(facts: Facts) -> list[str]:
    """What is between 24 and 44 px high: allowed, told in the report."""
    return [
        f"{each['name'] or each['path']} ({each['height']:.0f} px)"
        for each in facts.get("targets", ())
        if LEAST - 0.5 <= each["height"] < AIM - 0.5 and not (each["inline"] and not each["alone"])
        and each["tag"] != "INPUT"
    ]  # fmt: skip
