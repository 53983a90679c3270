"""French feature files, one a procedure, as Cucumber and Squash's BDD cases read them.

The instruction is a doc string: the sentences are the members', and stay whole. The step that
automation binds to ends with the reference, which stays when the title changes.
"""

from qa.cases.words import beforehand, expected
from qa.known import KNOWN
from qa.references import of_steps
from webapp.rules.procedure import Procedure

# no blank before « : » in keywords, and the language first: parsers want it so
_FEATURE = """\
# language: fr
@{key}
Fonctionnalité: {title}

  Scénario: {title}
{steps}
"""
_ACT = '''\
    Quand l’adhérent fait « {title} » [{reference}]
      """
      {do}
      """
    Alors {expected}'''


def written(_project: str) -> dict[str, bytes]:
    """`<procedure>.feature`, for each."""
    return {f"{key}.feature": _feature(each).encode() for key, each in KNOWN.items()}


def _feature(procedure: Procedure) -> str:
    lines = [
        f"    {'Et' if at else 'Étant donné'} ce préalable : {sentence}"
        for at, sentence in enumerate(beforehand(procedure))
    ]
    lines += [
        _ACT.format(title=step.title, reference=reference, do=step.do, expected=expected(step))
        for reference, step in of_steps(procedure)
    ]
    return _FEATURE.format(key=procedure.key, title=procedure.title, steps="\n".join(lines))
