"""A guessed profile written as TOML: what was recognised as keys, everything else as comments."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from salestui.interchange.fields import ENTITIES
from salestui.interchange.problems import shown
from salestui.interchange.readers import Table
from salestui.interchange.values import DateOrder, DecimalSign
from salestui.text import clean, so_many

_BARE_KEY = re.compile("[A-Za-z0-9_-]+")
_EXAMPLES = 3
_CHANGED = "  # each row is a change: the day the deal came to the row's stage"
_HOPED = "  # of deals still open: expected_close_on"


@dataclass(slots=True)
class Guess:
    """What is thought of a file. Columns are named by their position."""

    table: Table
    entity: str
    rows: int
    external_id: str | None = None
    fields: dict[int, str] = field(default_factory=dict)
    doubts: dict[int, str] = field(default_factory=dict)
    """Why a column that is called like a field was not mapped to it."""
    outcomes: dict[int, dict[str, str]] = field(default_factory=dict)
    """Words (cleaned) of a stage or status column that say how a deal ended."""
    unknown: dict[int, list[str]] = field(default_factory=dict)
    """Words of such a column of outcomes that nobody can tell the meaning of."""
    stages: list[str] = field(default_factory=list)
    steps: dict[int, str] = field(default_factory=dict)
    """The stage that a column has the day of entering of."""
    has_changes: bool = False
    """Whether each row is a change of a deal's stage."""
    dates: DateOrder | None = None
    decimal: DecimalSign | None = None
    has_money: bool = False
    questions: list[str] = field(default_factory=list)
    """What the columns leave open, in sentences."""


def toml_of(guess: Guess, values: list[list[str]]) -> str:
    """Return the profile as text; `values` are some different values of each column."""
    lines = [*_head(guess), "", *_pipeline(guess, values), "[columns]"]
    tables: list[str] = []
    has_hope = "expected_close_on" in guess.fields.values()
    for position, header in enumerate(guess.table.headers):
        examples = _examples(values[position])
        if position in guess.outcomes:
            tables += _outcome_table(guess, position)
        elif position in guess.steps:
            stage = _text(guess.steps[position])
            filled = f'{{ field = "entered_on", stage = {stage} }}'
            lines.append(f"{_key(header)} = {filled}{examples}")
        elif position in guess.fields:
            path = guess.fields[position]
            note = _HOPED if path == "closed_on" and not has_hope else ""
            note = _CHANGED if path == "entered_on" else note
            lines.append(f"{_key(header)} = {_text(path)}{note or examples}")
        elif header != guess.external_id:
            doubt = guess.doubts.get(position, "not recognised")
            lines.append(f'# {_key(header)} = ""  # {doubt}{examples.replace("  #", ";")}')
    return "\n".join([*lines, *tables]) + "\n"


def _head(guess: Guess) -> list[str]:
    name = Path(guess.table.path).name
    lines = [
        f"# Draft of a profile for {shown(name)} ({so_many(guess.rows, 'row')}). Check every line;",
        "# a column that stays a comment is not taken over.",
    ]
    lines += [f"# Needed: {lack}" for lack in _lacking(guess)]
    lines += [f"# To decide: {question}" for question in guess.questions]
    lines += [
        "",
        f"entity = {_text(guess.entity)}  # or {', '.join(e for e in ENTITIES if e != guess.entity)}",
        f"source = {_text(clean(Path(name).stem) or 'file')}  # files of one system share it",
    ]
    if guess.external_id:
        why = (
            "each row is a change of a deal"
            if guess.has_changes
            else "its values are all different"
        )
        lines.append(f"external_id = [{_text(guess.external_id)}]  # {why}")
    else:
        lines.append('# external_id = ["…"]  # the column that tells the rows apart')
    lines.append(_line("dates", guess.dates, "iso, day-first or month-first"))
    decimal = {".": "point", ",": "comma", None: None}[guess.decimal]
    lines.append(_line("decimal", decimal, "point or comma"))
    if guess.has_money and not any(path.endswith("currency") for path in guess.fields.values()):
        lines.append('# currency = "EUR"  # what the amounts are in')
    return lines


def _lacking(guess: Guess) -> list[str]:
    own = set(guess.fields.values())
    if guess.has_changes:
        return []
    return [
        f"a column for {' or '.join(names)}"
        for names in ENTITIES[guess.entity].needed
        if own.isdisjoint(names)
    ]


def _pipeline(guess: Guess, values: list[list[str]]) -> list[str]:
    """The pipeline with its stages; it is called as the file calls it, if that is one word."""
    if not guess.stages:
        return []
    named = [values[place] for place, path in guess.fields.items() if path == "pipeline"]
    name = clean(named[0][0]) if named and len(named[0]) == 1 else "Sales"
    listed = ", ".join(_text(stage) for stage in guess.stages)
    return [
        "[pipeline]",
        f"name = {_text(name)}",
        f"stages = [{listed}]  # put them in order",
        f"# with percentages: stages = [{{ name = {_text(guess.stages[0])}, probability = 20 }}, …]",
        "",
    ]


def _outcome_table(guess: Guess, position: int) -> list[str]:
    """A stage or status column, with what its words mean."""
    header, path = guess.table.headers[position], guess.fields[position]
    lines = ["", f"[columns.{_key(header)}]", f"field = {_text(path)}"]
    for value, outcome in guess.outcomes[position].items():
        lines.append(f"values.{_key(value)} = {{ outcome = {_text(outcome)} }}")
    if path == "stage" and guess.stages:
        lines.append(f"# add stage = {_text(guess.stages[-1])} where they all ended in one stage")
    for value in guess.unknown.get(position, ()):
        lines.append(
            f'# values.{_key(value)} = {{ outcome = "…" }}  # open, won, lost or postponed'
        )
    return lines


def _line(key: str, value: str | None, choice: str) -> str:
    if value is None:
        return f'# {key} = "…"  # {choice}; found from the columns if left out'
    return f"{key} = {_text(value)}"


def _examples(values: list[str]) -> str:
    if not values:
        return "  # empty"
    return "  # " + ", ".join(shown(value) for value in values[:_EXAMPLES])


def _key(header: str) -> str:
    return header if _BARE_KEY.fullmatch(header) else _text(header)


def _text(value: str) -> str:
    """A TOML text: JSON's escapes are TOML's, but for DEL, which cleaned text has not."""
    return json.dumps(value, ensure_ascii=False)
