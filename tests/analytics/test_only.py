"""Narrowed to a product, a sector, new clients …: every report counts the same deals, on both engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest

from salestui.analytics.drill import Behind, deals_behind
from salestui.analytics.forecast.ledger import make_ledger
from salestui.analytics.groups import DEALS, GROUPS, PEOPLE, SLICES, Label
from salestui.analytics.history import read_events
from salestui.analytics.kept import Kept
from salestui.analytics.only import known_labels, narrowing
from salestui.analytics.outlook.forecasting import forecast, studies_in
from salestui.analytics.pipeline.stalled import stalled
from salestui.analytics.pipeline.waterfall import waterfall
from salestui.analytics.report import Report
from salestui.analytics.reports import REPORTS, report_named
from salestui.analytics.scope import ask, narrowed, whose
from salestui.analytics.selling.velocity import velocity
from salestui.analytics.selling.winning import win_rate
from salestui.analytics.slices import within
from salestui.analytics.stages.conversion import conversion
from salestui.analytics.stages.funnel import funnel
from salestui.analytics.stages.losses import losses
from salestui.analytics.stages.moves import moves
from salestui.errors import Refused
from salestui.models.people import Team, Territory
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.store.unit import Unit
from salestui.text import Period, to_day
from salestui.usecases.activities import log_activity
from tests.analytics.book import Book, Life, Move, make_book, on

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31), "2026")
ODD = """O'Hara \\ "50 %" Łódź"""

LIVES = (
    # The first win of Acme, on day 20; so the deals that were there by then are of a new client.
    Life([Move(0), Move(5, "Demo"), Move(20, "Demo", "won")], 1000_00, product="Pump", client="Acme"),
    Life([Move(10), Move(30, outcome="lost", reason="Price")], 400_00, owner="Jonas",
         product="Pump", client="Acme"),
    Life([Move(20), Move(35, outcome="lost")], 100_00, client="Acme", source=ODD),
    Life([Move(21), Move(26, "Offer")], 300_00, product="Pump", client="Acme", kind="repeat"),
    Life([Move(25), Move(40, outcome="won")], 500_00, owner="Zofia", product="Valve", client="Acme",
         kind="repeat"),
    # Łódź Foods has bought nothing yet; neither sector nor size are known.
    Life([Move(5), Move(12, outcome="lost", reason="Price", competitor="Rival")], 200_00,
         product="Valve", client="Łódź Foods", source="fair"),
    Life([Move(30)], 700_00, product="Pump", client="Łódź Foods", source="fair"),
    # Of no client and no product; the last of the other pipeline.
    Life([Move(3), Move(9, outcome="lost", reason="Timing")], 100_00, owner=None),
    Life([Move(None)], 100_00, client="Acme"),
    Life([Move(8), Move(50, outcome="won")], 900_00, client="Łódź Foods", pipeline="Service"),
)  # fmt: skip


@pytest.fixture
def book(store: Store) -> Book:
    made = make_book(store)
    made.add(*LIVES)
    return made


def made(
    book: Book, report: Callable[..., Report], *only: str, by: str | None = None, **scope: Any
) -> Report:
    return book.store.read(lambda reader: report(reader, ask(reader, only=only, **scope), by))


COUNTED = {
    ("product=Pump",): (4, 1),
    ("product=pump", "product=VALVE"): (6, 2),
    ("product=Pump", "client=acme"): (3, 1),
    ("product=none",): (4, 1),
    ("product=no product", "product=Valve"): (6, 2),
    ("clients=new",): (6, 2),
    ("clients=existing",): (2, 1),
    ("clients=none",): (2, 0),
    ("sector=trade",): (6, 2),
    ("sector=not said",): (4, 1),
    ("size=10-49", "clients=new"): (3, 1),
    ("territory=baltic",): (6, 2),
    ("territory=Poland",): (3, 1),  # where Ona is at home, and Łódź Foods nowhere
    ("territory=none",): (1, 0),
    ("kind=repeat",): (2, 1),
    ("source=fair",): (2, 0),
    (f"source={ODD}",): (1, 0),
    ("pipeline=Sales",): (9, 2),
    ("pipeline=Sales", "pipeline=Service"): (10, 3),
    ("office=Vilnius",): (8, 2),
    ("rep=Ona", "rep=Zofia"): (8, 3),
    ("team=none",): (1, 0),
    ("reason=Price",): (2, 0),
    ("competitor=Rival",): (1, 0),
    ("stage=Demo",): (1, 1),
}
"""Wishes → deals of the funnel and how many of them are won, counted by hand."""


def test_the_funnel_the_wins_and_the_losses_count_the_deals_asked_for(book: Book) -> None:
    for only, counted in COUNTED.items():
        report = made(book, funnel, *only)
        assert (report.n, report.totals["won"]) == counted, only
        ended = made(book, win_rate, *only)
        assert ended.totals["won"] == counted[1], only
        assert ended.totals["lost"] == made(book, losses, *only).n, only


def test_deals_without_a_client_are_found_without_a_list_of_all_clients(book: Book) -> None:
    scope = book.store.read(lambda reader: ask(reader, only=["client=none"]))
    assert narrowing(scope.only, None) == (" AND client_id IS NULL", {})


def test_where_no_deal_has_a_source_none_is_left_out(store: Store) -> None:
    book = make_book(store)
    book.add(Life([Move(1)], 100_00), Life([Move(2)], 100_00))
    scope = store.read(lambda reader: ask(reader, only=["source=none"]))
    assert narrowing(scope.only, None) == ("", {})  # else it would be asked of every deal
    assert made(book, funnel, "source=none").n == 2


def test_an_earlier_day_knows_who_had_bought_by_then(book: Book) -> None:
    then = on(22)
    assert made(book, funnel, "clients=new", as_of=then).n == 5  # that of day 30 had not come
    assert made(book, funnel, "clients=existing", as_of=then).n == 1
    assert made(book, funnel, "clients=existing", as_of=on(19)).n == 0
    assert made(book, win_rate, "product=Pump", as_of=then).n == 1


def slices(reader: Reader) -> Iterator[tuple[str, Label]]:
    """Every label that deals can be narrowed to, and that of those which have none."""
    for key in SLICES:
        without = () if key in ("pipeline", "stage") else (("", GROUPS[key].missing),)
        for label in (*known_labels(reader, GROUPS[key]), *without):
            yield key, label


def differing(book: Book, *days: date) -> tuple[list[tuple[str, Label, date]], int]:
    """Slices of which arrays and statements know other deals, and how many deals were compared."""

    def compare(reader: Reader) -> tuple[list[tuple[str, Label, date]], int]:
        events, found, seen = read_events(reader), [], 0
        for day in (reader.today, *days):
            known = [each.known_on(to_day(day)) for each in (events, make_ledger(events))]
            for key, label in slices(reader):
                scope = narrowed(reader, ask(reader, as_of=day), GROUPS[key], [label])
                behind = Behind("reached", pipeline_id=scope.pipeline_id)
                listed = deals_behind(reader, scope, behind).deals
                for each in known:
                    chosen = each.deal[within(each, scope)].tolist()
                    if {each.names.deals[code] for code in chosen} != {d.deal_id for d in listed}:
                        found.append((key, label, day))
                seen += len(listed)
        return found, seen

    return book.store.read(compare)


def test_arrays_and_statements_mean_the_same_deals(book: Book) -> None:
    found, seen = differing(book, on(22))
    assert not found and seen > 200


def test_of_a_deal_that_says_no_day_nobody_knows_whether_its_client_had_bought(book: Book) -> None:
    # As an import leaves it that knows of a deal only when it was won or lost.
    book.add(
        Life([Move(15, outcome="lost")], 100_00, client="Acme", is_dated=False),
        Life([Move(40, "Demo", "won")], 100_00, client="Acme", is_dated=False),
    )
    assert made(book, funnel, "clients=none").n == 4
    assert made(book, forecast, "clients=existing").n == 2
    assert not differing(book, on(16), on(45))[0]


REPORTS_BY = (funnel, win_rate, losses, conversion, velocity, stalled, moves, waterfall)


def test_a_row_by_a_group_is_the_report_of_that_slice(book: Book) -> None:
    def compare(reader: Reader) -> None:
        scope = ask(reader, pipeline="Sales")
        for report, key in product(REPORTS_BY, (*PEOPLE, *DEALS)):
            group, whole = GROUPS[key], report(reader, scope, key)
            count = next(column.key for column in whole.columns if column.kind == "count")
            rows: Counter[object] = Counter()
            for name, value in zip(whole.cells(key), whole.cells(count), strict=True):
                rows[name] += value
            labels = {name: (each, name) for each, name in known_labels(reader, group)}
            for name, value in rows.items():
                label = labels.get(str(name), ("", group.missing))
                part = report(reader, narrowed(reader, scope, group, [label]))
                assert sum(part.cells(count)) == value, (report, key, name)

    book.store.read(compare)


def test_the_deals_behind_a_row_are_those_of_the_slice(book: Book) -> None:
    def listed(reader: Reader) -> tuple[int, int]:
        scope = ask(reader, only=["clients=new"], pipeline="Sales", as_of=on(60))
        rows = conversion(reader, scope)
        behind = [deals_behind(reader, scope, each).count for each in rows.subjects]
        assert behind == list(rows.cells("entered"))
        return sum(behind), rows.n

    assert book.store.read(listed)[0] == 6


def test_forecasts_are_of_the_slice_and_not_of_what_was_kept_of_another(book: Book) -> None:
    assert made(book, forecast, "product=Pump").n == 4
    assert made(book, forecast, "product=Pump", by="clients").n == 4
    assert made(book, forecast).n == 9  # of one deal nobody knows the day
    kept = Kept()

    def deals(reader: Reader) -> list[int]:
        with kept.lent():
            return [
                len(studies_in(reader, ask(reader, only=only))[0].deals(to_day(reader.today))[1])
                for only in ((), ["product=Pump"], ["product=Valve"], ["clients=existing"])
            ]

    assert book.store.read(deals) == [9, 4, 2, 2]


def test_a_win_without_a_day_came_before_nothing(store: Store) -> None:
    book = make_book(store)
    book.add(Life([Move(0), Move(None, outcome="won")], 100_00, client="Acme"), LIVES[1])
    for report in ("funnel", "moves"):
        assert made(book, report_named(report), "clients=new").n == 2, report
        assert made(book, report_named(report), "clients=existing").n == 0, report


@pytest.mark.parametrize("key, value", [("product", "Pump"), ("pipeline", "Sales")])
def test_every_report_obeys_or_says_that_it_cannot(book: Book, key: str, value: str) -> None:
    refused = set()
    for name in REPORTS:
        scope = {"owner": "Ona"} if name == "coaching" else {}
        try:
            report = made(book, report_named(name), f"{key}={value}", **scope)
        except Refused as refusal:
            assert str(refusal).endswith(f", not by {key}."), name
            refused.add(name)
        else:
            assert report.filters[key] == value
    assert refused == {"quota", "bonus", "capacity", "ramp", "cost", "calls"}


def test_the_team_is_shown_without_what_is_set_for_all_that_is_sold(book: Book) -> None:
    report = made(book, report_named("team"), "product=Pump", period=YEAR)
    by_rep = dict(zip(report.cells("rep"), report.cells("win_rate"), strict=True))
    assert by_rep["Ona"] == 1 and by_rep["Jonas"] == 0
    assert "left out" in report.warnings[0]
    service = made(book, report_named("team"), period=YEAR, pipeline="Service")
    assert set(service.cells("win_rate")) == {1, None}, "one deal of that pipeline, and it was won"


def test_work_of_no_deal_lies_where_its_client_does(book: Book) -> None:
    client = book.store.read(lambda reader: reader.value("SELECT id FROM client WHERE name='Acme'"))
    book.store.write(log_activity, kind="call", client_id=client, subject="Hello")
    for only, count in (("territory=baltic", 1), ("territory=Poland", 0), ("client=Acme", 1)):
        report = made(book, report_named("activity"), only)
        assert (report.n, report.warnings) == (count, ())
    for only in ((), ("territory=Baltic",)):
        by_territory = made(book, report_named("activity"), *only, by="territory")
        assert by_territory.cells("territory") == ("Baltic",)
        assert by_territory.cells("count") == (1,)
    of_pumps = made(book, report_named("activity"), "product=Pump")
    assert of_pumps.n == 0 and "no deal are left out" in of_pumps.warnings[0]


def test_what_nothing_has_yet_is_known_and_empty(book: Book) -> None:
    def found(unit: Unit) -> None:
        unit.add(Team(name="West", office="Porto"))
        unit.add(Territory(name="Iberia"))

    book.store.write(found)
    for only in ("team=West", "office=porto", "territory=Iberia", "size=1000 and more"):
        for report in (funnel, win_rate, conversion, forecast, report_named("team")):
            assert made(book, report, only).n == 0, (report, only)
        assert made(book, funnel, only, as_of=on(22)).n == 0, only
    assert made(book, funnel, "team=West", "team=South").n == 1


MISTAKES = {
    "product": "write KEY=VALUE",
    "month=2026-01": "KEY one of rep, team",
    "\x1b[31mred=1": "write KEY=VALUE",
    "product='; DROP TABLE deal; --": "There is no product",
    "product=\x1b]0;x\x07": "There is no product",
    "product=": "There are: 'Pump', 'Valve'",
    "sector=retail": "There is no sector 'retail'. There are: 'trade'.",
    "client=zzz": "There is no client",
    "clients=old": "There are: 'new', 'existing'",
    "stage=x": "There is no stage 'x'. There are: 'Demo', 'Enquiry', 'Offer'",
}


def test_what_does_not_fit_is_said(book: Book) -> None:
    for only, said in MISTAKES.items():
        with pytest.raises(Refused) as refusal:
            made(book, funnel, only)
        assert said in str(refusal.value)
        assert "\x1b" not in str(refusal.value)
    assert made(book, funnel).n == 10


def test_a_key_is_chosen_once(book: Book) -> None:
    for option, only in (
        ("owner", "rep=Zofia"),
        ("team", "team=South"),
        ("pipeline", "pipeline=Service"),
    ):
        with pytest.raises(Refused, match=f"Choose one of --{option}"):
            made(
                book,
                funnel,
                only,
                **{option: {"owner": "Ona", "team": "North"}.get(option, "Sales")},
            )
    assert made(book, funnel, "office=Vilnius", owner="Jonas").n == 1
    assert made(book, funnel, "office=Łódź", owner="Jonas").n == 0


def test_head_lines_say_what_is_shown(book: Book) -> None:
    words = book.store.read(
        lambda reader: whose(ask(reader, only=["product=Pump", "sector=trade", "pipeline=Sales"]))
    )
    assert words == "Everyone · all · Sales · product Pump · sector trade"
    words = book.store.read(lambda reader: whose(ask(reader, only=["rep=Ona", "rep=Zofia"])))
    assert words == "Ona, Zofia · all"
