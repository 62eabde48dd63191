"""One report on every surface: table, chart, JSON and CSV say the same, and nothing runs in any."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from salestui.analytics.rendering.charts import ColumnChart, FunnelChart, bar, without_gaps
from salestui.analytics.rendering.tables import printed
from salestui.analytics.rendering.wording import heading, percent, words
from salestui.analytics.report import Beyond, Column, Interval, Money, Report
from salestui.text import Period

HOSTILE = ("=1+1|'cmd'", "Acme [/x]", "\x1b]0;t\x07Evil", "[@click=app.quit]Pay[/]", "漢字 한국")


def report(**changes: Any) -> Report:
    fields: dict[str, Any] = {
        "name": "win-rate",
        "title": "Win rate",
        "as_of": date(2026, 3, 18),
        "period": Period(date(2026, 1, 1), None, "2026-01-01.."),
        "filters": {"owner": "Ona [/x]"},
        "columns": (
            Column("rep", "Rep", "text"),
            Column("closed", "Closed", "count"),
            Column("win_rate", "Win rate", "ratio"),
            Column("interval", "95 %", "interval"),
            Column("won_sum", "Won", "money"),
            Column("median", "Median d", "days", is_extra=True),
            Column("on", "On", "day", is_extra=True),
        ),
        "rows": (
            (HOSTILE[0], 1234, 0.6315, Interval(0.619, 0.643), Money(1_000_553_400, "USD"), 57,
             date(2026, 3, 1)),
            (HOSTILE[1], 0, None, None, Money(0, "USD"), Beyond(138), None),
        ),
        "totals": {"closed": 1234, "win_rate": 0.6315, "won_sum": Money(1_000_553_400, "USD")},
        "n": 1234,
        "method": "Counted.",
        "warnings": ("Beware [red]",),
    }  # fmt: skip
    return Report(**(fields | changes))


def text(renderable: Any, width: int = 120) -> str:
    file = io.StringIO()
    Console(file=file, width=width, highlight=False, emoji=False).print(renderable)
    return file.getvalue()


def test_json_has_exactly_the_documented_shape() -> None:
    made = json.loads(json.dumps(report().to_json()))
    assert list(made) == [
        "report", "as_of", "period", "filters", "rows", "totals", "n", "method", "warnings",
    ]  # fmt: skip
    assert made["period"] == {"label": "2026-01-01..", "from": "2026-01-01", "to": None}
    assert made["rows"][0] == {
        "rep": HOSTILE[0], "closed": 1234, "win_rate": 0.6315, "interval": [0.619, 0.643],
        "won_sum": {"amount": "10005534.00", "currency": "USD"}, "median": 57, "on": "2026-03-01",
    }  # fmt: skip
    assert made["rows"][1]["win_rate"] is None
    assert made["rows"][1]["median"] is None
    assert made["totals"]["won_sum"] == {"amount": "10005534.00", "currency": "USD"}


def test_csv_gives_amount_and_currency_cells_and_guards_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(report().to_csv())))
    assert rows[0] == {
        "rep": "'" + HOSTILE[0], "closed": "1234", "win_rate": "0.6315",
        "interval_low": "0.619000", "interval_high": "0.643000", "won_sum": "10005534.00",
        "won_sum_currency": "USD", "median": "57", "on": "2026-03-01",
    }  # fmt: skip
    assert rows[1]["win_rate"] == rows[1]["interval_low"] == ""
    assert rows[1]["median"] == ">138"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_shown_as_it_is_and_drives_nothing(name: str) -> None:
    rows = ((name, 1, 0.5, None, Money(5, "EUR"), None, None),)
    shown = text(printed(report(rows=rows, filters={"owner": name}), 120))
    assert "\x1b" not in shown and "\x07" not in shown
    visible = name.replace("\x1b", "\ufffd").replace("\x07", "\ufffd")
    assert shown.count(visible) == 2


def test_the_table_says_what_it_is_and_how_it_was_made() -> None:
    shown = text(printed(report(), 120))
    assert "Win rate · owner Ona [/x] · period 2026-01-01.. · as of 2026-03-18" in shown
    assert "Won USD" in shown and "10,005,534.00" in shown
    assert "n = 1,234. Counted." in shown
    assert "! Beware [red]" in shown
    assert "–" in shown and "> 138" in shown
    assert text(printed(report(rows=(), totals={}), 80)).count("Nothing to count.") == 1


@pytest.mark.parametrize("width", [40, 60, 72, 80, 100, 200])
def test_a_table_never_breaks_a_line_nor_cuts_a_number(width: int) -> None:
    shown = text(printed(report(), width), width)
    table = shown[: shown.index("n = ")].splitlines()
    assert all(cell_len(line) <= width for line in table)
    row = next(line for line in table if line.startswith("=1"))
    for part in row.split()[1:]:
        assert "…" not in part, row
    if width < 70:
        assert "more on a wider terminal" in shown
        assert "57" not in row


def test_words_of_cells() -> None:
    ratio, days = Column("r", "R", "ratio"), Column("d", "D", "days")
    assert words(0.63151, ratio) == "63.2 %"
    assert words(0.63151, ratio, "short") == "63 %"
    assert words(None, ratio) == "–"
    assert words(47.99, days) == "48"
    assert words(57.5, days) == "57.5"
    assert words(1234567, Column("n", "N", "count")) == "1,234,567"
    assert words(Money(1_000_553_455, "USD"), Column("m", "M", "money"), "whole") == "10,005,535"
    assert words(Money(5, "JPY"), Column("m", "M", "money"), "whole") == "5"
    assert heading(Column("m", "Sum", "money"), [Money(1, "EUR"), None]) == "Sum EUR"
    assert heading(Column("m", "Sum EUR", "money"), [Money(1, "EUR")]) == "Sum EUR"


@pytest.mark.parametrize(
    ("share", "short", "full"),
    [
        (0, "0 %", "0.0 %"),
        (0.0001, "<1 %", "<0.1 %"),
        (0.9999, ">99 %", ">99.9 %"),
        (1, "100 %", "100.0 %"),
    ],
)
def test_a_percentage_never_claims_none_or_all_falsely(share: float, short: str, full: str) -> None:
    assert percent(share, short=True) == short
    assert percent(share) == full


def funnel(*counts: int) -> Report:
    columns = [Column("stage", "Stage", "text"), Column("count", "Deals", "count")]
    columns += [Column("of_previous", "", "ratio"), Column("of_first", "", "ratio")]
    columns += [Column("sum", "Sum", "money")]
    columns += [Column("sum_of_previous", "", "ratio"), Column("sum_of_first", "", "ratio")]
    rows = []
    for place, count in enumerate(counts):
        before = counts[place - 1] if place else None
        step = count / before if before else None
        rows.append(
            (f"Stage {place}", count, step, count / counts[0] if counts[0] else None,
             Money(count * 100, "EUR"), step, count / counts[0] if counts[0] else None)
        )  # fmt: skip
    return report(name="funnel", columns=tuple(columns), rows=tuple(rows), totals={}, n=1)


def test_funnel_bars_are_centred_and_exact_to_an_eighth_of_a_cell() -> None:
    lines = text(FunnelChart(funnel(800, 400, 50, 1, 0), 60), 60).splitlines()
    assert lines[0].split() == ["deals", "of", "prev.", "of", "first"]
    room = len("Stage 0 ")
    bars = [line[room:].split("  ")[0] for line in lines[1:2]]
    full = bars[0].count("█")
    assert lines[1].count("█") == full > 20
    assert lines[2].count("█") == full // 2
    left = len(lines[2]) - len(lines[2][room:].lstrip()) - room
    assert abs(left - (full - full // 2) // 2) <= 1
    eighths = round(full * 8 / 16)
    assert bar(eighths) in lines[3]
    assert "▏" in lines[4] and lines[4].split()[-3:] == ["1", "2", "%"] or "<1 %" in lines[4]
    assert not set("▏▎▍▌▋▊▉█") & set(lines[5])
    assert "100 %" in lines[1] and "50 %" in lines[2]


@given(st.integers(0, 4000))
def test_a_bar_is_as_long_as_it_says(eighths: int) -> None:
    drawn = bar(eighths)
    partial = " ▏▎▍▌▋▊▉".index(drawn[-1]) if drawn and drawn[-1] != "█" else 0
    assert drawn.count("█") * 8 + partial == eighths


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_charts_keep_to_their_width(width: int) -> None:
    for line in text(FunnelChart(funnel(88_000, 40_000, 3), width), width + 50).splitlines():
        assert cell_len(line.rstrip()) <= width
    assert text(FunnelChart(funnel(), 80)) == ""


def test_the_funnel_by_sum_says_its_currency() -> None:
    shown = text(FunnelChart(funnel(800, 400), 70, measure="sum"), 70).splitlines()
    assert shown[0].split()[0] == "EUR"
    assert "400" in shown[2] and "50 %" in shown[2]


def test_months_without_anything_are_drawn_empty() -> None:
    assert without_gaps(["2017-11", "2018-02", "no date"]) == [
        "2017-11", "2017-12", "2018-01", "2018-02", "no date",
    ]  # fmt: skip
    assert without_gaps(["2020-W52", "2021-W01"]) == ["2020-W52", "2020-W53", "2021-W01"]
    assert without_gaps(["2017-Q4", "2018-Q1"]) == ["2017-Q4", "2018-Q1"]
    assert without_gaps(["2017", "2019"]) == ["2017", "2018", "2019"]


def test_columns_rise_by_eighths_and_say_their_values() -> None:
    columns = (Column("month", "Month", "text"), Column("won", "Won", "count"))
    rows = (("2017-03", 80), ("2017-04", 40), ("2017-06", 1))
    chart = ColumnChart(report(columns=columns, rows=rows, totals={}), 60, 8, measure="won")
    lines = ["".join(span.text for span in line) for line in chart.lines()]
    assert lines[0].split() == ["80", "40", "1"]
    assert lines[-2].split() == ["Mar", "Apr", "May", "Jun"]
    assert lines[-1].split() == ["2017"]
    drawn = lines[1:-2]
    assert len(drawn) == 5
    assert sum("█" in line[1:4] for line in drawn) == 5
    # Half of five rows is two and a half: two whole rows and four eighths.
    assert "▄▄▄" in drawn[2] and drawn[3].count("█") == 6
    assert "▁" in drawn[4]
