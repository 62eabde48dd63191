"""How forms read what is typed and word what can be typed over."""

from __future__ import annotations

from datetime import date

import pytest

from salestui.errors import Refused
from salestui.queries.choices import Choice
from salestui.queries.deal_card import Line
from salestui.screens import typed
from salestui.screens.activity_forms import papers
from salestui.screens.day_dialogs import day_and_reason
from salestui.screens.wording import labelled
from salestui.text import wrapped

TODAY = date(2026, 3, 18)
PRODUCTS = (Choice("a", "Pump"), Choice("b", "Pump station"), Choice("c", "Ventil Ä"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pump", [("a", 1000, None, 0)]),
        ("2 pump", [("a", 2000, None, 0)]),
        ("2.5 x Pump @ 1200", [("a", 2500, 120_000, 0)]),
        ("3 Pump @ 99.50 -10%", [("a", 3000, 9_950, 1_000)]),
        ("pump st -2,5%\n\n1 ventil a", [("b", 1000, None, 250), ("c", 1000, None, 0)]),
        ("", []),
    ],
)
def test_product_lines_are_read(text: str, expected: list[tuple[object, ...]]) -> None:
    assert typed.product_lines(text, PRODUCTS, "EUR") == expected


@pytest.mark.parametrize("text", ["2 Tank", "Pump @ much", "p", "Pump @ 10 -200%%"])
def test_what_is_no_product_line_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        typed.product_lines(text, PRODUCTS, "EUR")


def test_shown_lines_can_be_typed_over() -> None:
    lines = [
        Line("a", "Pump", 2500, 9_950, 1_000, None, "EUR"),
        Line("c", "Ventil Ä", 1000, None, 0, None, "EUR"),
    ]
    text = typed.shown_lines(lines)
    assert text == "2.5 Pump @ 99.50 -10%\n1 Ventil Ä"
    assert typed.product_lines(text, PRODUCTS, "EUR") == [
        ("a", 2500, 9_950, 1_000), ("c", 1000, None, 0),
    ]  # fmt: skip


def test_a_day_may_be_followed_by_a_reason() -> None:
    assert day_and_reason("fri waits for the budget", TODAY) == (
        date(2026, 3, 20),
        "waits for the budget",
    )
    assert day_and_reason("+2w", TODAY) == (date(2026, 4, 1), "")
    assert day_and_reason("1. 4. 2026", TODAY) == (date(2026, 4, 1), "")
    with pytest.raises(Refused):
        day_and_reason("someday", TODAY)


def test_documents_are_read_with_their_direction() -> None:
    assert papers("offer.pdf, < plan.dwg, >,  ") == [("offer.pdf", "out"), ("plan.dwg", "in")]


@pytest.mark.parametrize("text", ["many", "1.5", "-3", "١٢", "9" * 12])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        typed.number(text)


def test_numbers_currencies_and_nothing() -> None:
    assert (typed.number(" 1 200 "), typed.number("")) == (1200, None)
    assert typed.currency(" eur ") == "EUR"
    assert typed.money(lambda: "EUR")("12k") == 1_200_000
    assert typed.money(lambda: "EUR")("") is None
    for wrong in ("-5", "x"):
        with pytest.raises(Refused):
            typed.money(lambda: "EUR")(wrong)


@pytest.mark.parametrize("text", ["a b c", "word " * 30, "x" * 100, "漢字" * 40, "", "a\n\nb"])
@pytest.mark.parametrize("width", [10, 33])
def test_wrapped_text_fits_and_loses_nothing(text: str, width: int) -> None:
    from rich.cells import cell_len

    rows = wrapped(text, width)
    assert all(cell_len(row) <= width for row in rows)
    assert "".join("".join(rows).split()) == "".join(text.split())


@pytest.mark.parametrize("width", [20, 79, 120])
def test_labelled_pairs_fit_and_all_stand_there(width: int) -> None:
    from rich.cells import cell_len

    pairs = [("One", "1"), ("Two", "long " * 12), ("Three", ""), ("Four", "4"), ("Five", "5")]
    lines = ["".join(piece.text for piece in line.pieces) for line in labelled(pairs, width)]
    assert all(cell_len(line) <= width for line in lines)
    shown = " ".join(lines)
    assert all(label in shown for label, text in pairs if text)
    assert "Three" not in shown
