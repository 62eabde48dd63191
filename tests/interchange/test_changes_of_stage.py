"""Files with a row for each change of a deal's stage, as CRMs export their history."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salestui.interchange.folding import folded
from salestui.interchange.profiles import suggest_map
from salestui.text import from_day
from salestui.usecases.imports import Record
from tests.interchange.conftest import Imports, counts

CHANGES = """
entity = "deal"
source = "crm"
external_id = ["Opportunity ID"]

[pipeline]
name = "Projects"
currency = "EUR"
stages = ["Enquiry", "Offer", "Talks", {name = "Delivery", kind = "after-sale"}]

[columns]
Name = "title"
Amount = "amount"
"Changed on" = "entered_on"

[columns."To stage"]
field = "stage"
values."Closed Won" = {outcome = "won"}
values."Closed Lost" = {outcome = "lost"}
"""

HEAD = "Opportunity ID,Name,Amount,To stage,Changed on\n"

OLDEST_FIRST = (
    "1,Pumps,100,Enquiry,2025-02-03\n"
    "2,Silo,,Enquiry,2025-02-05\n"
    "1,Pumps,120,Offer,2025-02-20\n"
    "1,Pumps,130,Offer,2025-02-21\n"
    "2,Silo,900,Talks,2025-03-01\n"
    "2,Silo,900,Offer,2025-03-01\n"
    "1,Pumps,110,Closed Won,2025-04-01\n"
    "1,Pumps,111,Closed Won,2025-04-09\n"
)


def _history(imports: Imports, title: str) -> list[tuple[str, str, date | None]]:
    rows = imports.rows(
        "SELECT s.name, e.outcome, e.occurred_on FROM deal_event e JOIN deal d ON d.id = e.deal_id"
        " JOIN stage s ON s.id = e.stage_id WHERE d.title = :title ORDER BY e.seq",
        title=title,
    )
    return [(stage, outcome, day and from_day(day)) for stage, outcome, day in rows]


def _deal(imports: Imports, title: str) -> tuple[Any, ...]:
    return imports.row(
        "SELECT s.name, d.outcome, d.amount_minor, d.created_on, d.closed_on FROM deal d"
        " JOIN stage s ON s.id = d.stage_id WHERE d.title = :title",
        title=title,
    )


def test_the_rows_of_a_deal_are_its_history(imports: Imports) -> None:
    report = imports.run(CHANGES, HEAD + OLDEST_FIRST)
    assert counts(report) == (2, 0, 0, 0)
    assert "8 rows tell of 2 deals: each is a change of stage" in report.files[0].notes
    assert _history(imports, "Pumps") == [
        ("Enquiry", "open", date(2025, 2, 3)),
        ("Offer", "open", date(2025, 2, 20)),
        ("Offer", "won", date(2025, 4, 1)),
    ]
    stage, outcome, amount, created, closed = _deal(imports, "Pumps")
    assert (stage, outcome, amount) == ("Offer", "won", 11_100)
    assert (from_day(created), from_day(closed)) == (date(2025, 2, 3), date(2025, 4, 1))


def test_changes_of_one_day_keep_the_order_of_the_file(imports: Imports) -> None:
    imports.run(CHANGES, HEAD + OLDEST_FIRST)
    way = [("Enquiry", date(2025, 2, 5)), ("Talks", date(2025, 3, 1)), ("Offer", date(2025, 3, 1))]
    assert [(stage, day) for stage, _, day in _history(imports, "Silo")] == way


def test_a_file_with_the_newest_first_says_the_same(imports: Imports) -> None:
    lines = OLDEST_FIRST.splitlines(keepends=True)
    imports.run(CHANGES, HEAD + "".join(lines[::-1]))
    assert [stage for stage, _, _ in _history(imports, "Silo")] == ["Enquiry", "Talks", "Offer"]
    assert _deal(imports, "Pumps")[:3] == ("Offer", "won", 11_100)


def test_again_nothing_changes_and_what_is_new_is_added(imports: Imports) -> None:
    imports.run(CHANGES, HEAD + OLDEST_FIRST)
    assert counts(imports.run(CHANGES, HEAD + OLDEST_FIRST)) == (0, 0, 2, 0)
    later = OLDEST_FIRST + "2,Silo,900,Talks,2025-03-20\n2,Silo,800,Closed Lost,2025-05-01\n"
    assert counts(imports.run(CHANGES, HEAD + later)) == (0, 1, 1, 0)
    assert _history(imports, "Silo")[-2:] == [
        ("Talks", "open", date(2025, 3, 20)),
        ("Talks", "lost", date(2025, 5, 1)),
    ]


def test_a_deal_opened_again_is_open(imports: Imports) -> None:
    text = "1,Pumps,100,Offer,2025-02-03\n1,Pumps,100,Closed Lost,2025-03-01\n1,Pumps,90,Talks,2025-03-09\n"
    imports.run(CHANGES, HEAD + text)
    assert _deal(imports, "Pumps")[:3] == ("Talks", "open", 9_000)
    assert _deal(imports, "Pumps")[4] is None


def test_a_won_deal_goes_on_after_the_sale(imports: Imports) -> None:
    text = (
        "1,Pumps,100,Offer,2025-02-03\n"
        "1,Pumps,100,Closed Won,2025-03-01\n"
        "1,Pumps,100,Delivery,2025-03-09\n"
    )
    imports.run(CHANGES, HEAD + text)
    stage, outcome, *_, closed = _deal(imports, "Pumps")
    assert (stage, outcome, from_day(closed)) == ("Delivery", "won", date(2025, 3, 1))


def test_a_bad_row_is_told_and_a_row_without_a_day_is_no_step(imports: Imports) -> None:
    text = "1,Pumps,100,Enquiry,2025-02-03\n1,Pumps,many,Offer,2025-02-09\n2,Silo,5,Offer,\n"
    report = imports.run(CHANGES, HEAD + text)
    assert not report.is_written
    assert [(p.line, p.column) for p in report.files[0].problems] == [(3, "Amount")]
    report = imports.run(CHANGES, HEAD + text, is_partial=True)
    assert counts(report) == (2, 0, 0, 1)
    assert _history(imports, "Silo") == [("Offer", "open", None)]


OBJECT = """\
Id,OpportunityId,CreatedById,CreatedDate,StageName,Amount,CloseDate,Probability
a1,0061,u1,2025-02-03T09:10:00Z,Prospecting,100,2025-05-01,10
a2,0061,u1,2025-02-20T09:10:00Z,Proposal,100,2025-05-01,50
a3,0062,u1,2025-02-21T09:10:00Z,Prospecting,70,2025-05-01,10
a4,0061,u1,2025-04-01T09:10:00Z,Closed Won,90,2025-05-01,100
"""


def _draft(imports: Imports, text: str) -> str:
    return suggest_map(imports.file("history.csv", text)).replace(
        '# currency = "EUR"', 'currency = "EUR"'
    )


def test_the_draft_knows_such_a_file_by_ids_that_come_again(imports: Imports) -> None:
    draft = _draft(imports, OBJECT)
    assert 'external_id = ["OpportunityId"]  # each row is a change of a deal' in draft
    assert 'CreatedDate = "entered_on"' in draft
    assert "# Needed" not in draft
    assert counts(imports.run(draft, OBJECT)) == (2, 0, 0, 0)
    assert [stage for stage, _, _ in _history(imports, "0061")] == [
        "Prospecting", "Proposal", "Proposal",
    ]  # fmt: skip


def test_the_file_of_the_deals_tells_the_rest_of_them(imports: Imports) -> None:
    imports.run(_draft(imports, OBJECT), OBJECT)
    deals = (
        "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Close Date,Created Date\n"
        "0061,Pumps,Acme,Closed Won,95,2025-04-01,2025-02-03\n"
        "0062,Silo,Acme,Prospecting,70,2025-05-01,2025-02-21\n"
    )
    mapping = _draft(imports, deals)
    assert 'external_id = ["Opportunity ID"]  # its values are all different' in mapping
    assert counts(imports.run(mapping, deals)) == (0, 2, 0, 0)
    assert _history(imports, "Pumps")[:3] == [
        ("Prospecting", "open", date(2025, 2, 3)),
        ("Proposal", "open", date(2025, 2, 20)),
        ("Proposal", "won", date(2025, 4, 1)),
    ]
    assert _deal(imports, "Pumps")[:3] == ("Proposal", "won", 9_500)
    assert _deal(imports, "Silo")[:2] == ("Prospecting", "open")


def test_a_deal_that_stands_twice_in_a_list_is_no_history(imports: Imports) -> None:
    text = (
        "Deal ID,Deal Name,Stage,Created Date\n"
        "1,Pumps,Offer,2025-02-03\n1,Pumps,Talks,2025-02-03\n2,Silo,Offer,2025-02-04\n"
    )
    draft = _draft(imports, text)
    assert "entered_on" not in draft
    assert "looks like external_id, but a value is there more than once" in draft


_CHANGE = st.tuples(
    st.sampled_from(["1", "2"]),
    st.sampled_from(["Enquiry", "Offer", "Talks", "won", "lost"]),
    st.dates(date(2025, 1, 1), date(2025, 1, 9)),
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_CHANGE, max_size=12))
def test_no_change_of_stage_is_lost_or_made_up(changes: list[tuple[str, str, date]]) -> None:
    records = [
        Record(
            line,
            key,
            f"{line}",
            {"entered_on": [day]} | ({"outcome": to} if to in ("won", "lost") else {"stage": to}),
        )
        for line, (key, to, day) in enumerate(changes, 2)
    ]
    made = folded(records, ())
    assert sorted(record.key for record in made) == sorted({key for key, _, _ in changes})
    for record in made:
        steps = record.values.get("entered_on", [])
        days = [day for _, day in steps]
        assert days == sorted(days)
        assert all(before[0] != after[0] for before, after in zip(steps, steps[1:], strict=False))
        said = {(to, day) for key, to, day in changes if key == record.key}
        assert set(steps) <= said
        stages = {to for key, to, _ in changes if key == record.key and to not in ("won", "lost")}
        assert {stage for stage, _ in steps} == stages
