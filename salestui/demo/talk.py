"""What was talked about: subjects, what was agreed, and the papers that changed hands."""

from __future__ import annotations

from dataclasses import dataclass

from salestui.models.vocabulary import Direction

_IN, _OUT, _NONE = Direction.IN, Direction.OUT, Direction.NONE


@dataclass(frozen=True, slots=True)
class Talk:
    """A contact to log. In the texts `{ware}` is what the deal is about, `{day}` the day."""

    kind: str
    direction: Direction
    subject: str
    outcome: str = ""
    document: str = ""
    notes: str = ""


_FIRST = (
    Talk("call", _IN, "Asks about {ware}", "Will send floor plan"),
    Talk("call", _OUT, "First call about {ware}", "Meeting agreed"),
    Talk("visit", _OUT, "Look at the site", "Measured the hall", notes="Ceiling 8.4 m, two gates."),
    Talk("e-mail", _IN, "Enquiry for {ware}", "Called back the same day", "Enquiry {day}.pdf"),
)
_PROPOSED = (
    Talk("meeting", _NONE, "Solution for {ware}", "Wants to see it work", "Concept {day}.pdf"),
    Talk("e-mail", _OUT, "Concept sent", "Reads it with the board", "Concept {day}.pdf"),
    Talk("call", _OUT, "Talked the concept through", "Questions about the load"),
)
_SHOWN = (
    Talk("demonstration", _OUT, "Demonstration of {ware}", "Users liked it, IT has doubts"),
    Talk("demonstration", _OUT, "Reference visit", "Compares with what they have"),
    Talk("call", _OUT, "Date for the demonstration", "Postponed twice already"),
)
_OFFERED = (
    Talk("e-mail", _OUT, "Offer for {ware}", "Answer promised for next week", "Offer {day}.pdf"),
    Talk("meeting", _OUT, "Offer handed over", "Wants a second variant", "Offer {day}.pdf"),
)
_HAGGLED = (
    Talk("call", _IN, "Asks for a discount", "Offered 5 % for two years of service"),
    Talk("meeting", _NONE, "Terms and dates", "Payment in three parts", "Draft contract {day}.pdf"),
    Talk("call", _OUT, "Terms", "Decision at the next board meeting"),
)
_ORDERED = (
    Talk("e-mail", _IN, "Order for {ware}", "Order confirmed", "Order {day}.pdf"),
    Talk("call", _OUT, "Order", "Waits for the second signature"),
)
_SERVED = (
    Talk("call", _OUT, "Dates of {ware}", "Hall is free from Monday"),
    Talk("visit", _OUT, "On site with the fitters", "Two parts are missing", "Handover {day}.pdf"),
    Talk("meeting", _NONE, "Handover", "Signed off", "Handover {day}.pdf"),
)

TALK: dict[str, tuple[Talk, ...]] = {
    "Needs": _FIRST,
    "Enquiry": _FIRST,
    "Proposed solution": _PROPOSED,
    "Demonstration": _SHOWN,
    "Offer": _OFFERED,
    "Negotiation": _HAGGLED,
    "Order": _ORDERED,
    "Delivery": _SERVED,
    "Installation": _SERVED,
    "Training": _SERVED,
}
"""By the stage that the deal has just entered."""

BETWEEN = (
    Talk("call", _OUT, "Where do we stand", "Still under discussion"),
    Talk("call", _OUT, "Not reached", "Try again tomorrow"),
    Talk("call", _OUT, "Follow-up on {ware}", "Budget is confirmed"),
    Talk("call", _IN, "Question about delivery", "Answered"),
    Talk("e-mail", _OUT, "Further information on {ware}", "", "Data sheet {day}.pdf"),
    Talk("e-mail", _IN, "Drawing of the hall", "Forwarded to planning", "Drawing {day}.pdf"),
    Talk("meeting", _NONE, "Meeting about {ware}", "Next meeting with the owner"),
    Talk("visit", _OUT, "Visit", "Competitor was here last week"),
    Talk("letter", _OUT, "References", "", "References {day}.pdf"),
)
CARE = (
    Talk("call", _OUT, "How are things going", "All well"),
    Talk("visit", _OUT, "Yearly visit", "Thinks about a second hall"),
    Talk("letter", _OUT, "Season's greetings"),
    Talk("call", _IN, "Complaint about a delay", "Promised an answer this week"),
    Talk("e-mail", _OUT, "Invitation to the trade fair", "", "Invitation {day}.pdf"),
)
PLANS = (
    ("call", "Ask for the decision"),
    ("call", "Call back about {ware}"),
    ("e-mail", "Send the second variant"),
    ("meeting", "Meet the owner"),
    ("visit", "Measure the hall"),
    ("demonstration", "Show {ware}"),
    ("call", "Clear up the payment terms"),
    ("e-mail", "Send references"),
)
