"""Finding one row by what a person types for it: a name, a number, the beginning of a name."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from salestui.errors import Refused
from salestui.queries.matching import word_ranges
from salestui.store.reader import Reader
from salestui.text import clean, fold, inert

_LISTED = {
    "pipeline": "SELECT id, name, version FROM pipeline WHERE deleted_at IS NULL ORDER BY position, id",
    "team": "SELECT id, name, version FROM team WHERE deleted_at IS NULL ORDER BY name, id",
    "territory": "SELECT id, name, version FROM territory WHERE deleted_at IS NULL ORDER BY name, id",
    "rep": "SELECT id, name, version FROM rep WHERE deleted_at IS NULL ORDER BY name, id",
    "product": "SELECT id, name, version FROM product WHERE deleted_at IS NULL ORDER BY name, id",
    "bonus plan": "SELECT id, name, version FROM bonus_plan WHERE deleted_at IS NULL ORDER BY name, id",
    "competitor": "SELECT id, name, version FROM competitor WHERE deleted_at IS NULL ORDER BY name, id",
    "loss reason": "SELECT id, name, version FROM loss_reason WHERE deleted_at IS NULL"
    " ORDER BY position, id",
    "activity kind": "SELECT id, name, version FROM activity_kind WHERE deleted_at IS NULL"
    " ORDER BY position, id",
}
_SHOWN = 5
"""How many of several candidates a refusal names."""

_MOST = 200
"""Rows looked at where words are typed."""

_PHONE = 6
"""Digits from which a number may be one of a phone; fewer are a client's or a deal's own."""

_LARGEST = 2**62

SHORT_KEY = 6
"""Letters and digits of a key that lists and refusals show: the last ones."""

_TWINS = 20
"""How many of one name a refusal tells apart."""


@dataclass(frozen=True, slots=True)
class Found:
    """The row meant, in the version it was read in.

    `detail` helps to tell it from others of its name; `reached` is the phone number or address it
    was found by.
    """

    id: str
    name: str
    version: int
    number: int | None = None
    detail: str = ""
    reached: str = ""

    @property
    def shown(self) -> str:
        """As a refusal names it: several may be called the same."""
        return f"'{self.name}'" if self.number is None else f"{self.number} '{self.name}'"

    @property
    def apart(self) -> str:
        """The same, told from others of its name."""
        key = f"key {self.id[-SHORT_KEY:]}"
        what = f"{inert(self.detail)[:40]}, {key}" if self.detail else key
        return self.shown if self.number is not None else f"{self.shown} ({what})"

    def has_key(self, typed: str) -> bool:
        """Whether `typed` is its key, or the end of it that is shown."""
        return len(typed) >= SHORT_KEY and self.id.endswith(typed.lower())


def find(reader: Reader, what: str, typed: str) -> Found:
    """The pipeline, team, territory, rep, bonus plan, product, … that `typed` names.

    The whole name counts before its key, and that before a beginning of the name. Raises `Refused`
    where none or several fit; those of one name with their keys.
    """
    return chosen([Found(*row) for row in reader.rows(_LISTED[what])], what, typed)


def find_stage(reader: Reader, pipeline_id: str, typed: str) -> Found:
    """A stage of the pipeline, by name."""
    rows = reader.rows(
        "SELECT id, name, version FROM stage WHERE pipeline_id = :pipeline_id"
        " AND deleted_at IS NULL ORDER BY position, id",
        pipeline_id=pipeline_id,
    )
    return chosen([Found(*row) for row in rows], "stage", typed)


def find_stage_anywhere(
    reader: Reader, typed: str, pipeline_id: str | None = None
) -> tuple[Found, Found]:
    """A pipeline and its stage of that name: of the one pipeline, or of the only one that has such.

    "Sales: Offer" is the stage Offer of Sales.
    """
    listed = (Found(*row) for row in reader.rows(_LISTED["pipeline"]))
    pipelines = [each for each in listed if pipeline_id in (None, each.id)]
    if len(pipelines) == 1:
        return pipelines[0], find_stage(reader, pipelines[0].id, typed)
    fitting = []
    for pipeline in pipelines:
        with suppress(Refused):
            fitting.append((pipeline, find_stage(reader, pipeline.id, typed)))
    of, colon, stage = typed.partition(":")
    if not fitting and colon:
        pipeline = find(reader, "pipeline", of)
        if pipeline_id in (None, pipeline.id):
            return pipeline, find_stage(reader, pipeline.id, stage)
    if not fitting:
        raise Refused(f"There is no stage '{inert(typed)[:40]}'.")
    if len(fitting) > 1:
        names = ", ".join(inert(pipeline.name)[:40] for pipeline, _ in fitting[:_SHOWN])
        example = f"{inert(fitting[0][0].name)[:40]}: {inert(fitting[0][1].name)[:40]}"
        raise Refused(
            f"'{inert(typed)[:40]}' is a stage of {names}: write '{example}', or choose a --pipeline."
        )
    return fitting[0]


def find_competitor_product(reader: Reader, competitor_id: str, typed: str) -> Found:
    """A product of the competitor, by name."""
    rows = reader.rows(
        "SELECT id, name, version FROM competitor_product WHERE competitor_id = :competitor_id"
        " AND deleted_at IS NULL ORDER BY name, id",
        competitor_id=competitor_id,
    )
    return chosen([Found(*row) for row in rows], "product of this competitor", typed)


def find_client(reader: Reader, typed: str) -> Found:
    """A client by number, whole name, or the beginnings of its words, phone or e-mail."""
    return _by_words(reader, "client", typed)


def find_deal(reader: Reader, typed: str) -> Found:
    """A deal by number, whole title, or the beginnings of its words."""
    return _by_words(reader, "deal", typed)


def whole(found: Found, typed: str) -> Found:
    """`found`, if it was named by number, key, reach or whole name: nothing is deleted by a guess."""
    said = clean(typed)
    is_number = said.removeprefix("#") == str(found.number)
    if is_number or found.has_key(said) or found.reached or fold(said) == fold(found.name):
        return found
    by = "whole name" if found.number is None else "number or its whole name"
    raise Refused(f"Name it by its {by}: {found.shown}.")


def find_contact(reader: Reader, client_id: str, typed: str) -> Found:
    """A contact of a client, by name, phone or e-mail."""
    rows = reader.rows(
        "SELECT DISTINCT k.id, k.name, k.version, NULL, k.job_title, m.value"
        " FROM contact k JOIN medium m ON m.contact_id = k.id"
        " WHERE k.client_id = :client_id AND k.deleted_at IS NULL AND m.deleted_at IS NULL"
        " AND m.value = :value",
        client_id=client_id,
        value=clean(typed),
    )
    if rows:
        return _only([Found(*row) for row in rows], "contact", typed)
    rows = reader.rows(
        "SELECT id, name, version, NULL, job_title FROM contact WHERE client_id = :client_id"
        " AND deleted_at IS NULL ORDER BY sort_key, id",
        client_id=client_id,
    )
    return chosen([Found(*row) for row in rows], "contact", typed)


def find_branch(reader: Reader, client_id: str, typed: str) -> Found:
    """A branch of a client, by name."""
    rows = reader.rows(
        "SELECT id, name, version, NULL, city FROM branch WHERE client_id = :client_id"
        " AND deleted_at IS NULL ORDER BY name, id",
        client_id=client_id,
    )
    return chosen([Found(*row) for row in rows], "branch of this client", typed)


def find_task(reader: Reader, typed: str) -> Found:
    """A task by the end of its key, as lists show it. Raises `Refused` where none or several fit."""
    rows = _by_key(reader, typed, "state = 'planned'")
    if not rows:
        raise Refused(
            f"There is no task '{inert(typed)[:60]}' to be done: 'salestui today' and "
            "'salestui log --state planned' show the keys."
        )
    return _one_of(rows, typed, "tasks")


def find_activity(reader: Reader, typed: str) -> Found:
    """An activity, done or planned, by the end of its key."""
    rows = _by_key(reader, typed, "state <> 'cancelled'")
    if not rows:
        raise Refused(f"There is no activity '{inert(typed)[:60]}': 'salestui log' shows the keys.")
    return _one_of(rows, typed, "activities")


def _by_key(reader: Reader, typed: str, condition: str) -> list[tuple[Any, ...]]:
    end = clean(typed).strip().lower()
    if len(end) < SHORT_KEY:
        return []
    return reader.rows(
        f"SELECT id, subject, version FROM activity WHERE {condition}"  # noqa: S608
        " AND deleted_at IS NULL AND substr(id, length(id) - :least + 1) = :end",
        end=end,
        least=len(end),
    )


def _one_of(rows: list[tuple[Any, ...]], typed: str, what: str) -> Found:
    if len(rows) > 1:
        raise Refused(f"'{inert(typed)}' fits {len(rows)} {what}: take the whole key from --json.")
    return Found(*rows[0])


def beginning(reader: Reader, what: str, typed: str, *, limit: int) -> list[str]:
    """Names that begin like `typed`, accents and case aside."""
    start = fold(clean(typed))
    if what == "client":
        rows = reader.rows(
            "SELECT name FROM client WHERE deleted_at IS NULL AND sort_key >= :low"
            " AND sort_key < :high ORDER BY sort_key, id LIMIT :many",
            low=start,
            high=start + "\U0010ffff",
            many=limit,
        )
        return [row[0] for row in rows]
    names = [row[1] for row in reader.rows(_LISTED[what])]
    return [name for name in names if fold(name).startswith(start)][:limit]


def _by_words(reader: Reader, subject: str, typed: str) -> Found:
    name = {"client": "name", "deal": "title"}[subject]
    number = typed.strip()
    if number.removeprefix("#").isdecimal() and (number[0] == "#" or len(number) < _PHONE):
        rows = reader.rows(
            f"SELECT id, {name}, version, number FROM {subject}"  # noqa: S608
            f" WHERE (number = :number OR {name} = :typed) AND deleted_at IS NULL"
            " ORDER BY CASE WHEN number = :number THEN 0 ELSE 1 END, number",
            number=min(int(number.removeprefix("#")), _LARGEST),
            typed=number,
        )
        return _numbered(rows, subject, number)
    ranges = word_ranges(typed)
    if not ranges:
        raise Refused(f"Name the {subject}.")
    begins = " AND ".join(
        "t.id IN (SELECT subject_id FROM search_word"  # noqa: S608
        f" WHERE word >= :word{i} AND word < :last{i} AND subject = :subject)"
        for i in range(len(ranges))
    )
    rows = reader.rows(
        f"SELECT t.id, t.{name}, t.version, t.number FROM {subject} t"  # noqa: S608
        f" WHERE t.deleted_at IS NULL AND {begins}"
        f" ORDER BY CASE WHEN t.{name} = :typed THEN 0 ELSE 1 END, t.number LIMIT {_MOST}",
        subject=subject,
        typed=clean(typed),
        **{f"word{i}": first for i, (first, _) in enumerate(ranges)},
        **{f"last{i}": last for i, (_, last) in enumerate(ranges)},
    )
    return chosen([Found(*row) for row in rows], subject, typed)


def _numbered(rows: list[tuple[Any, ...]], subject: str, typed: str) -> Found:
    if not rows:
        raise Refused(f"There is no {subject} {typed}.")
    return Found(*rows[0])


def chosen(candidates: Iterable[Found], what: str, typed: str) -> Found:
    """The one of the candidates that `typed` names; `what` they are is said where none or several do."""
    listed = list(candidates)
    typed = clean(typed)  # as what is stored was: the same raw text finds it again
    wanted = fold(typed)
    for fits in (
        [c for c in listed if c.name == typed],
        [c for c in listed if fold(c.name) == wanted],
        [c for c in listed if c.has_key(typed)],
        [c for c in listed if fold(c.name).startswith(wanted)] if wanted else [],
        listed if what in ("client", "deal") else [],
    ):
        if fits:
            return _only(fits, what, typed)
    known = ", ".join(f"'{c.name}'" for c in listed[: _SHOWN * 2])
    hint = f" There are: {known}." if known and what not in ("client", "deal") else ""
    raise Refused(f"There is no {what} '{inert(typed)[:60]}'.{hint}")


def _only(fits: list[Found], what: str, typed: str) -> Found:
    """The one that fits. Of several a refusal tells how to name each."""
    if len(fits) == 1:
        return fits[0]
    are_twins = len({fold(each.name) for each in fits}) < len(fits)
    most = _TWINS if are_twins else _SHOWN
    names = ", ".join(each.apart if are_twins else each.shown for each in fits[:most])
    rest = "many" if len(fits) == _MOST else str(len(fits) - most)
    more = f" and {rest} more" if len(fits) > most else ""
    mend = "Type its key" if are_twins else "Type more of the name"
    if what == "contact":
        mend += ", or a phone number or e-mail address"
    if fits[0].number is not None:
        mend = "Type its number"
    raise Refused(f"'{inert(typed)}' fits several: {names}{more}. {mend}.")
