"""A contract of import-linter that finds the journeys by itself, a new one too."""

from grimp import ImportGraph
from importlinter.application.contract_utils import AlertLevel
from importlinter.contracts.independence import IndependenceContract
from importlinter.domain import fields
from importlinter.domain.contract import ContractCheck, InvalidContractOptions
from importlinter.domain.imports import ModuleExpression


class IndependentJourneys(IndependenceContract):
    """The packages of `within` that have `routes` never import one another, even indirectly."""

    type_name = "independent_journeys"

    within = fields.StringField()
    modules = fields.SetField(subfield=fields.ModuleExpressionField(), required=False)
    ignore_imports = fields.SetField(subfield=fields.ImportExpressionField(), required=False)
    unmatched_ignore_imports_alerting = fields.EnumField(AlertLevel, default=AlertLevel.ERROR)
    broken_contract_guidance = fields.TextField(required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """As independence contracts are checked, on the journeys found in the graph."""
        children = graph.find_children(str(self.within))
        journeys = {name for name in children if f"{name}.routes" in graph.modules}
        if not journeys:
            raise InvalidContractOptions({"within": f"{self.within} has no journeys"})
        self.modules = {ModuleExpression(name) for name in journeys}  # type: ignore[assignment]
        return super().check(graph, verbose)
