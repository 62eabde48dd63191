"""What a form lets one choose from: short lists, all of them in one statement."""

from __future__ import annotations

from dataclasses import dataclass

from salestui.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: `id` is what is kept, `name` what is shown, `group` what it belongs to."""

    id: str
    name: str
    group: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """The short lists of a store, each in its order.

    `pipelines`: `more` is the currency; `stages`: `group` is the pipeline, `more` the kind;
    `products`: `more` is the currency; `reps`: those still here, `left`: those gone, `group` their
    team's name.
    """

    pipelines: tuple[Choice, ...] = ()
    stages: tuple[Choice, ...] = ()
    reps: tuple[Choice, ...] = ()
    kinds: tuple[Choice, ...] = ()
    loss_reasons: tuple[Choice, ...] = ()
    competitors: tuple[Choice, ...] = ()
    products: tuple[Choice, ...] = ()
    left: tuple[Choice, ...] = ()
    territories: tuple[Choice, ...] = ()

    def name_of(self, row_id: str | None) -> str | None:
        """The name of any of them."""
        if row_id is None:
            return None
        people = (self.reps, self.left)
        lists = (self.pipelines, self.stages, *people, self.loss_reasons, self.competitors)
        listed = (each for part in (*lists, self.products, self.territories) for each in part)
        return next((each.name for each in listed if each.id == row_id), None)

    def stages_of(self, pipeline_id: str) -> tuple[Choice, ...]:
        """The stages of a pipeline, in order."""
        return tuple(stage for stage in self.stages if stage.group == pipeline_id)


_SQL = """
SELECT 'pipelines', position, id, name, '', currency FROM pipeline WHERE deleted_at IS NULL
UNION ALL SELECT 'stages', s.position, s.id, s.name, s.pipeline_id, s.kind
    FROM stage s WHERE s.deleted_at IS NULL
UNION ALL SELECT CASE WHEN r.left_on <= :today THEN 'left' ELSE 'reps' END, 0, r.id, r.name,
        coalesce(t.name, ''), r.role
    FROM rep r LEFT JOIN team t ON t.id = r.team_id WHERE r.deleted_at IS NULL
UNION ALL SELECT 'kinds', position, name, name, '', '' FROM activity_kind WHERE deleted_at IS NULL
UNION ALL SELECT 'loss_reasons', position, id, name, '', '' FROM loss_reason
    WHERE deleted_at IS NULL
UNION ALL SELECT 'competitors', 0, id, name, '', '' FROM competitor WHERE deleted_at IS NULL
UNION ALL SELECT 'products', 0, id, name, series, currency FROM product WHERE deleted_at IS NULL
UNION ALL SELECT 'territories', 0, id, name, '', '' FROM territory WHERE deleted_at IS NULL
ORDER BY 1, 2, 3
"""

_BY_NAME = frozenset({"reps", "left", "competitors", "products", "territories"})


def load_choices(reader: Reader) -> Choices:
    """All short lists; people, competitors, products and territories by name."""
    from salestui.text.days import to_day

    lists: dict[str, list[Choice]] = {}
    for part, _position, *fields in reader.rows(_SQL, today=to_day(reader.today)):
        lists.setdefault(part, []).append(Choice(*fields))
    for part in _BY_NAME & lists.keys():
        lists[part].sort(key=lambda choice: choice.name.casefold())
    return Choices(**{part: tuple(listed) for part, listed in lists.items()})


@dataclass(frozen=True, slots=True)
class ClientChoices:
    """What an activity with a client may be about: its active deals and its contacts."""

    client_id: str
    client: str
    deals: tuple[Choice, ...]
    contacts: tuple[Choice, ...]


_OF_CLIENT = """
SELECT 0, c.id, c.name, '', '' FROM client c WHERE c.id = :client_id AND c.deleted_at IS NULL
UNION ALL SELECT 1, d.id, d.title, s.name,
        CASE WHEN d.next_task_id IS NULL THEN '' ELSE 'has a next step' END
    FROM deal d JOIN stage s ON s.id = d.stage_id
    WHERE d.client_id = :client_id AND d.deleted_at IS NULL AND (d.is_active OR d.outcome = 'postponed')
UNION ALL SELECT 2, p.id, p.name, p.decision_role, p.job_title FROM contact p
    WHERE p.client_id = :client_id AND p.deleted_at IS NULL
ORDER BY 1, 2
"""


def load_client_choices(reader: Reader, *, client_id: str) -> ClientChoices | None:
    """The active deals (`group`: stage; `more` empty without a next step) and the contacts of a client."""
    rows = reader.rows(_OF_CLIENT, client_id=client_id)
    if not rows or rows[0][0] != 0:
        return None
    parts: dict[int, list[Choice]] = {1: [], 2: []}
    for part, *fields in rows[1:]:
        parts[part].append(Choice(*fields))
    return ClientChoices(rows[0][1], rows[0][2], tuple(parts[1]), tuple(parts[2]))
