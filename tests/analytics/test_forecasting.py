"""The forecast report: its parts add up, it says what it cannot know, and it never looks back for you."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from salestui.analytics.history import read_events
from salestui.analytics.kept import Kept
from salestui.analytics.outlook.accuracy import HORIZONS, replayed
from salestui.analytics.outlook.forecasting import (
    forecast,
    forecast_of,
    merged,
    periods_of,
    studies_of,
    unequal,
)
from salestui.analytics.outlook.leads import leads
from salestui.analytics.outlook.open_deals import open_deals
from salestui.analytics.outlook.trusted import beside
from salestui.analytics.outlook.what_if_report import what_if_report
from salestui.analytics.report import Column, Money, Report
from salestui.analytics.reports import report_named
from salestui.analytics.scope import ask
from salestui.errors import Refused
from salestui.store.store import Store
from salestui.text import Period
from salestui.widgets.report_view import Part, report_lines
from tests.analytics.book import STAGES, Life, Move, make_book

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31), "2026-03")


def lives(count: int, currency: str = "EUR", seed: int = 1, first: int = 0) -> list[Life]:
    """Deals of 11 weeks or from day `first` on, half of them won after about three weeks."""
    random = Random(seed)
    found = []
    for _ in range(count):
        day, stays = random.randint(first, 75), random.randint(5, 40)
        moves = [Move(day)]
        if day + stays <= 76:
            outcome = random.choice(("won", "lost"))
            reason = "Price" if outcome == "lost" else None
            moves.append(Move(day + stays, STAGES[0], outcome, reason))
        owner = random.choice(("Ona", "Zofia"))
        found.append(Life(moves, random.randint(50, 150) * 100, currency, owner))
    return found


def told(store: Store, **scope: object) -> Report:
    return store.read(lambda reader: forecast(reader, ask(reader, **scope)))  # type: ignore[arg-type]


def cells(report: Report, row: int = 0) -> dict[str, object]:
    return dict(zip((c.key for c in report.columns), report.rows[row], strict=True))


def test_won_open_and_new_are_the_forecast_to_the_cent(store: Store) -> None:
    make_book(store).add(*lives(300))
    report = told(store)
    assert report.cells("period") == ("2026-03", "2026-04", "2026-Q1", "2026-Q2")
    for row in range(4):
        each = cells(report, row)
        parts = [each[key] for key in ("won", "open", "new")]
        assert all(isinstance(part, Money) for part in parts)
        assert sum(part.minor for part in parts) == each["forecast"].minor  # type: ignore
        assert each["low"].minor < each["forecast"].minor < each["high"].minor  # type: ignore
    won = store.read(
        lambda r: r.value(
            "SELECT sum(amount_minor) FROM deal WHERE outcome = 'won' AND closed_on >= 20513"
        )
    )
    assert cells(report)["won"] == Money(won, "EUR")
    assert cells(report, 1)["won"] == Money(0, "EUR")
    assert any("Too little history: 2 full months" in text for text in report.warnings)


def test_the_past_or_the_deals_alone(store: Store) -> None:
    make_book(store).add(*lives(300))

    def by(method: str, group: str | None = None) -> Report:
        return store.read(lambda reader: forecast(reader, ask(reader, period=MARCH), group, method))

    made = {method: cells(by(method)) for method in ("both", "past", "deals")}
    for each, whole, key in (("past", "past", 1.0), ("deals", "deals", 0.0)):
        to_come = made[each]["forecast"].minor - made[each]["won"].minor  # type: ignore
        assert to_come == pytest.approx(made["both"][whole].minor, abs=1)  # type: ignore
        assert made[each]["weight"] == key and made[each]["method"] == each
    sums = sorted(each["forecast"].minor for each in made.values())  # type: ignore
    assert sums[1] == made["both"]["forecast"].minor  # type: ignore
    reps = by("past", "rep")
    assert reps.filters == {"method": "past"} and set(reps.cells("method")) == {"past"}
    parts = sum(money.minor for money in reps.cells("forecast"))  # type: ignore
    assert parts == pytest.approx(made["past"]["forecast"].minor, abs=2)  # type: ignore


@pytest.mark.demo
def test_open_deals_bring_no_more_than_the_funnels_say_they_ever_will(sqlite_store: Store) -> None:
    """Month by month for two years, with stages of leads, several stages and owners who differ."""
    worth: Counter[str] = Counter()
    for made in (open_deals, leads):
        report = sqlite_store.read(lambda r: made(r, ask(r)))  # noqa: B023 (called at once)
        for cell in report.cells("statistics"):
            if isinstance(cell, Money):
                worth[cell.currency] += cell.minor
    brought: Counter[str] = Counter()
    first = sqlite_store.today() + timedelta(days=1)
    kept = Kept()
    for _ in range(24):
        last = first + timedelta(days=30)
        with kept.lent():
            report = told(sqlite_store, period=Period(first, last, "a month"))
        for cell in report.cells("open"):
            if isinstance(cell, Money):
                brought[cell.currency] += cell.minor
        first = last + timedelta(days=1)
    assert set(brought) == set(worth)
    for currency, sum_of_open in brought.items():
        assert 0.5 * worth[currency] < sum_of_open <= worth[currency] + 100, currency


def test_halves_that_disagree_are_both_named(sqlite_store: Store) -> None:
    """Sold at a steady pace until nobody entered a deal any more."""
    steady = [
        Life([Move(day), Move(day + 9, STAGES[0], "won")], 100_00) for day in range(-160, 60)
    ] * 2
    make_book(sqlite_store).add(*steady)
    report = told(sqlite_store, period=Period(date(2026, 3, 19), date(2026, 6, 30), "spring"))
    (row,) = (cells(report, place) for place in range(len(report.rows)))
    assert row["doubt"] == "?"
    halves = (f"{round(row[key].minor / 100):,} EUR" for key in ("past", "deals"))  # type: ignore
    (said,) = (text for text in report.warnings if text.startswith("Doubtful"))
    past, deals = halves
    assert past in said and deals in said and "times. Has the share won changed" in said
    assert not report.column("doubt").is_extra


def test_one_period_and_one_rep(store: Store) -> None:
    make_book(store).add(*lives(300))
    whole, ona = told(store, period=MARCH), told(store, period=MARCH, owner="Ona")
    assert whole.cells("period") == ona.cells("period") == ("2026-03",)
    assert 0 < ona.n < whole.n
    assert ona.to_json()["filters"] == {"owner": "Ona"}


def test_currencies_stay_apart(store: Store) -> None:
    make_book(store).add(*lives(200), *lives(50, "PLN", seed=2))
    report = told(store, period=MARCH)
    assert report.cells("currency") == ("EUR", "PLN")
    assert {money.currency for money in report.cells("won")} == {"EUR", "PLN"}  # type: ignore
    alone = told(store, period=MARCH).to_json()["rows"][0]
    assert alone["won"]["currency"] == "EUR"


def test_as_of_an_earlier_day_nothing_later_counts(store: Store, sqlite_store: Store) -> None:
    known = [life for life in lives(300) if (life.moves[0].day or 0) <= 50]
    make_book(store).add(*lives(300))
    cut = [
        Life([m for m in life.moves if (m.day or 0) <= 50], life.amount, life.currency, life.owner)
        for life in known
    ]
    make_book(sqlite_store).add(*cut)
    day = date(2026, 2, 20)
    assert told(store, as_of=day).rows == told(sqlite_store, as_of=day).rows


def test_a_period_that_is_over_is_refused(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*lives(30))
    with pytest.raises(Refused, match="2025 is over: a forecast looks ahead"):
        told(sqlite_store, period=Period(date(2025, 1, 1), date(2025, 12, 31), "2025"))


def test_sentences_that_differ_in_figures_alone_are_said_once() -> None:
    assert (
        merged(["about 11 wins, below 25", "about 1 wins, below 25"])
        == "about 1 to 11 wins, below 25"
    )
    assert merged(["1,291 of 1,589 deals"]) == "1,291 of 1,589 deals"


def test_several_figures_are_said_currency_by_currency(sqlite_store: Store) -> None:
    old = [Life([Move(0)]) for _ in range(9)]
    polish = [Life([Move(0)], currency="PLN") for _ in range(4)]
    make_book(sqlite_store).add(*lives(90, first=30), *lives(90, "PLN", 2, 30), *old, *polish)
    told_of = [each for each in told(sqlite_store).warnings if "older than any deal" in each]
    assert len(told_of) == 2
    assert all(" to " not in each for each in told_of)
    assert {each[:5] for each in told_of} == {"EUR: ", "PLN: "}


def test_a_period_beyond_what_the_past_can_tell_of_is_said_to_be(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*lives(90))
    far = Period(date(2030, 7, 1), date(2030, 9, 30), "2030-Q3")
    assert "further ahead than the history goes back" in told(sqlite_store, period=far).warnings[0]
    for year in (2037, 9999):
        beyond = Period(date(year, 1, 1), date(year, 12, 31), str(year))
        with pytest.raises(Refused, match=f"{year} is too far ahead"):
            told(sqlite_store, period=beyond)
        for name in ("quota", "team", "what-if"):
            with pytest.raises(Refused, match=f"{year} is too far ahead"):
                sqlite_store.read(lambda r, n=name, p=beyond: report_named(n)(r, ask(r, period=p)))
    assert not any("further ahead" in each for each in told(sqlite_store).warnings)


def test_percentages_of_what_never_brought_anything(sqlite_store: Store) -> None:
    """A year in which nothing came of four hundred deals says more than the five that were won at once."""
    won = [Life([Move(-300), Move(-298, "Offer", "won")]) for _ in range(5)]
    asleep = [Life([Move(-299), Move(-297, "Demo")]) for _ in range(400)]
    make_book(sqlite_store).add(*won, *asleep)
    assert (
        "The stages' percentages promise money where deals of this age have brought next to none."
        in told(sqlite_store).warnings
    )


def test_percentages_of_what_was_not_watched_for_long(sqlite_store: Store) -> None:
    won = [Life([Move(0), Move(2, "Offer", "won")]) for _ in range(5)]
    make_book(sqlite_store).add(*won, *(Life([Move(1), Move(3, "Demo")]) for _ in range(5)))
    assert not any("percentages promise" in each for each in told(sqlite_store).warnings)


@pytest.mark.parametrize("outcome", ["open", "lost"])
def test_without_a_win_it_says_so(sqlite_store: Store, outcome: str) -> None:
    book = make_book(sqlite_store)
    assert told(sqlite_store).rows == ()
    moves = [Move(0), Move(9, STAGES[0], outcome)] if outcome != "open" else [Move(0)]
    book.add(Life(moves), Life([Move(3)]))
    report = told(sqlite_store, period=MARCH)
    told_of = cells(report)
    assert (told_of.pop("period"), told_of.pop("won")) == ("2026-03", Money(0, "EUR"))
    assert told_of.pop("method") == "both"
    assert set(told_of.values()) == {None}, "0 to 0 would be a range, and a sure one"
    assert report.warnings == (
        "No win with a day is known yet: there is nothing to forecast from.",
    )


def test_a_list_of_sales_without_days_created_is_forecast_from(store: Store) -> None:
    """Invoices have one day, that of the sale: here one a day, two of three paid."""
    ends = ("won", "won", "lost")
    make_book(store).add(
        *(
            Life([Move(None, recorded=i), Move(i, STAGES[0], ends[i % 3], recorded=i)])
            for i in range(-223, 77)
        )
    )
    spring = Period(date(2026, 4, 1), date(2026, 6, 30), "2026-Q2")
    told_of = cells(told(store, period=spring))
    assert 52 <= int(str(told_of["wins"])) <= 68, "in 91 days"
    assert told_of["open"] == Money(0, "EUR")


def test_what_no_forecast_can_see_is_said(store: Store) -> None:
    """Whoever maps no day of closing has wins in the reports of all time and none in a forecast."""
    make_book(store).add(
        *(Life([Move(i), Move(None, STAGES[0], "won")]) for i in range(4)),
        Life([Move(5), Move(None, STAGES[0], "lost")]),
        Life([Move(None)]),
        Life([Move(6)]),
    )
    assert told(store).warnings[:2] == (
        "Without a day closed, so left out: 4 won and 1 lost.",
        "Without a day created, so left out: 1 open.",
    )


def test_without_amounts_it_forecasts_wins_and_no_money(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*(replace(life, amount=None) for life in lives(200)))
    report = told(sqlite_store, period=MARCH)
    row = cells(report)
    assert row["wins"], "the wins are known"
    assert row["forecast"] is row["low"] is row["high"] is None
    assert "No won deal has an amount: wins can be forecast, but no money." in report.warnings


def test_one_deal_is_one_deal(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(Life([Move(20), Move(25, "Offer", "won")], 700_00))
    report = told(sqlite_store)
    assert report.warnings == (
        "Too little history to forecast from: 1 win in 52 days from the first win on. It takes 5 wins and "
        "28 days.",
    )
    for key in ("forecast", "low", "high", "open", "new", "wins"):
        assert set(report.cells(key)) == {None}, key
    assert report.cells("won")[2] == Money(700_00, "EUR"), "the quarter's, which is known"


def test_what_was_won_on_the_first_day_is_not_won_every_day(sqlite_store: Store) -> None:
    book = make_book(sqlite_store)
    book.add(*(Life([Move(50), Move(60, "Offer", "won")], 700_00) for _ in range(9)))
    report = told(sqlite_store)
    assert set(report.cells("forecast")) == {None}
    assert report.warnings[0].startswith("Too little history to forecast from: 9 wins in 17 days")
    assert sqlite_store.read(lambda r: what_if_report(r, ask(r))).rows == ()


def test_few_wins_leave_a_wide_range(sqlite_store: Store) -> None:
    book = make_book(sqlite_store)
    wins = [Life([Move(day - 9), Move(day, "Offer", "won")], 700_00) for day in range(10, 70, 12)]
    book.add(*wins)
    row = cells(told(sqlite_store), 3)
    low, high = row["low"], row["high"]
    assert isinstance(low, Money) and isinstance(high, Money)
    assert high.minor > 3 * low.minor


@pytest.mark.parametrize("by", ["rep", "team", "product"])
def test_the_parts_of_groups_add_up_to_the_whole(store: Store, by: str) -> None:
    make_book(store).add(*lives(300), *lives(60, "PLN", seed=3))
    whole = told(store, period=MARCH)
    parts = store.read(lambda r: forecast(r, ask(r, period=MARCH), by))
    for currency in ("EUR", "PLN"):
        mine = [
            row
            for row in (cells(parts, place) for place in range(len(parts.rows)))
            if row["currency"] == currency
        ]
        row = cells(whole, ("EUR", "PLN").index(currency))
        for key in ("won", "forecast"):
            assert sum(each[key].minor for each in mine) == row[key].minor  # type: ignore
        assert all(
            each["low"].minor <= each["forecast"].minor <= each["high"].minor  # type: ignore
            for each in mine
        )
    assert parts.method != whole.method
    assert parts.n == whole.n, "the same deals stand behind both"
    # Under one key the same: the whole counts the wins so far too, its parts only those to come.
    assert "wins" in cells(whole) and "wins_to_come" in cells(parts) and "wins" not in cells(parts)


def test_a_part_of_the_whole_and_a_forecast_by_itself_are_told_apart(sqlite_store: Store) -> None:
    """Both are of Ona in March, and differ."""
    make_book(sqlite_store).add(*lives(300))
    whole = told(sqlite_store, period=MARCH)
    parts = sqlite_store.read(lambda r: forecast(r, ask(r, period=MARCH), "rep"))
    alone = told(sqlite_store, period=MARCH, owner="Ona")
    assert "Narrowed to one of them the forecast is another" in parts.method
    assert "what --by gives them is another figure" in alone.method
    assert "another figure" not in whole.method


def test_a_narrowed_forecast_counts_the_months_of_its_own_deals(sqlite_store: Store) -> None:
    """Zofia has sold for six weeks in a store of a year: no accuracy is claimed of her deals."""
    book = make_book(sqlite_store)
    for owner, first, step in (("Ona", -300, 2), ("Zofia", 30, 1)):
        moves = [[Move(day - 3), Move(day, "Offer", "won")] for day in range(first, 76, step)]
        book.add(*(Life(each, 100_00, owner=owner) for each in moves for _ in range(3)))
        book.add(Life([Move(first - 60)], 100_00, owner=owner))
    whole = " ".join(told(sqlite_store, period=MARCH).warnings)
    assert (
        "Too little history" not in whole
        and "2 of 2 open deals are older than any deal ever won" in whole
    )
    zofia = " ".join(told(sqlite_store, period=MARCH, owner="Zofia").warnings)
    assert "Too little history: 1 full month from the first win on" in zofia
    assert "1 of 1 open deal is older than any won among these" in zofia


def test_by_what_it_cannot_be_given_it_says(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*lives(30))
    with pytest.raises(Refused, match="The forecast cannot be given by 'weather'"):
        sqlite_store.read(lambda r: forecast(r, ask(r), "weather"))


def of_millions(report: Report) -> Report:
    """The report with amounts that leave little room."""
    rows = [[Money(cell.minor + 10_000_000_00, cell.currency) if isinstance(cell, Money) else cell
             for cell in row] for row in report.rows]  # fmt: skip
    return replace(report, rows=tuple(map(tuple, rows)))


def test_beside_a_forecast_stands_what_such_forecasts_have_had(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*lives(60), *lives(20, "PLN", seed=2))
    scope = sqlite_store.read(ask)
    summaries = {
        "rest-of-month": 0.8, "month": 0.7, "rest-of-quarter": 0.9, "quarter": 0.6,
    }  # fmt: skip
    rows = [
        (currency, HORIZONS[horizon], method, 9, mean + less, 1.0)
        for currency, less in (("EUR", 0.0), ("PLN", -0.1))
        for horizon, mean in summaries.items()
        for method in ("forecast", "smoothing")
        if currency == "EUR" or horizon != "rest-of-month"
    ]
    told_now = told(sqlite_store)
    columns = [
        Column(key, key, "text")
        for key in ("currency", "horizon", "method", "n", "mean", "ceiling")
    ]
    told_now = replace(told_now, rows=tuple((*row[:6], "", *row[7:]) for row in told_now.rows))
    measured = replace(told_now, columns=tuple(columns), rows=tuple(rows))
    bears = (True,) * len(told_now.rows)
    made = beside(told_now, scope, measured, bears)
    assert made.cells("period")[:4] == ("2026-03", "2026-04", "2026-Q1", "2026-Q2")
    # Of April nothing is claimed on 18 March: such forecasts were made on the last day before.
    # What is left of the quarter is what is left of March.
    best = [f"–/{100 * each:.0f}" for each in told_now.cells("ceiling")]  # type: ignore
    assert made.cells("had") == ("80/100", best[1], "80/100", *best[3:])
    assert made.cells("accuracy") == (0.8, None) * 2 + (None,) * 4
    doubted = replace(told_now, rows=tuple((*row[:6], "?", *row[7:]) for row in told_now.rows))
    assert beside(doubted, scope, measured, bears).cells("had")[:2] == ("80/100?", f"{best[1]}?")
    assert made.cells("ceiling") == told_now.cells("ceiling")
    assert beside(told_now, scope, measured, ()).cells("had") == tuple(best), "nothing is claimed"
    # 80 columns are enough for it; the wins give way, but not where nothing can be said.
    lines = [
        "".join(piece.text for piece in each.pieces)
        for each in report_lines([Part(of_millions(made))], (), 79)
    ]
    assert lines[1].rstrip().endswith("High  Had %") and lines[2].rstrip().endswith("80/100")
    lucky = beside(told_now, scope, replace(measured, rows=(rows[0][:5] + (0.75,),)), bears)
    assert lucky.cells("had")[0] == "80 luck"
    assert lucky.warnings[-2:] == (
        "EUR 2026-03: such forecasts had 80 % where chance alone allowed 75 % at best: luck, which need "
        "not last.",
        "EUR 2026-Q1: such forecasts had 80 % where chance alone allowed 75 % at best: luck, which need "
        "not last.",
    )
    in_february = replace(scope, as_of=date(2026, 2, 10))
    quarters = replace(told_now, rows=tuple(row for row in told_now.rows if row[1] == "2026-Q1"))
    assert beside(quarters, in_february, measured, bears[:2]).cells("had") == ("90/100", "80/100")
    eve = replace(scope, as_of=date(2026, 3, 31))
    labels = ("2026-04", "2026-Q2")
    assert periods_of(eve)[0].label == labels[0]
    alone = replace(told_now, rows=tuple(row for row in told_now.rows if row[1] in labels))
    assert beside(alone, eve, measured, bears[:4]).cells("had")[:2] == ("70/100", "60/100")


def test_months_that_do_not_make_their_quarter_are_told(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*lives(600, first=-150))
    scope = sqlite_store.read(lambda r: ask(r, as_of=date(2026, 2, 10)))
    (study,) = sqlite_store.read(lambda r: studies_of(read_events(r), scope))
    made = [(each, forecast_of(study, scope.as_of, each)) for each in periods_of(scope)]
    assert [period.label for period, _ in made] == ["2026-02", "2026-03", "2026-Q1", "2026-Q2"]
    (_, rest), (_, following), (label, quarter), _ = made
    months = rest.value + following.value
    for share, told_of in ((1.0, None), (0.8, "25 % more"), (1.25, "20 % less")):
        other = replace(quarter, revenue=replace(quarter.revenue, value=months * share))
        said = list(unequal([*made[:2], (label, other)]))
        assert [told_of in text for text in said] == ([True] if told_of else [])  # type: ignore
        assert all(text.startswith("2026-Q1: what is to come of its months") for text in said)


def test_past_forecasts_of_several_currencies_each_name_theirs(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*lives(200, first=-200), *lives(200, "PLN", seed=2, first=-200))
    made = sqlite_store.read(lambda reader: replayed(reader, ask(reader)))
    assert made.rows and made.columns[0].key == "currency"
    for row in made.rows:
        assert {cell.currency for cell in row if isinstance(cell, Money)} == {row[0]}
    assert set(made.cells("currency")) == {"EUR", "PLN"}
