"""Text that crosses the border: cleaned, folded for search, read as money and days, worded."""

from salestui.text.clean import MAX_TEXT, cell, clean, csv_cell, csv_uncell, inert, wrapped
from salestui.text.counts import listed, of_so_many, so_many
from salestui.text.days import (
    Period,
    day_words,
    from_day,
    from_micros,
    month_label,
    parse_day,
    parse_duration,
    parse_period,
    to_day,
    to_micros,
)
from salestui.text.fold import fold, phone_words, query_words, search_words
from salestui.text.initials import initials
from salestui.text.money import (
    MAX_MINOR,
    about_money,
    decimal_text,
    format_money,
    is_currency,
    line_minor,
    minor_digits,
    parse_money,
    parse_number,
)

__all__ = [
    "MAX_MINOR",
    "MAX_TEXT",
    "Period",
    "about_money",
    "cell",
    "clean",
    "csv_cell",
    "csv_uncell",
    "day_words",
    "decimal_text",
    "fold",
    "format_money",
    "from_day",
    "from_micros",
    "inert",
    "initials",
    "is_currency",
    "line_minor",
    "listed",
    "minor_digits",
    "month_label",
    "of_so_many",
    "parse_day",
    "parse_duration",
    "parse_money",
    "parse_number",
    "parse_period",
    "phone_words",
    "query_words",
    "search_words",
    "so_many",
    "to_day",
    "to_micros",
    "wrapped",
]
