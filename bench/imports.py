"""Import of mapped CSV files with history and audit, in a process of its own."""

from __future__ import annotations

import csv
import json
import time
from datetime import date, timedelta
from pathlib import Path
from random import Random

from bench.figures import Figure
from bench.processes import Runs, once_with_memory
from bench.setting import Setting
from salestui.store import driver
from salestui.store.opening import open_store

_DEALS, _ACCOUNTS, _AGENTS, _PRODUCTS = 100_000, 4_000, 60, 12
_STAGES = ("Won", "Won", "Won", "Won", "Lost", "Lost", "Engaging", "Prospecting")


def measure(setting: Setting) -> list[Figure]:
    """Rows a second and the peak of memory for 100,000 deals."""
    files = _files(setting.scratch)
    rows = sum(sum(1 for _ in path.open(encoding="utf-8")) - 1 for path in files)
    run = Runs()
    target = setting.scratch / "import.db"
    command = [*setting.program, "--db", str(target), "import", "--json", *map(str, files)]
    printed = once_with_memory(command, setting.env, run)
    alone = _executemany(target, setting.scratch / "alone.db")
    for end in ("", "-wal", "-shm"):
        Path(f"{target}{end}").unlink(missing_ok=True)
    created = _created(printed)
    if created < rows:
        raise RuntimeError(f"only {created} of {rows} rows were created: {printed[:2000]}")
    seconds = run.wall[0]
    return [
        Figure(
            f"import of {rows:,} rows",
            rows / seconds,
            "rows/s",
            5_000,
            more=(
                f"{seconds:.1f} s, cpu {run.cpu[0]:.1f} s, the whole process",
                f"executemany of the deals' own table alone {alone:,.0f} rows/s",
            ),
            is_at_least=True,
        ),
        Figure("… peak memory", run.memory / 1024, "MB", 300),
    ]


def _executemany(store: Path, target: Path) -> float:
    """Rows a second of the least there is: the finished deals, no history, no audit, no checks."""
    source = driver.connect(store, is_reader=True)
    rows = source.execute("SELECT * FROM deal").fetchall()
    source.close()
    open_store(str(target)).close()
    into = driver.connect(target, is_reader=False)
    into.execute("PRAGMA foreign_keys=OFF")
    places = ", ".join("?" * len(rows[0]))
    began = time.perf_counter()
    into.execute("BEGIN")
    into.executemany(f"INSERT INTO deal VALUES ({places})", rows)
    into.execute("COMMIT")
    seconds = time.perf_counter() - began
    into.close()
    return len(rows) / seconds


def _created(printed: str) -> int:
    report = json.loads(printed)
    return sum(int(file["created"]) for file in report["files"])


def _files(folder: Path) -> list[Path]:
    """The four files of the set whose profile the program ships."""
    rng = Random(1)
    agents = [f"Agent {n}" for n in range(_AGENTS)]
    accounts = [f"Account {n}" for n in range(_ACCOUNTS)]
    products = [f"Product {n}" for n in range(_PRODUCTS)]
    return [
        _write(
            folder / "accounts.csv",
            "account,sector,year_established,revenue,employees,office_location,subsidiary_of",
            (
                [name, "retail", rng.randint(1960, 2015), f"{rng.uniform(1, 900):.2f}",
                 rng.randint(5, 9000), "Poland", ""]
                for name in accounts
            ),
        ),
        _write(
            folder / "products.csv",
            "product,series,sales_price",
            ([name, "GTX", rng.randint(50, 9000)] for name in products),
        ),
        _write(
            folder / "sales_teams.csv",
            "sales_agent,manager,regional_office",
            ([name, f"Manager {n % 6}", ("East", "West", "Central")[n % 3]]
             for n, name in enumerate(agents)),
        ),
        _write(
            folder / "sales_pipeline.csv",
            "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
            (_deal(rng, n, agents, products, accounts) for n in range(_DEALS)),
        ),
    ]  # fmt: skip


def _deal(
    rng: Random, number: int, agents: list[str], products: list[str], accounts: list[str]
) -> list[object]:
    stage = rng.choice(_STAGES)
    engaged = date(2016, 10, 20) + timedelta(days=rng.randint(0, 400))
    closed = engaged + timedelta(days=rng.randint(1, 120))
    is_closed = stage in ("Won", "Lost")
    return [
        f"OPP{number:07}",
        rng.choice(agents),
        rng.choice(products),
        rng.choice(accounts),
        stage,
        "" if stage == "Prospecting" else engaged.isoformat(),
        closed.isoformat() if is_closed else "",
        (rng.randint(40, 9000) if stage == "Won" else 0) if is_closed else "",
    ]


def _write(path: Path, header: str, rows: object) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)  # type: ignore[arg-type]
    return path
