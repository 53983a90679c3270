"""The picture of a step, as other tools keep it."""

import base64

from qa.trial import Outcome, Trial


def in_base64(trial: Trial, outcome: Outcome) -> str:
    """The PNG of this step, "" where none was taken."""
    if not outcome.picture:
        return ""
    return base64.b64encode((trial.options.out / outcome.picture).read_bytes()).decode()
