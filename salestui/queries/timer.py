"""The timer that runs for who works here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from salestui.models.timing import (
    LONGEST_MINUTES,
    minutes_between,
    since_setting,
    subject_setting,
)
from salestui.store.reader import Reader
from salestui.text.days import from_micros

# A deleted client or deal is still named: one would not know otherwise what the time was spent on.
_SQL = """
SELECT since.value, c.id, c.name, c.deleted_at, d.id, d.title, d.deleted_at
FROM setting since
LEFT JOIN setting subject ON subject.name = :subject
LEFT JOIN deal d ON d.id = subject.value
LEFT JOIN client c ON c.id = coalesce(d.client_id, subject.value)
WHERE since.name = :since
"""


@dataclass(frozen=True, slots=True)
class Timer:
    """Since when it runs, in the zone of who works here, and on what.

    A client or deal that was deleted meanwhile has a name but no key.
    """

    since: datetime
    client_id: str | None
    client: str | None
    deal_id: str | None
    deal: str | None

    @property
    def about(self) -> str:
        """On what it runs: "Acme · Pumps"."""
        return " · ".join(name for name in (self.client, self.deal) if name) or "nothing known"

    def minutes(self, now: datetime) -> int | None:
        """What is to be logged; `None` where it ran so long that it was forgotten."""
        minutes = minutes_between(self.since, now)
        return None if minutes > LONGEST_MINUTES else minutes

    def words(self, now: datetime) -> str:
        """How long it runs, and on what: "12 min · Acme · Pumps"."""
        minutes = self.minutes(now)
        lasted = f"over {LONGEST_MINUTES // 60} h" if minutes is None else f"{minutes} min"
        return f"{lasted} · {self.about}"

    def seconds_left(self, now: datetime) -> float:
        """Until it tells a minute more."""
        return 60.1 - (now - self.since).total_seconds() % 60

    def lasted(self, now: datetime) -> str:
        """How long it runs, to the minute, however long: "14 h 20 min"."""
        hours, minutes = divmod(minutes_between(self.since, now), 60)
        return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def load_timer(reader: Reader) -> Timer | None:
    """The timer of who works here, in one statement; `None` where none runs."""
    if reader.actor_id is None:
        return None
    row = reader.row(
        _SQL, since=since_setting(reader.actor_id), subject=subject_setting(reader.actor_id)
    )
    if row is None:
        return None
    since, client_id, client, no_client, deal_id, deal, no_deal = row
    try:
        at = from_micros(int(since)).astimezone(reader.now.tzinfo)
    except (ValueError, OverflowError):  # an archive that somebody wrote by hand
        return None
    return Timer(
        at,
        None if no_client is not None else client_id,
        client,
        None if no_deal is not None else deal_id,
        deal,
    )
