"""The words the program decides by. Values are what the store keeps and the commands accept."""

from __future__ import annotations

from enum import StrEnum


class StageKind(StrEnum):
    """Which part of the sales cycle a stage belongs to. Won and lost are outcomes, not stages."""

    LEAD = "lead"
    SALE = "sale"
    AFTER_SALE = "after-sale"


class Outcome(StrEnum):
    """How a deal stands. A won deal may still pass after-sale stages; a postponed one rests."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    POSTPONED = "postponed"


class ForecastCategory(StrEnum):
    """The rep's own call on an open deal."""

    PIPELINE = "pipeline"
    BEST_CASE = "best case"
    COMMIT = "commit"
    CLOSED = "closed"
    OMITTED = "omitted"


class DealKind(StrEnum):
    """New business or repeat business."""

    NEW = "new"
    REPEAT = "repeat"


class Buyer(StrEnum):
    """Whether something was won with a deal's client before the deal was created."""

    NEW = "new"
    EXISTING = "existing"


class ClientStatus(StrEnum):
    LEAD = "lead"
    PROSPECT = "prospect"
    CUSTOMER = "customer"
    FORMER = "former"


class Market(StrEnum):
    """Who buys: a company, a consumer, an authority."""

    B2B = "B2B"
    B2C = "B2C"
    B2G = "B2G"


class DecisionRole(StrEnum):
    """A contact's part in buying."""

    DECISION_MAKER = "decision maker"
    TECHNICAL_DECIDER = "technical decider"
    USER = "user"
    GATEKEEPER = "gatekeeper"
    OTHER = "other"


class RepRole(StrEnum):
    REP = "rep"
    MANAGER = "manager"
    ASSISTANT = "assistant"
    ADMINISTRATOR = "administrator"


MANAGING = (RepRole.MANAGER, RepRole.ADMINISTRATOR)
"""Who may put a word over that of a rep."""
ONLY_MANAGERS = "Only a manager adjusts a forecast; your own word is your commit."
"""What everybody else is told, by the form's key and by the use case."""


class Direction(StrEnum):
    """Who made the contact: they did (in), we did (out), or neither side in particular."""

    IN = "in"
    OUT = "out"
    NONE = "none"


class ActivityState(StrEnum):
    """A planned activity is a task."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


class MediumKind(StrEnum):
    """A way to reach a client, a branch or a contact."""

    PHONE = "phone"
    EMAIL = "e-mail"
    WEB = "web"
    ADDRESS = "address"


class PassageResult(StrEnum):
    """What became of a deal after it entered a stage (first entry counts)."""

    OPEN = "open"
    ADVANCED = "advanced"
    LOST = "lost"
    POSTPONED = "postponed"
    RETURNED = "returned"


class EventKind(StrEnum):
    """A deal event states the facts after a change, or takes an earlier event back."""

    CHANGE = "change"
    VOID = "void"


class EntryKind(StrEnum):
    """What an audit entry did: something new, the undoing of an entry, or the redoing of one."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"


class Measure(StrEnum):
    """What a quota counts: the amount won, what is left of it after cost, or how many deals."""

    REVENUE = "revenue"
    MARGIN = "margin"
    COUNT = "count"


class Span(StrEnum):
    """How often something is reckoned."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class CostKind(StrEnum):
    """What selling costs money for; `hourly` is the rate of an hour of work."""

    SALARY = "salary"
    HOURLY = "hourly"
    LEADS = "leads"
    TOOLS = "tools"
    OTHER = "other"


class CallSide(StrEnum):
    """Who says what will be won: the rep, or the manager over the rep's word."""

    REP = "rep"
    MANAGER = "manager"


ACTIVITY_KINDS = ("call", "meeting", "visit", "e-mail", "letter", "demonstration")
"""The kinds every store starts with; teams add their own."""
