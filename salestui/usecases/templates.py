"""Ready sales cycles to start from. Probabilities and idle limits are starting points to edit."""

from __future__ import annotations

from dataclasses import dataclass

from salestui.models.vocabulary import StageKind

_LEAD, _SALE, _AFTER = StageKind.LEAD, StageKind.SALE, StageKind.AFTER_SALE


@dataclass(frozen=True, slots=True)
class StageTemplate:
    """A stage to make: probability in percent, idle limit in days."""

    name: str
    kind: StageKind
    probability: int
    idle_days: int | None


def _stages(*rows: tuple[str, StageKind, int, int | None]) -> tuple[StageTemplate, ...]:
    return tuple(StageTemplate(*row) for row in rows)


TEMPLATES: dict[str, tuple[StageTemplate, ...]] = {
    "short": _stages(
        ("Enquiry", _LEAD, 10, 3),
        ("Offer", _SALE, 30, 7),
        ("Negotiation", _SALE, 60, 10),
        ("Order", _SALE, 90, 5),
    ),
    "consultative": _stages(
        ("Needs", _LEAD, 10, 14),
        ("Proposed solution", _SALE, 25, 14),
        ("Demonstration", _SALE, 40, 10),
        ("Offer", _SALE, 55, 10),
        ("Negotiation", _SALE, 75, 14),
        ("Order", _SALE, 90, 7),
    ),
    "full": _stages(
        ("Interest", _LEAD, 10, 14),
        ("Presentation", _SALE, 25, 10),
        ("Terms", _SALE, 50, 14),
        ("Contract", _SALE, 80, 10),
        ("Delivery", _AFTER, 100, 30),
        ("Consulting", _AFTER, 100, 30),
        ("Service", _AFTER, 100, None),
    ),
    "B2B": _stages(
        ("Lead", _LEAD, 5, 7),
        ("Qualified", _LEAD, 15, 10),
        ("Needs", _SALE, 30, 14),
        ("Offer", _SALE, 50, 10),
        ("Negotiation", _SALE, 75, 14),
        ("Delivery", _AFTER, 100, 30),
        ("Installation", _AFTER, 100, 14),
        ("Training", _AFTER, 100, 14),
    ),
    "B2C": _stages(
        ("Enquiry", _LEAD, 20, 1),
        ("Advice", _SALE, 40, 3),
        ("Offer", _SALE, 60, 5),
        ("Delivery", _AFTER, 100, 7),
        ("Service", _AFTER, 100, None),
    ),
    "tender": _stages(
        ("Announced", _LEAD, 5, 14),
        ("Documents studied", _LEAD, 15, 7),
        ("Bid prepared", _SALE, 30, 14),
        ("Bid handed in", _SALE, 40, 60),
        ("Evaluation", _SALE, 50, 60),
        ("Contract", _SALE, 90, 30),
        ("Delivery", _AFTER, 100, 90),
        ("Periodic inspection", _AFTER, 100, None),
        ("Complaint", _AFTER, 100, 14),
    ),
}
"""Stages by the name of the template."""

LOSS_REASONS = (
    "Price",
    "Competitor",
    "No decision",
    "No budget",
    "Product does not fit",
    "Too late",
    "Contact lost",
    "Other",
)
