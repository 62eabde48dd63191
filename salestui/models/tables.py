"""Every table, imported together so that the metadata are complete."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

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
from salestui.models.people import Rep, Team, Territory
from salestui.models.plans import (
    BonusGrant,
    BonusPlan,
    BonusTier,
    Cost,
    Decision,
    ForecastCall,
    Meeting,
    Quota,
    Reference,
    ReferenceStage,
)
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
    "BonusGrant",
    "BonusPlan",
    "BonusTier",
    "Branch",
    "Client",
    "ClientAssistant",
    "Competitor",
    "CompetitorProduct",
    "CompetitorSighting",
    "Contact",
    "Cost",
    "Counter",
    "Deal",
    "DealEvent",
    "DealLine",
    "Decision",
    "ExternalId",
    "ForecastCall",
    "LossReason",
    "Medium",
    "Meeting",
    "PassageRow",
    "Pipeline",
    "Product",
    "Quota",
    "Reference",
    "ReferenceStage",
    "Rep",
    "SearchWord",
    "Setting",
    "Stage",
    "Team",
    "Territory",
    "schema",
]


def schema() -> MetaData:
    """All tables as a migration would make them, partial indexes with their condition."""
    metadata = SQLModel.metadata
    for table in metadata.tables.values():
        for index in table.indexes:
            if "where" in index.info:
                for engine in ("sqlite", "postgresql"):
                    index.dialect_kwargs[f"{engine}_where"] = index.info["where"]
    return metadata
