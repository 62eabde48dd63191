"""Text from people and files: what is stored, what reaches the terminal, what goes to CSV."""

import re
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from salestui.errors import Refused
from salestui.text import MAX_TEXT, cell, clean, csv_cell, csv_uncell, inert

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "\x00\x1b\x07\x9b\x9d\x9c[]m;\t\r\n \u202e\u200b\u200d\ud800\u0301\u0e31\U000e0041"
        ),
    ),
    max_size=60,
)
FORBIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff"
    r"\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]"
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Acme", "Acme"),
        ("", ""),
        ("  Acme \t Ltd\u00a0 ", "Acme Ltd"),
        ("Ac\x1b[31mme\x1b[0m", "Acme"),
        ("Ac\x1b]0;owned\x07me", "Acme"),
        ("Ac\x1b]52;c;aGk=\x1b\\me", "Acme"),
        ("Ac\x9d8;;http://x\x9cme\x9b1m", "Acme"),
        ("Ac\x1bP1$q\x1b\\me\x1b(B\x1bc", "Acme"),
        ("Ac\x1b]0;never ended", "Ac]0;never ended"),
        ("Acme\x00\x07\x7f\x85 Ltd", "Acme Ltd"),
        ("\u202eemcA\u2066", "emcA"),
        ("A\u200bc\u2060m\ufeffe\U000e0041", "Acme"),
        ("A\ud800cme\ufffe", "Acme"),
        ("e\u0301", "é"),
        ("[/x] [@click=app.quit]x[/]", "[/x] [@click=app.quit]x[/]"),
        ("one\r\ntwo", "one two"),
        ("می\u200cخواهم 👨\u200d👩\u200d👧", "می\u200cخواهم 👨\u200d👩\u200d👧"),
        ("Łódź Коваленко 東京電力", "Łódź Коваленко 東京電力"),
    ],
)
def test_clean_keeps_the_words_and_nothing_that_acts(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_notes_keep_their_lines() -> None:
    assert clean(" a  b \r\n\n\tc\u2028d\n", lines=True) == "a b\n\nc\nd"


def test_a_pile_of_marks_is_cut_to_four_even_through_joiners() -> None:
    assert (
        clean("z" + "\u0301" * 30 + "o") == unicodedata.normalize("NFC", "z" + "\u0301" * 4) + "o"
    )
    cleaned = clean("x" + "\u0323\u200d" * 30)
    assert sum(unicodedata.category(char) == "Mn" for char in cleaned) == 4


def test_ten_thousand_marks_take_no_time() -> None:
    # Normalising them as they are is quadratic: half a minute.
    assert len(clean("a" + "\u0301\u0323" * 100_000)) <= 5


def test_a_hundred_thousand_sequence_starts_take_no_time() -> None:
    assert clean("\x9d" * 100_000) == ""
    assert len(clean("\x1b]" * 15_000 + "x")) <= MAX_TEXT


def test_too_long_a_text_is_refused() -> None:
    assert clean("x" * MAX_TEXT) == "x" * MAX_TEXT
    with pytest.raises(Refused, match="32,001 characters"):
        clean("x" * (MAX_TEXT + 1))


@given(HOSTILE, st.booleans())
def test_cleaning_leaves_nothing_forbidden_and_is_done_once(text: str, lines: bool) -> None:
    cleaned = clean(text, lines=lines)
    assert not FORBIDDEN.search(cleaned.replace("\n", "") if lines else cleaned)
    assert clean(cleaned, lines=lines) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert "  " not in cleaned and cleaned == cleaned.strip()
    cleaned.encode()


@given(HOSTILE)
def test_clean_text_is_shown_as_it_is(text: str) -> None:
    assert inert(clean(text)) == clean(text)
    assert not FORBIDDEN.search(
        re.sub("[\n\t\u200b\u2060\ufeff\U000e0000-\U000e007f]", "", inert(text))
    )


def test_inert_shows_that_something_was_there() -> None:
    assert inert("a\x1b[31m\u202e\ud800b\n\tc") == "a\ufffd[31m\ufffd\ufffdb\n\tc"


@given(HOSTILE, st.integers(0, 30))
def test_a_cell_is_exactly_as_wide_as_asked(text: str, width: int) -> None:
    shown = cell(text, width)
    assert cell_len(shown) == width
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200d\ufe0f\u202e]", shown)


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("Acme", 6, "Acme  "),
        ("Acme Ltd", 5, "Acme…"),
        ("中文字", 4, "中… "),
        ("中文字", 5, "中文…"),
        ("a\nb\tc", 6, "a b c "),
        ("👨\u200d👩", 4, "👨👩"),
        ("👍\U0001f3fd🇱🇹", 5, "👍LT "),
        ("Acme", 1, "…"),
        ("Acme", 0, ""),
    ],
)
def test_a_cell_is_cut_or_padded(text: str, width: int, shown: str) -> None:
    assert cell(text, width) == shown


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        (" @sum(A1)", "' @sum(A1)"),
        ("-2+cmd|' /C calc'!A0", "'-2+cmd|' /C calc'!A0"),
        ("\tx", "'\tx"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("-", "'-"),
        ("+370-600-00000", "'+370-600-00000"),
        ("-5.00", "-5.00"),
        ("-5,00", "-5,00"),
        ("+370 600 00000", "+370 600 00000"),
        ("'t Hooft", "'t Hooft"),
        ("O'Neil", "O'Neil"),
        ("12 %", "12 %"),
    ],
)
def test_a_csv_cell_runs_in_no_spreadsheet(text: str, written: str) -> None:
    assert csv_cell(text) == written
    assert csv_uncell(written) == text


@given(st.one_of(HOSTILE, st.text("'=+-@\t 1.a", max_size=8)))
def test_guarding_a_csv_cell_is_undone_exactly(text: str) -> None:
    assert csv_uncell(csv_cell(text)) == text
    if csv_cell(text) == text and text.lstrip()[:1] in tuple("=+-@"):
        assert re.fullmatch(r"\s*[+-] ?[0-9][0-9 .,]*%?", text)


def test_the_package_loads_no_renderer() -> None:
    check = "import sys, salestui.text; sys.exit('rich' in sys.modules or 'textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
