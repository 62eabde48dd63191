"""Two programs on the same deal: nothing is lost silently, and what is derived stays right."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from salestui.store.checking import derived_problems
from salestui.store.store import Store
from salestui.store.unit import Unit
from salestui.usecases.activities import plan_task
from salestui.usecases.deals import assign_deal
from salestui.usecases.facts import Saved
from tests.faults.programs import start
from tests.team import make_team

EACH = 40
COUNT_UP = """
import sys
from salestui.errors import Conflict
from salestui.store.opening import open_store
from salestui.usecases.deals import edit_deal

store = open_store(sys.argv[1], me=sys.argv[2])
done = conflicts = 0
while done < int(sys.argv[3]):
    version, amount = store.read(lambda r: r.row(
        "SELECT version, amount_minor FROM deal WHERE id = :id", id=sys.argv[4]))
    try:
        store.write(edit_deal, deal_id=sys.argv[4], expected_version=version,
                    amount_minor=amount + 1)
        done += 1
    except Conflict:
        conflicts += 1
print(done, conflicts)
"""
PLAN = """
import sys
from datetime import timedelta
from salestui.store.opening import open_store
from salestui.usecases.activities import plan_task
from salestui.usecases.clients import edit_client

store = open_store(sys.argv[1], me=sys.argv[2])
number = int(sys.argv[5])
for turn in range(int(sys.argv[3])):
    due = store.today() + timedelta(days=100 - 2 * turn + number)
    store.write(plan_task, subject="Ring", due_on=due, deal_id=sys.argv[4])
print("done")
"""
NEW_CLIENTS = """
import sys
from salestui.store.opening import open_store
from salestui.usecases.clients import create_client

store = open_store(sys.argv[1], me=sys.argv[2])
for turn in range(20):
    store.write(create_client, name=f"{sys.argv[2]} {turn}")
print("done")
"""


def _both(where: str, code: str, *arguments: str) -> list[str]:
    programs = [
        start(code, where, name, *arguments, str(number), db=where)
        for number, name in enumerate(("Ona", "Jonas"))
    ]
    told = []
    for program in programs:
        out, err = program.communicate(timeout=120)
        assert program.returncode == 0, err
        told.append(out)
    return told


def test_two_programs_that_count_up_one_amount_lose_nothing(
    where: str, open_at: Callable[..., Store]
) -> None:
    store = open_at(where)
    team = make_team(store)
    before = store.read(lambda r: r.value("SELECT count(*) FROM audit_entry"))
    told = _both(where, COUNT_UP, str(EACH), team.deals[0])
    assert [int(line.split()[0]) for line in told] == [EACH, EACH]
    amount = store.read(
        lambda r: r.value("SELECT amount_minor FROM deal WHERE id = :id", id=team.deals[0])
    )
    assert amount == 1_000_000 + 2 * EACH
    assert store.read(lambda r: r.value("SELECT count(*) FROM audit_entry")) == before + 2 * EACH
    assert derived_problems(store) == []


def test_two_programs_that_plan_on_one_deal_leave_its_next_step_right(
    where: str, open_at: Callable[..., Store]
) -> None:
    store = open_at(where)
    team = make_team(store)
    _both(where, PLAN, str(EACH), team.deals[3])
    assert derived_problems(store) == []


def test_two_programs_number_their_first_clients_without_a_gap(
    where: str, open_at: Callable[..., Store]
) -> None:
    store = open_at(where)
    _both(where, NEW_CLIENTS)
    numbers = store.read(lambda r: [row[0] for row in r.rows("SELECT number FROM client")])
    assert sorted(numbers) == list(range(1, 41))


def test_tasks_planned_in_overlapping_transactions_are_both_counted(
    postgres_where: str, open_at: Callable[..., Store]
) -> None:
    """Both transactions have added their task before either looks which comes first."""
    ona = open_at(postgres_where)
    team = make_team(ona)
    jonas = open_at(postgres_where, me="Jonas")
    for turn in range(12):
        meeting = Barrier(2, timeout=30)

        def plan(unit: Unit, *, days: int, meeting: Barrier = meeting) -> Saved:
            due = unit.today + timedelta(days=days)
            saved = plan_task(unit, subject="Ring", due_on=due, deal_id=team.deals[3])
            meeting.wait()
            return saved

        with ThreadPoolExecutor(2) as pool:
            both = [
                pool.submit(store.write, plan, days=300 - 10 * turn + extra)
                for store, extra in ((ona, turn % 2), (jonas, 1 - turn % 2))
            ]
            for one in both:
                one.result()
        assert derived_problems(ona) == []


def test_a_restarted_server_is_not_noticed(
    postgres_where: str, open_at: Callable[..., Store]
) -> None:
    """Its connections end; the next read and the next write take new ones."""
    import psycopg

    store = open_at(postgres_where)
    team = make_team(store)
    plain = postgres_where.replace("+psycopg", "")
    for act in (
        lambda: store.read(lambda r: r.value("SELECT count(*) FROM deal")),
        lambda: store.write(assign_deal, deal_id=team.deals[0], to_rep_id=team.rep("Jonas")),
    ):
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert act()
