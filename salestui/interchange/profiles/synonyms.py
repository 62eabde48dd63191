"""What other programs call our fields, folded; the draft of a profile goes by it."""

from collections.abc import Mapping

from salestui.interchange.profiles import abroad

_CLIENT_NAMES = "client|customer|company|account|organization|organisation|firm|associated company"
_CLIENT = _CLIENT_NAMES + "|" + "|".join(f"{name} name" for name in _CLIENT_NAMES.split("|"))
_OWNER = (
    "owner|owner name|deal owner|account owner|company owner|contact owner|opportunity owner|rep|"
    "sales rep|seller|salesperson|sales person|account executive|sales agent|agent|"
    "account manager|responsible|assigned to"
)
_NOTES = "notes|note|description|comment|comments|remarks|details|content"
_MEDIA = {
    "phone": "phone|phone number|telephone|tel|mobile|mobile phone|mobile phone number|cell|work phone",
    "email": "email|e mail|email address|e mail address|mail|work email",
    "web": "website|web site|web|url|website url|domain|company domain name|homepage",
}
_PLACE = {
    "street": "street|street address|billing street|mailing street|address line 1",
    "city": "city|town|billing city|mailing city",
    "postal_code": "zip|zip code|postal code|postcode|billing postal code|billing zip",
    "country": "country|country region|billing country|office location",
}
_CREATED = (
    "created|create date|created date|created on|created at|creation date|date created|opened|"
    "opened on|date opened|enquiry date|inquiry date|deal created|created time"
)
_CLOSED = (
    "closed|closed on|closed at|closed date|date closed|actual close date|close date|close time|"
    "closing date|deal closed on"
)
_EXPECTED = (
    "expected close|expected close date|expected closing|target date|due date|"
    "estimated close date|expected award|forecast close date"
)

_ENGLISH: Mapping[str, Mapping[str, str]] = {
    "client": {
        "name": f"{_CLIENT}|name",
        "status": "status|client status|customer status",
        "market": "market|market kind",
        "owner": _OWNER,
        "parent": "parent|parent account|parent company|subsidiary of",
        "territory": "territory|sales territory|sales region",
        **_PLACE,
        "region": "state|region|province|county|state region|billing state",
        **_MEDIA,
        "address": "address|full address",
        "line_of_business": "line of business|business",
        "sector": "sector|industry|market sector|segment",
        "ownership_form": "ownership|ownership form",
        "legal_form": "legal form",
        "headcount": "employees|number of employees|employee count|headcount|staff",
        "turnover": "revenue|annual revenue|turnover|total revenue",
        "founded_year": "founded|founded year|year founded|year established|established",
        "registration_number": "registration number|company number|company code|reg no",
        "vat_number": "vat|vat number|vat id|vat code|tax id",
        "source": "source|lead source|original source",
        "notes": _NOTES,
    },
    "contact": {
        "name": "name|contact|contact name|full name|person|contact person",
        "first_name": "first name|given name|forename",
        "last_name": "last name|surname|family name",
        "client": f"{_CLIENT}|employer",
        "job_title": "job title|title|position|job position|function",
        "decision_role": "decision role|buying role",
        "reports_to": "reports to|supervisor",
        **_MEDIA,
        "address": "address|full address|mailing address",
        "born_on": "birthday|birthdate|date of birth|born",
        "notes": _NOTES,
    },
    "deal": {
        "title": "title|deal|deal name|opportunity|opportunity name|name|topic|project|project name|job",
        "client": _CLIENT,
        "contact": "contact|contact name|contact person|primary contact|person",
        "owner": _OWNER,
        "pipeline": "pipeline|sales pipeline",
        "stage": "to stage|new stage|stage|deal stage|sales stage|stage name|stagename|pipeline stage|phase",
        "outcome": "outcome|result|status|state|won lost",
        "amount": "amount|value|deal value|deal amount|worth|sum|total|expected revenue|close value|"
        "total amount|total value|contract value|order value|quote value|deal size",
        "currency": "currency|currency code|deal currency|amount currency|currency of value",
        "created_on": _CREATED,
        "closed_on": _CLOSED,
        "expected_close_on": _EXPECTED,
        "forecast_category": "forecast category",
        "loss_reason": "loss reason|lost reason|closed lost reason|reason lost",
        "competitor": "competitor|lost to|main competitor",
        "product": "product|product name|item",
        "quantity": "quantity|qty|units|product quantity",
        "unit_price": "unit price|price",
        "discount": "discount|discount percent",
        "source": "source|lead source|original source|campaign",
        "notes": f"{_NOTES}|next step",
    },
    "activity": {
        "kind": "kind|type|activity type|activity kind|activity|task type",
        "direction": "direction|call direction",
        "done_on": "date|when|activity date|done|done on|completed|completed on|time|start|start time",
        "due_on": "due|due date|due on|deadline|due date only",
        "duration": "duration|minutes|length|duration minutes",
        "client": _CLIENT,
        "contact": "contact|contact name|contact person|person|name",
        "deal": "deal|opportunity|deal name|deal title|related to",
        "rep": f"{_OWNER}|user|assigned|created by",
        "subject": "subject|title|topic",
        "notes": _NOTES,
        "outcome": "outcome|result|agreed",
    },
    "rep": {
        "name": "name|full name|rep|sales rep|salesperson|sales agent|agent|employee|user",
        "first_name": "first name|given name",
        "last_name": "last name|surname|family name",
        "email": _MEDIA["email"],
        "login": "login|username|user name",
        "manager": "manager|reports to|supervisor|team leader",
        "team": "team|sales team|group|department",
        "office": "office|regional office|location|region",
        "territory": "territory|sales territory|home territory|sales region",
        "started_on": "start date|started|hire date|hired|hired on",
        "left_on": "end date|left|left on",
    },
    "product": {
        "name": "product|product name|name|item|article",
        "series": "series|family|product family|category|group|line",
        "price": "price|sales price|unit price|list price|standard price",
        "cost": "cost|unit cost|cost price",
        "currency": "currency|currency code",
    },
}

_NONE: Mapping[str, str] = {}

SYNONYMS: Mapping[str, Mapping[str, str]] = {
    entity: {
        path: "|".join(filter(None, (own.get(path), abroad.ABROAD.get(entity, _NONE).get(path))))
        for path in dict.fromkeys((*own, *abroad.ABROAD.get(entity, _NONE)))
    }
    for entity, own in _ENGLISH.items()
}

IDS = (
    "id|{entity} id|record id|external id|opportunity id|opportunityid|dealid|account id|uuid|guid|"
    "key|number|no|code"
)
"""Headers that may tell rows apart, the surest first; `{entity}` is the file's."""
ID_ENDS = (
    frozenset({"id", "no", "nr", "number", "code", "key", "ref", "reference"}) | abroad.ID_ENDS
)
"""Last words of other headers that may: "Order ID", "Project no"."""

WON_DAY = frozenset(f"{word} {day}" for word in ("won", "lost") for day in ("time", "date", "on"))
"""Headers of the day closed where the day won and the day lost have a column each."""

WON = (
    frozenset({"won", "closed won", "win", "sold", "success", "successful", "order", "awarded"})
    | abroad.WON
)
LOST = frozenset(
    {"lost", "closed lost", "loss", "abandoned", "dead", "failed", "rejected", "cancelled"}
    | {"canceled", "disqualified"}
    | abroad.LOST
)
POSTPONED = frozenset({"postponed", "on hold", "deferred", "paused"})
OPEN = frozenset({"open", "in progress", "active", "new"}) | abroad.OPEN
