"""The demo team's deals, rolled stage by stage through 18 months by the odds in `company.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from salestui.demo import company
from salestui.demo.clients import Buyer
from salestui.demo.company import Seller, Step, Ware
from salestui.demo.house import House
from salestui.demo.life import Life, working_day
from salestui.models.keys import new_key
from salestui.models.vocabulary import DealKind, ForecastCategory, Outcome, StageKind

_STAND_IN = "Mindaugas Šimkus"
_ZLOTY = 43  # tenths of a zloty for a euro
_STUCK, _SKIPS, _GOES_BACK, _RESTS, _COMES_BACK = 0.14, 0.08, 0.05, 0.09, 0.05
_REASONS: dict[str, tuple[int, int]] = {
    "Price": (28, 12),
    "No decision": (22, 24),
    "No budget": (13, 8),
    "Competitor": (12, 8),
    "Product does not fit": (12, 40),
    "Too late": (7, 5),
    "Contact lost": (6, 3),
}
"""How often each is given: usually, at the demonstration."""
_RIVALS = ("Skladex", "Hebewerk", "Pikk & Pakk", company.WINNER)


def roll(rng: Random, house: House, buyers: Sequence[Buyer], count: int) -> list[Life]:
    """The deals in the order in which they were created."""
    calendar = _calendar(house)
    days = sorted(rng.choices([day for day, _ in calendar], [w for _, w in calendar], k=count))
    weights = {buyer.id: rng.gammavariate(1.2, 1.0) + 0.1 for buyer in buyers}
    won: dict[str, date] = {}
    lives = []
    for day in days:
        buyer = _buyer(rng, buyers, weights, day)
        life = _begin(rng, house, buyer, day, is_repeat=won.get(buyer.id, day) < day)
        _live(rng, house, life)
        if life.outcome == Outcome.WON and life.closed_on is not None:
            won[buyer.id] = min(won.get(buyer.id, life.closed_on), life.closed_on)
        lives.append(life)
    return lives


def _calendar(house: House) -> list[tuple[date, float]]:
    """Working days and how busy they are: business grows, and rests in summer and December."""
    span = (house.as_of - house.first_on).days
    found = []
    for offset in range(span):
        day = house.first_on + timedelta(days=offset)
        if day.weekday() < 5:
            season = {7: 0.75, 8: 0.75, 12: 0.7}.get(day.month, 1.0)
            found.append((day, season * (0.8 + 0.5 * offset / span)))
    return found


def _buyer(rng: Random, buyers: Sequence[Buyer], weights: dict[str, float], day: date) -> Buyer:
    known = [buyer for buyer in buyers if buyer.since <= day]
    return rng.choices(known, [weights[buyer.id] for buyer in known])[0]


def _start(seller: Seller, house: House) -> date:
    return working_day(house.as_of - timedelta(days=seller.started_days_ago))


def _begin(rng: Random, house: House, buyer: Buyer, day: date, *, is_repeat: bool) -> Life:
    pipeline = company.PROJECTS if rng.random() < 0.46 else company.ORDERS
    wares = [ware for ware in company.WARES if ware.pipeline == pipeline]
    ware = rng.choices(wares, [ware.share for ware in wares])[0]
    steps = company.PIPELINES[pipeline]
    is_zloty = buyer.country.code == "PL" and pipeline == company.ORDERS and rng.random() < 0.4
    quantity = rng.randint(*ware.quantity)
    estimate = round(ware.price * quantity * rng.uniform(0.8, 1.25), -5) or ware.price
    ahead = sum(step.days for step in steps if step.kind != StageKind.AFTER_SALE)
    owner = _STAND_IN if day < _start(buyer.seller, house) else buyer.seller.name
    life = Life(
        id=new_key(),
        title=_title(rng, ware, buyer),
        buyer=buyer,
        ware=ware,
        facts={
            "pipeline_id": house.pipelines[pipeline],
            "stage_id": house.stages[pipeline][0],
            "owner_id": house.reps[owner],
            "amount_minor": int(estimate) * _ZLOTY // 10 if is_zloty else int(estimate),
            "currency": "PLN" if is_zloty else "EUR",
            "expected_close_on": working_day(
                day + timedelta(days=int(ahead * rng.uniform(0.7, 1.2)))
            ),
            "forecast_category": ForecastCategory.PIPELINE,
            "outcome": Outcome.OPEN,
            "is_active": True,
            "loss_reason_id": None,
            "competitor_id": None,
        },
        kind=DealKind.REPEAT if is_repeat else DealKind.NEW,
        source="Existing client" if is_repeat else rng.choice(company.SOURCES),
        wares=[(ware, quantity)],
    )
    if pipeline == company.PROJECTS and rng.random() < 0.4:
        service = next(each for each in company.WARES if each.name == company.SERVICE)
        life.wares.append((service, rng.randint(1, 4)))
    life.happen(rng, day)
    return life


def _title(rng: Random, ware: Ware, buyer: Buyer) -> str:
    where = rng.choice(
        ("{city}", "hall 2 in {city}", "{city} warehouse", "new site", "{city} depot")
    )
    noun = ware.noun[0].upper() + ware.noun[1:]
    return f"{noun}, {where.format(city=buyer.city)}"


def _live(rng: Random, house: House, life: Life) -> None:
    """From its first day to yesterday, or to its end."""
    pipeline = life.ware.pipeline
    steps, stages = company.PIPELINES[pipeline], house.stages[pipeline]
    seller = life.buyer.seller
    stuck = rng.randrange(len(steps)) if rng.random() < _STUCK else None
    place = 0
    while steps[place].kind != StageKind.AFTER_SALE:
        length = rng.gammavariate(2, steps[place].days / 2) / min(1.2, seller.strength)
        if stuck == place:
            length, stuck = length * 3 + 40, None
        day = working_day(life.day + timedelta(days=max(1, round(length))))
        _meanwhile(rng, house, life, day)
        if day >= house.as_of:
            return
        if rng.random() >= _odds(steps[place], life):
            if not _fail(rng, house, life, steps[place], day):
                return
            continue
        if place + 1 == len(steps) or steps[place + 1].kind == StageKind.AFTER_SALE:
            break
        if place > 3 and rng.random() < _GOES_BACK:
            place -= 1
        else:
            place += 2 if steps[place].name == "Offer" and rng.random() < _SKIPS else 1
        life.happen(rng, day, stage_id=stages[place], **_offered(rng, life, steps[place].name))
    _finish(rng, house, life, place, day)


def _odds(step: Step, life: Life) -> float:
    """The share that goes on from a stage, for this rep and product."""
    seller = life.buyer.seller
    odds = 1 - (1 - step.goes_on) / seller.strength
    if step.name == company.PROPOSAL:
        odds *= seller.proposal
    if life.ware.name == company.SOFTWARE and step.name in ("Offer", "Negotiation"):
        odds *= 0.58
    return odds


def _offered(rng: Random, life: Life, stage: str) -> dict[str, Any]:
    """What changes with a stage: the first exact sum, then a discount, then the rep's own call."""
    changes: dict[str, Any] = {}
    if stage in (company.PROPOSAL, "Offer") and not life.has_lines:
        life.has_lines = True
        changes["amount_minor"] = total(life)
    elif stage == "Negotiation" and rng.random() < 0.6:
        life.discount_bp = rng.randint(4, 24) * 50
        changes["amount_minor"] = total(life)
    if stage == "Offer" and rng.random() < 0.6:
        changes["forecast_category"] = ForecastCategory.BEST_CASE
    elif stage == "Order" or (stage == "Negotiation" and rng.random() < 0.3):
        changes["forecast_category"] = ForecastCategory.COMMIT
    return changes


def price(life: Life, minor: int) -> int:
    """A price of the list in the deal's currency."""
    return minor * _ZLOTY // 10 if life.facts["currency"] == "PLN" else minor


def total(life: Life) -> int:
    """The deal's lines after discount, rounded as the program rounds."""
    share = 1000 * (10_000 - life.discount_bp)
    sums = (price(life, ware.price) * count * share for ware, count in life.wares)
    return sum((each + 5_000_000) // 10_000_000 for each in sums)


def _meanwhile(rng: Random, house: House, life: Life, until: date) -> None:
    """What happens before the next step: hand-overs, and expected closes that slip."""
    until = min(until, house.as_of)
    started = _start(life.buyer.seller, house)
    if (
        life.day < started < until
        and life.facts["owner_id"] == house.reps[_STAND_IN] != (house.reps[life.buyer.seller.name])
    ):
        life.happen(rng, started, owner_id=house.reps[life.buyer.seller.name])
    elif rng.random() < 0.01:
        day = working_day(life.day + timedelta(days=2))
        others = [s for s in company.SELLERS if s.team == life.buyer.seller.team]
        able = [house.reps[s.name] for s in others if _start(s, house) <= day]
        if day < until and (rep := rng.choice(able)) != life.facts["owner_id"]:
            life.happen(rng, day, owner_id=rep)
    while (close := life.facts["expected_close_on"]) < until and rng.random() < 0.7:
        day = working_day(max(close, life.day) + timedelta(days=rng.randint(0, 4)))
        if day >= until:
            return
        later = working_day(day + timedelta(days=rng.choice((7, 14, 14, 21, 30, 30, 45, 60))))
        life.happen(rng, day, expected_close_on=later)


def _fail(rng: Random, house: House, life: Life, step: Step, day: date) -> bool:
    """The deal is lost or rests; whether it comes back and goes on."""
    if rng.random() < _RESTS:
        until = working_day(day + timedelta(days=rng.randint(30, 150)))
        life.postpone(rng, day, until)
        back = working_day(until + timedelta(days=rng.randint(0, 3)))
        if back >= house.as_of:
            return False
        if rng.random() < 0.7:
            life.reopen(rng, back)
            return True
        day = back
    life.lose(rng, day, *_loss(rng, house, life, step))
    back = working_day(day + timedelta(days=rng.randint(20, 90)))
    if back >= house.as_of or rng.random() >= _COMES_BACK:
        return False
    life.reopen(rng, back)
    return True


def _loss(rng: Random, house: House, life: Life, step: Step) -> tuple[str, str | None]:
    column = 1 if step.name == company.WEAK_STAGE else 0
    reason = rng.choices(list(_REASONS), [shares[column] for shares in _REASONS.values()])[0]
    rival = rng.choices(_RIVALS, (40, 30, 25, 5))[0]
    is_software = life.ware.name == company.SOFTWARE and step.name in ("Offer", "Negotiation")
    if is_software and rng.random() < 0.8:
        # A finding: here one competitor takes most of what is lost.
        reason, rival = "Competitor", company.WINNER
    return house.reasons[reason], house.competitors[rival] if reason == "Competitor" else None


def _finish(rng: Random, house: House, life: Life, place: int, day: date) -> None:
    """Win the deal, then go through what comes after the sale."""
    steps, stages = company.PIPELINES[life.ware.pipeline], house.stages[life.ware.pipeline]
    after = range(place + 1, len(steps))
    life.win(rng, day, stages[after[0]] if after else None)
    for number in after:
        length = rng.gammavariate(3, steps[number].days / 3)
        day = working_day(life.day + timedelta(days=max(2, round(length))))
        if day >= house.as_of:
            return
        if number + 1 < len(steps):
            life.happen(rng, day, stage_id=stages[number + 1])
        else:
            life.happen(rng, day, is_active=False)
