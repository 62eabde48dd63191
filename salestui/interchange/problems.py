"""What is wrong with a file's rows, said so that the person can find and mend it."""

from dataclasses import dataclass

from salestui.text import inert

_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in a file that cannot be taken over, or was (a repair): where, what and why.

    `line` is the physical line the record begins on, counted from 1; 0 is the file as a whole.
    """

    path: str
    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        place = f"{inert(self.path)}, line {self.line}" if self.line else inert(self.path)
        column = f", {inert(self.column)}" if self.column else ""
        value = f' "{shown(self.value)}"' if self.value else ""
        return f"{place}{column}{value}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Repair:
    """A mistake of the file that was mended on the way in: what, how, how often, first where."""

    column: str
    value: str
    what: str
    count: int
    line: int


def shown(value: str) -> str:
    """`value` on one line, without control characters, cut to fit a message."""
    line = inert(" ".join(value.split()))
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
