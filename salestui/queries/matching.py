"""What a person typed, as conditions on the folded words that clients, contacts and deals are found by.

A word typed means the beginning of a word stored. All words must be met, in any order.
"""

from __future__ import annotations

from salestui.store.reader import Reader
from salestui.text.clean import clean
from salestui.text.fold import query_words

_LAST = "\U0010ffff"
_MOST_WORDS = 6
"""Words of a query that count; more would narrow nothing a person can still see."""

_MOST_TYPED = 2000
"""Characters that are looked at: a text that is pasted by mistake must not take seconds to fold."""

_COUNTED = 8000
"""Words counted to tell which of several typed is the rarest."""


def word_ranges(typed: str) -> list[tuple[str, str]]:
    """(first, end) of the stretch of the word index that each word typed stands for."""
    words = query_words(clean(typed[:_MOST_TYPED]))  # cleaned as what is stored was
    return [(word, word + _LAST) for word in words[:_MOST_WORDS]]


def rarest_first(reader: Reader, ranges: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The ranges with the one that matches the fewest words first: it leads the search."""
    if len(ranges) < 2:
        return ranges
    counts = reader.row(
        "SELECT " + ", ".join(_COUNT.replace("{n}", str(n)) for n in range(len(ranges))),
        most=_COUNTED,
        **parameters(ranges),
    )
    order = sorted(range(len(ranges)), key=lambda n: (counts or ())[n])
    return [ranges[n] for n in order]


_COUNT = """(SELECT count(*) FROM (SELECT 1 FROM search_word w
    WHERE w.word >= :word{n} AND w.word < :last{n} LIMIT :most) AS first_ones)"""


def parameters(ranges: list[tuple[str, str]]) -> dict[str, str]:
    """`:word0`, `:last0`, `:word1` … for the ranges."""
    found: dict[str, str] = {}
    for place, (first, last) in enumerate(ranges):
        found |= {f"word{place}": first, f"last{place}": last}
    return found


def deals_matching(typed: str) -> tuple[str, dict[str, str]]:
    """A condition on `deal d` and its parameters: every word begins one of the deal or its client."""
    ranges = word_ranges(typed)
    conditions = [_DEAL.replace("{n}", str(place)) for place in range(len(ranges))]
    # Punctuation alone names nothing: then nothing is found.
    return " AND ".join(conditions) or "1 = 0", parameters(ranges)


_DEAL = """(d.id IN (SELECT w.subject_id FROM search_word w
    WHERE w.word >= :word{n} AND w.word < :last{n} AND w.subject = 'deal')
  OR d.client_id IN (SELECT w.subject_id FROM search_word w
    WHERE w.word >= :word{n} AND w.word < :last{n} AND w.subject = 'client'))"""
