"""Every table, imported together so that the metadata are complete."""

from salestui.models.activities import Activity, ActivityContact, ActivityDocument
from salestui.models.clients import (
    Branch,
    Client,
    ClientAssistant,
    CompetitorSighting,
    Contact,
    Medium,
)
from salestui.models.deals import Deal, DealEvent, DealLine, PassageRow
from salestui.models.people import Quota, Rep, Team
from salestui.models.process import (
    ActivityKind,
    Competitor,
    CompetitorProduct,
    LossReason,
    Pipeline,
    Product,
    Stage,
)
from salestui.models.records import (
    AuditChange,
    AuditEntry,
    Counter,
    ExternalId,
    SearchWord,
    Setting,
)

__all__ = [
    "Activity",
    "ActivityContact",
    "ActivityDocument",
    "ActivityKind",
    "AuditChange",
    "AuditEntry",
    "Branch",
    "Client",
    "ClientAssistant",
    "Competitor",
    "CompetitorProduct",
    "CompetitorSighting",
    "Contact",
    "Counter",
    "Deal",
    "DealEvent",
    "DealLine",
    "ExternalId",
    "LossReason",
    "Medium",
    "PassageRow",
    "Pipeline",
    "Product",
    "Quota",
    "Rep",
    "SearchWord",
    "Setting",
    "Stage",
    "Team",
]
