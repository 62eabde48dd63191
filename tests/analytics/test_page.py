"""A page of reports: the same figures on the terminal, as Markdown and as HTML, whatever the names hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from rich.console import Console

from salestui.analytics.rendering.page import Page, Section
from salestui.analytics.report import Column, Money, Report
from salestui.text import Period
from tests.team import HOSTILE

ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "ul", "li", "pre",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def report(name: str) -> Report:
    return Report(
        name="funnel",
        title="Funnel",
        as_of=date(2026, 3, 18),
        period=Period(None, None, "all"),
        filters={"owner": name},
        columns=(
            Column("stage", "Stage", "text"),
            Column("count", "Deals", "count"),
            Column("of_previous", "Of previous", "ratio"),
            Column("of_first", "Of first", "ratio"),
            Column("sum", "Sum", "money"),
        ),
        rows=(
            (name, 4, None, 1.0, Money(1_000_00, "EUR")),
            ("Won", 1, 0.25, 0.25, Money(250_00, "EUR")),
        ),
        totals={"count": 4, "sum": Money(1_250_00, "EUR")},
        n=4,
        method="Counted.",
        warnings=(f"Beware of {name}.",),
    )


def page(name: str = "Ona") -> Page:
    section = Section(name, (f"{name} was told.",), (report(name),))
    return Page(f"Meeting of {name}", "as of 2026-03-18", (section, Section("Decisions")))


class Tags(HTMLParser):
    """Which tags and attributes a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def on_terminal(made: Page) -> str:
    console = Console(width=80, color_system=None)
    with console.capture() as drawn:
        console.print(made.printed(80))
    return drawn.get()


def test_the_same_figures_everywhere() -> None:
    made = page()
    texts = (on_terminal(made), made.to_markdown(), " ".join(Tags(made.to_html()).words))
    for text in texts:
        for figure in ("Meeting of Ona", "1,000", "1,250", "25.0", "Counted", "Beware of Ona"):
            assert figure in text.replace("\\", ""), figure


def test_markdown_is_a_table_that_programs_read() -> None:
    lines = page().to_markdown().splitlines()
    assert "# Meeting of Ona" in lines and "## 1. Ona" in lines and "## 2. Decisions" in lines
    assert "| Stage | Deals | Of previous | Of first | Sum EUR |" in lines
    assert "| --- | ---: | ---: | ---: | ---: |" in lines
    assert "| **All** | **4** |  |  | **1,250** |" in lines


def test_html_needs_nothing_from_elsewhere() -> None:
    text = page().to_html()
    seen = Tags(text)
    assert seen.tags <= ALLOWED
    assert "src" not in seen.attributes and "href" not in seen.attributes
    assert "http" not in text and "url(" not in text and "@import" not in text
    assert "█" in text


@pytest.mark.parametrize("name", [*HOSTILE, "<script>alert(1)</script>", "a|b", "# x", "</pre><b>"])
def test_hostile_names_are_text(name: str) -> None:
    made = page(name)
    seen = Tags(made.to_html())
    assert seen.tags <= ALLOWED
    plain = set(Tags(page().to_html()).attributes)
    assert seen.attributes <= plain
    for text in (on_terminal(made), made.to_markdown(), made.to_html()):
        assert not any(sign in text for sign in "\x1b\x00\u202e\x9b\x07")
    heads = [line for line in made.to_markdown().splitlines() if line.startswith("| Stage")]
    rows = made.to_markdown().splitlines()
    table = rows[rows.index(heads[0]) : rows.index(heads[0]) + 5]
    pipes = [line.replace("\\|", "").count("|") for line in table]
    assert pipes == [6] * 5


def test_a_text_file_has_what_a_narrow_terminal_leaves_out() -> None:
    """Nobody can make a file wider: all columns are there, and no word is cut."""
    note = "It will be signed as soon as the lawyers of both sides are back from their holiday"
    known, more = report("Ona"), [Column(f"more_{n}", f"Column {n}", "money") for n in range(9)]
    amounts = tuple(Money(n, "EUR") for n in range(9))
    wide = replace(
        known,
        columns=(*known.columns, *more, Column("note", "Note", "text")),
        rows=tuple((*row, *amounts, note) for row in known.rows),
    )
    told = Page("Meeting", "", (Section("All", (), (wide,)),)).to_text(60)
    assert told.count(note) == 2 and "…" not in told and "wider terminal" not in told
    assert all(f"Column {n} EUR" in told for n in range(9))
    lines = told.splitlines()
    assert [line for line in lines if len(line) > 60] == [
        line for line in lines if note in line or "─" * 61 in line
    ]


def test_every_table_of_a_text_file_says_when_and_of_whom_it_is() -> None:
    said = replace(
        report("Ona"),
        columns=(
            Column("day", "Day", "day"), Column("rep", "Rep", "text"),
            *(Column(f"more_{n}", f"Column {n}", "money") for n in range(9)),
        ),
        rows=tuple(
            (date(2026, 3, 18), name, *(Money(n, "EUR") for n in range(9))) for name in ("Ona", "Jonas")
        ),
        totals={},
    )  # fmt: skip
    told = Page("Meeting", "", (Section("Who said what", (), (said,)),)).to_text(60)
    lines = [line for line in told.splitlines() if line.startswith("2026-03-18")]
    assert len(lines) > 3
    assert all("Ona" in line or "Jonas" in line for line in lines)
