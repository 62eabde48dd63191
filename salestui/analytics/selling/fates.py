"""What became of the deals created in the period, and at what age: counted for incidence and velocity."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from salestui.analytics.facts import Value
from salestui.analytics.passages import tracked_from
from salestui.analytics.scope import Scope, conditions
from salestui.analytics.selling.incidence import Incidence, incidence
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader
from salestui.text import to_day

WIN, LOSS = 0, 1
"""The causes of `Fates.incidence`."""

_SQL = """
SELECT {group}, outcome, currency, created_on, closed_on, count(*),
       CAST(coalesce(sum(amount_minor), 0) AS BIGINT), count(amount_minor)
FROM deal WHERE deleted_at IS NULL AND created_on IS NOT NULL {conditions}
GROUP BY {by} outcome, currency, created_on, closed_on
"""


@dataclass(slots=True)
class Fates:
    """Deals of one group and currency, and by age in days: won, lost, open or postponed, and late.

    `won_amount` is in minor units, that of the `priced` ones among the won. `entering`: age at which those
    came under observation that were there before the records.
    """

    created: int = 0
    won: int = 0
    won_amount: int = 0
    priced: int = 0
    winning: Counter[int] = field(default_factory=Counter)
    losing: Counter[int] = field(default_factory=Counter)
    staying: Counter[int] = field(default_factory=Counter)
    entering: Counter[int] = field(default_factory=Counter)

    def incidence(self) -> Incidence:
        """The share won and lost by age; won deals of unknown day are left out."""
        return incidence([self.winning, self.losing], self.staying, self.entering)

    def add(self, other: Fates) -> None:
        """Count another group's deals too."""
        self.created += other.created
        self.won += other.won
        self.won_amount += other.won_amount
        self.priced += other.priced
        for name in ("winning", "losing", "staying", "entering"):
            getattr(self, name).update(getattr(other, name))


def fates(reader: Reader, scope: Scope, column: str | None = None) -> dict[Value, dict[str, Fates]]:
    """The fates by group and currency of the deals created in the scope; `reader` as known on its day."""
    narrowed, values = conditions(scope, "created_on")
    if scope.pipeline_id is not None:
        narrowed += " AND pipeline_id = :pipeline_id"
        values["pipeline_id"] = scope.pipeline_id
    group, by = (f"{column}", f"{column},") if column else ("NULL", "")
    sql = _SQL.replace("{group}", group).replace("{by}", by).replace("{conditions}", narrowed)
    begun, today = tracked_from(reader, scope), to_day(scope.as_of)
    found: dict[Value, dict[str, Fates]] = {}
    for value, outcome, currency, created, closed, count, amount, priced in reader.rows(
        sql, **values
    ):
        own = found.setdefault(value, {}).setdefault(currency, Fates())
        own.created += count
        if outcome == Outcome.WON:
            own.won += count
            own.won_amount += amount
            own.priced += priced
        is_ended = outcome in (Outcome.WON, Outcome.LOST)
        if is_ended and closed is None:
            continue
        age = max((closed if is_ended else today) - created, 0)
        ages = own.winning if outcome == Outcome.WON else own.losing if is_ended else own.staying
        ages[age] += count
        if begun is not None and created < begun:
            own.entering[begun - created] += count
    return found
