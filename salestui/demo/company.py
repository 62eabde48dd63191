"""What the demo team sells, against whom and how: the plan that its history is rolled from."""

from __future__ import annotations

from dataclasses import dataclass

from salestui.demo.words import ESTONIA, GERMANY, LATVIA, LITHUANIA, POLAND, UKRAINE, Country
from salestui.models.vocabulary import StageKind
from salestui.usecases.templates import StageTemplate

_LEAD, _SALE, _AFTER = StageKind.LEAD, StageKind.SALE, StageKind.AFTER_SALE

PROJECTS, ORDERS = "Projects", "Orders"
WEAK_STAGE = "Demonstration"
PROPOSAL = "Proposed solution"


@dataclass(frozen=True, slots=True)
class Step:
    """A stage and how it goes: the share that goes on, and the days it takes on average."""

    name: str
    kind: StageKind
    probability: int
    idle_days: int | None
    goes_on: float
    days: float

    @property
    def template(self) -> StageTemplate:
        return StageTemplate(self.name, self.kind, self.probability, self.idle_days)


PIPELINES: dict[str, tuple[Step, ...]] = {
    PROJECTS: (
        Step("Needs", _LEAD, 10, 21, 0.86, 15),
        Step(PROPOSAL, _SALE, 25, 21, 0.84, 17),
        # A finding: half of the projects end at the demonstration, and it takes twice as long.
        Step(WEAK_STAGE, _SALE, 40, 21, 0.50, 30),
        Step("Offer", _SALE, 55, 21, 0.84, 16),
        Step("Negotiation", _SALE, 75, 28, 0.86, 18),
        Step("Order", _SALE, 90, 14, 0.97, 8),
        Step("Delivery", _AFTER, 100, 60, 1.0, 30),
        Step("Installation", _AFTER, 100, 30, 1.0, 14),
        Step("Training", _AFTER, 100, 30, 1.0, 12),
    ),
    ORDERS: (
        Step("Enquiry", _LEAD, 15, 7, 0.76, 4),
        Step("Offer", _SALE, 35, 14, 0.72, 9),
        Step("Negotiation", _SALE, 60, 14, 0.80, 9),
        Step("Order", _SALE, 90, 7, 0.96, 5),
    ),
}


@dataclass(frozen=True, slots=True)
class Ware:
    """A product: list price and cost in cents of EUR, how often and in what numbers it is sold."""

    name: str
    series: str
    pipeline: str
    price: int
    cost: int
    share: int
    quantity: tuple[int, int]
    noun: str


SOFTWARE, SERVICE = "Stocklight WMS", "Care service contract"

WARES = (
    Ware("Atlas pallet rack", "Racking", PROJECTS, 38_000, 25_500, 26, (60, 320), "racking"),
    Ware("Atlas mezzanine", "Racking", PROJECTS, 1_950_000, 1_310_000, 14, (1, 4), "mezzanine"),
    Ware("Flow roller conveyor", "Conveyors", PROJECTS, 420_000, 262_000, 16, (6, 36), "conveyors"),
    Ware("Lift 20 reach truck", "Trucks", PROJECTS, 2_890_000, 2_150_000, 18, (1, 5), "trucks"),
    Ware(SOFTWARE, "Software", PROJECTS, 2_400_000, 520_000, 26, (1, 4), "warehouse software"),
    Ware("Scan 7 handheld", "Handhelds", ORDERS, 89_000, 54_000, 40, (2, 24), "handhelds"),
    Ware(SERVICE, "Service", ORDERS, 180_000, 96_000, 34, (1, 5), "service"),
    Ware("Rack inspection", "Service", ORDERS, 65_000, 31_000, 26, (1, 8), "rack inspection"),
)

WINNER = "Nordlager"
"""A finding: this competitor wins where warehouse software is sold, and hardly elsewhere."""

COMPETITORS: dict[str, tuple[tuple[str, str], ...]] = {
    WINNER: (("Nordlager Cloud", SOFTWARE), ("Nordlager N1 rack", "Atlas pallet rack")),
    "Skladex": (("Skladex Roll", "Flow roller conveyor"), ("Skladex Level", "Atlas mezzanine")),
    "Hebewerk": (("Hebewerk H16", "Lift 20 reach truck"),),
    "Pikk & Pakk": (("Pikk Mini", "Scan 7 handheld"),),
}

SOURCES = ("Trade fair", "Referral", "Website", "Cold call", "Existing client", "Tender portal")

SECTORS = (
    "Retail",
    "E-commerce",
    "Manufacturing",
    "Agriculture",
    "Construction",
    "Third-party logistics",
)

CLIENTS_IN: dict[Country, int] = {
    LITHUANIA: 75,
    LATVIA: 35,
    ESTONIA: 25,
    POLAND: 80,
    UKRAINE: 45,
    GERMANY: 40,
}

TERRITORIES: dict[str, tuple[Country, ...]] = {
    "Baltics": (LITHUANIA, LATVIA, ESTONIA),
    "Germany": (GERMANY,),
    "Poland": (POLAND,),
    "Ukraine": (UKRAINE,),
}
"""A seller is at home where the first of the own countries lies."""


@dataclass(frozen=True, slots=True)
class Seller:
    """A rep: strength 1 is average; `busy` is the share of deals, `proposal` the odds there."""

    name: str
    team: str
    countries: tuple[Country, ...]
    strength: float = 1.0
    busy: int = 10
    started_days_ago: int = 1400
    proposal: float = 1.0
    quarter: int = 26_000_000
    """Quota of a quarter in cents of EUR."""


BALTIC, CENTRAL = "Baltics and Germany", "Poland and Ukraine"
OFFICES = {BALTIC: "Vilnius", CENTRAL: "Warszawa"}
MANAGERS = {BALTIC: "Rūta Kazlauskienė", CENTRAL: "Paweł Dąbrowski"}

ME = "Ieva Jankauskaitė"
NEWCOMER = "Kristjan Põder"
LOSES_AT_PROPOSAL = "Łukasz Zieliński"
STAR = "Małgorzata Wiśniewska"

SELLERS = (
    Seller(ME, BALTIC, (LITHUANIA, LATVIA), 1.1, 15),
    Seller("Mindaugas Šimkus", BALTIC, (LITHUANIA,), 0.85, 13),
    Seller(NEWCOMER, BALTIC, (ESTONIA, LATVIA), 0.8, 22, started_days_ago=105, quarter=9_000_000),
    Seller("Jörg Müller", BALTIC, (GERMANY,), 1.0, 13),
    Seller(STAR, CENTRAL, (POLAND,), 1.6, 15, quarter=34_000_000),
    # A finding: a rep who does well elsewhere and loses at the proposal.
    Seller(LOSES_AT_PROPOSAL, CENTRAL, (POLAND, GERMANY), 1.05, 15, proposal=0.42),
    Seller("Олена Коваленко", CENTRAL, (UKRAINE,), 1.25, 12),
    Seller("Тарас Мельник", CENTRAL, (UKRAINE, POLAND), 0.75, 11),
)

BONUS = "Field bonus"
TIERS: tuple[tuple[int, dict[str, int]], ...] = (
    (7_000, {"rate_bp": 100}),
    (10_000, {"fixed_minor": 100_000, "rate_bp": 250}),
    (12_000, {"fixed_minor": 50_000, "rate_bp": 400, "per_deal_minor": 10_000}),
)
"""From 70, 100 and 120 % of the quarter's quota on, in hundredths of a percent and cents of EUR."""

SALARY, LEADS, TOOLS = 1_080_000, 1_400_000, 320_000
"""Cents of EUR a quarter: of a rep, before what grows with the quota; of everybody."""
