"""What is found by which typing: any script, any accents, Cyrillic and Greek by Latin letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.text import fold, phone_words, query_words, search_words
from salestui.text.fold import LONGEST_KEY, sort_key


@pytest.mark.parametrize(
    ("value", "folded"),
    [
        ("Łódź  ŻÓŁĆ", "lodz zolc"),
        ("Strasse Straße", "strasse strasse"),
        ("Ærø þing Đuro ıstanbul İzmir", "aero thing duro istanbul izmir"),
        ("В’ячеслав", "вячеслав"),
        ("O'Neil & Sons (LT)", "oneil sons lt"),
        ("a_b-c.d", "a b c d"),
        ("Ǿre", "ore"),
        ("ﬁne ① ㎒", "fine 1 mhz"),
        ("'quoted'", "quoted"),
        ("", ""),
    ],
)
def test_fold(value: str, folded: str) -> None:
    assert fold(value) == folded


@given(st.text())
def test_folding_twice_changes_nothing(value: str) -> None:
    assert fold(fold(value)) == fold(value)
    assert fold(value) == " ".join(fold(value).split())


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Łódź", "lodz"),
        ("Żółć", "zolc"),
        ("Łukasz Wójcik", "lukasz"),
        ("Коваленко", "kovalenko"),
        ("Коваленко", "кОВ"),
        ("В’ячеслав", "вячеслав"),
        ("В'ячеслав", "в’яч"),
        ("В’ячеслав", "viacheslav"),
        ("Згурський", "zghurskyi"),
        ("Сергій", "serhii"),
        ("Сергей", "sergey"),
        ("Юрій Їжак", "yurii yizhak"),
        ("Щербаков", "shcherbakov"),
        ("Търговище", "targovishte"),
        ("Παπαδόπουλος", "papadopoulos"),
        ("Jürgen Müller", "mueller"),
        ("Jürgen Müller", "muller"),
        ("L'Oréal", "oreal"),
        ("L'Oréal", "loreal"),
        ("O'Neil", "o neil"),
        ("Ąžuolas", "AZUOLAS"),
        ("東京電力", "東京"),
        ("e\u0301cole", "École"),
    ],
)
def test_a_name_is_found_by(name: str, typed: str) -> None:
    words = search_words(name)
    assert all(any(word.startswith(part) for word in words) for part in query_words(typed))


@given(st.text())
def test_every_name_is_found_by_itself_and_its_words_are_folded(name: str) -> None:
    words = search_words(name)
    assert {word[:LONGEST_KEY] for word in fold(name).split()} <= words
    assert all(fold(word) == word and " " not in word for word in words)


@pytest.mark.parametrize("letter", ["x", "ж", "字", "7", "é"])
def test_long_names_are_found_and_sorted_by_their_beginning(letter: str) -> None:
    long = letter * 10_000
    words = search_words(long) | phone_words(long)
    assert all(len(word) <= LONGEST_KEY for word in words)
    assert all(any(word.startswith(part) for word in words) for part in query_words(long))
    assert sort_key(long) == fold(letter) * LONGEST_KEY


@pytest.mark.parametrize(
    ("phone", "typed"),
    [
        ("+370 600 00000", "+370 600 00000"),
        ("+370 600 00000", "370600"),
        ("+370 600 00000", "600 00"),
        ("+370 600 00000", "(600) 00-000"),
        ("+370 600 00000", "00370600"),
        ("+49 151 2345678", "0151 2345"),
        ("0151 2345678", "0151 2345"),
        ("+1 (555) 010-0199", "555-010"),
    ],
)
def test_a_phone_is_found_by(phone: str, typed: str) -> None:
    words = phone_words(phone)
    assert all(any(word.startswith(part) for word in words) for part in query_words(typed))


def test_phone_words_are_digits_of_three_or_more() -> None:
    assert phone_words("+370-12") == {"37012", "7012", "012"}
    assert phone_words("12") == phone_words("n/a") == frozenset()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("+370 612", ("370612",)),
        ("Kov Наталія", ("наталія", "kov")),
        ("acme 12 34", ("acme", "12", "34")),
        ("007", ("007",)),
        ("kov +380 44", ("38044", "kov")),
        ("a a", ("a",)),
        ('"* OR col:x', ("col", "or", "x")),
        ("", ()),
        ("+", ()),
    ],
)
def test_query_words(typed: str, words: tuple[str, ...]) -> None:
    assert query_words(typed) == words


@given(st.text())
def test_what_was_typed_becomes_plain_words(typed: str) -> None:
    for word in query_words(typed):
        assert word.isalnum() and fold(word) == word
