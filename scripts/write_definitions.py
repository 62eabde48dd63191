"""Writes docs/definitions.md: each number, how it is computed, and when to trust it.

How a report is computed is told by the report itself, run on the demo team; a test compares.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, date, datetime, time
from pathlib import Path

from salestui.analytics.report import Report
from salestui.analytics.reports import REPORTS, report_named
from salestui.analytics.scope import ask
from salestui.demo.opening import open_demo
from salestui.store.reader import Reader

TARGET = Path(__file__).parent.parent / "docs" / "definitions.md"
AS_OF = date(2026, 3, 18)

HEAD = """\
# What the numbers mean

Every report says below its table how many deals stand behind it (n), how it is computed, and what to
beware of. This page gathers that, and says when to trust what.

## When to trust what

| number | before that it says so, and you had better not |
|---|---|
| a share (conversion, win rate) | look at its range: with 20 deals it spans 40 points. Two ranges that overlap do not differ by more than chance may explain |
| "differs" from the reference | is only said with 20 deals, 5 points, a chance below 5 % and a false-discovery rate below 10 % over all stages. It never says why, and names nobody whose own test does not pass |
| a forecast at all | 5 wins, and 28 days from the first win on; until then what was won is shown alone |
| a forecast's single figure | 25 expected wins; below that the range says what can be said: of money it is that of so many amounts, none of which may come |
| a rep's strength or gap | 20 cases, 50 closed deals for the win rate, beside what others do with the same pipelines and products. Of 20 that are named one at most is chance; what explains it the figures do not know |
| a quota summed of some reps | it is held against the wins of those alone, and says of how many it is |
| an accuracy | 5 whole months from the first win on with 60 closed deals, of the very deals asked for. It is measured on your own past, from what was known then, never promised |
| the months of a quarter as a pattern | found by a test in at least 5 months with 60 wins; until then no month counts as stronger |
| what deals of an age bring | 60 closed deals |
| what deals in a stage bring | 30 exits from the stage, with the days of its moves recorded |
| a rep's own number per month | hardly ever: with ten wins a month even perfect knowledge is off by 30 %. Use quarters, or the team |
| a median time | the share that is still waiting is counted; "> 90" means that half had not left after 90 days |

**As of a day.** Any report can be shown as it was known at the end of an earlier day (`--as-of`, `A`):
what happened or was entered later does not count. Owner, stage, amount and expected close are those of
that day, and teams, quotas, bonuses and costs are those known then: of what was entered later only reps and
teams count and, where none at all was known, quotas, bonus plans or costs; the report then says how many.
Activities, and whom they met, are as they were written down by then; imported ones count from the day they
were done, as they were imported. A deal's client, product, kind and
source, and the territories of people and clients, are today's; so are the percentages and idle limits of stages,
and a report that goes by them says if they have changed since.

**Of what.** Any report can be given by, and narrowed to (`--only product=Pump`, `/` on the screens), what
is known of its deals. *Product* is that of a deal's largest line. *Territory* is the client's, else the home
of the deal's owner. *Sector* and *size* are the client's;
size goes by people employed: under 10, 10-49, 50-249 (as in the EU's recommendation 2003/361/EC),
250-999, 1000 and more. A deal is of an *existing* client if one was won with that client before the day
it was created, else of a *new* one; of a deal of which that day is not known, it is not known either.
*Kind* is what is written of the deal itself. Quotas, bonuses,
commits, costs, ramp and capacity are of all that is sold: they cannot be narrowed, and say so. A kept
reference is everybody's, also beside narrowed deals.

**The chance of a deal** (`report open --by deal`, and of a stage's deals on the forecast screen) is that of
being won in the end: what became of deals that had been as long in the same stage, or were as old, times
what its source, product, owner and kind make of the odds. Each of these four is a factor only if it would
have made the chances of past days better. All is learned from all deals, so that a deal has the same chance
in every list. Where a deal stands longer than any that moved on or ended, it has the usual rate of its stage,
or of all ages, as far as half a deal's worth of doubt leaves it: next to none where many stand so and none
ever moved, the usual one where nobody was watched for so long. How good chances were is measured as
of a day in every fortnight of the past year, by whether a deal was won within 60 days
(`report open --by chance`: said and came, tenth by tenth). The Brier score is the mean of
(chance - what came)², what came being 1 or 0; beside it stands that of saying the share that came of every
deal. Where the first is no lower, deals cannot be told apart, and the report says so.

**Slipped** in a period (`report slippage --by slipped`, and in the meeting) are open deals whose expected close
was moved to a later day in it, or taken away, and those past it. The **waterfall of what is due** in a period
(`report waterfall --due PERIOD`) counts open deals while they are expected to close in it: what slipped out
of it and what was pulled in are steps of their own, and it balances to the cent like the whole.

**What if** (`W` on the forecast, `report what-if`) puts another share that goes on from a stage, other amounts,
days or sellers into what open deals and those to come will bring, from the next day on. As many deals leave
a stage as before: those that do not go on are lost. A longer cycle stretches the days: each deal meets the same
fate, later. New sellers bring in what the ramp says, as measured or, where it
could not be, a quarter, a half and three quarters of the others in their first months. What is carried on from past
wins is scaled alike.

**Accuracy** of one forecast is 1 - |forecast - actual| / actual. *At best* beside it is the mean that
chance alone would allow for so many wins, however good the method. Beside a forecast (`had`) both stand
in percent, 93/96; in JSON the share had is `accuracy` and the best `ceiling`.

**Open and new** of a forecast add up to what is to come. `open` is the part of deals that are open now:
what the funnels' statistics say of them within the period, or less where the whole is less. `new` is all
that they do not explain.

**A client known too late.** A deal's client is today's. Where most closed deals name one and most open
ones do not, having a client tells whether a deal is decided. Reports and forecasts that go by the client,
its sector, size or territory, or by new and existing clients, then say so, and claim no accuracy.

**Amounts** of several currencies are never added up.

## Each report
"""  # noqa: E501

FOOT = "\n_Written by `scripts/write_definitions.py`._\n"


def document() -> str:
    """The page."""
    clock = datetime.combine(AS_OF, time(9), UTC)
    with tempfile.TemporaryDirectory() as folder:
        demo = open_demo(where=str(Path(folder) / "demo.db"), as_of=AS_OF, clock=lambda: clock)
        try:
            parts = [demo.store.read(_section, name) for name in REPORTS if name != "backtest"]
        finally:
            demo.store.close()
    return "\n".join([HEAD, *parts]) + FOOT


def _section(reader: Reader, name: str) -> str:
    owner = None
    if name == "coaching":
        owner = reader.value("SELECT name FROM rep WHERE role = 'rep' ORDER BY name LIMIT 1")
    report: Report = report_named(name)(reader, ask(reader, owner=owner), None)
    return (
        f"### {report.title} (`salestui report {name}`)\n\n{REPORTS[name][1]}\n\n{report.method}\n"
    )


def main() -> None:
    """Write it."""
    TARGET.write_text(document(), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{TARGET}\n")


if __name__ == "__main__":
    main()
