"""`python -m bench`: measure, then print one table."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import figures, setting

_PARTS = {
    "start": ("startup", "measure", "--version and --help against a Python that does nothing"),
    "frames": ("screens", "frames", "first frame, board of 200 and of 20,000 deals"),
    "keys": ("screens", "keys", "cursor, stage move, card, against hello world's key"),
    "visit": ("screens", "visit", "from the funnel's key to its tables at 100,000 deals"),
    "memory": ("screens", "memory", "memory of the app with 2,000 deals"),
    "funnel": ("queries", "funnel", "the funnel's SQL at 100,000 deals, SQLite and PostgreSQL"),
    "search": ("queries", "search", "the client search as one types, 40,000 clients"),
    "import": ("imports", "measure", "rows a second and peak memory"),
    "forecast": ("forecasts", "measure", "back-tests, comparison, past days at 100,000 deals"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the wished parts, all by default; 1 if a figure is over its bar."""
    wish = _parser().parse_args(arguments)
    found: list[figures.Figure] = []
    with setting.prepared(wish.cache, wish.rounds, wish.deals) as prepared:
        for part in wish.parts or _PARTS:
            sys.stderr.write(f"measuring {part} …\n")
            found += _measure(part)(prepared)
    figures.show(found)
    if wish.json:
        rows = [figure.to_json() for figure in found]
        wish.json.write_text(json.dumps(rows, indent=2), encoding="utf-8")
    return 0 if all(figure.is_met for figure in found) else 1


def _measure(part: str) -> Callable[[setting.Setting], list[figures.Figure]]:
    """Imported when its turn comes: a part must not load what another one times."""
    from importlib import import_module

    module, function, _ = _PARTS[part]
    measure: Callable[[setting.Setting], list[figures.Figure]] = getattr(
        import_module(f"bench.{module}"), function
    )
    return measure


def _parser() -> argparse.ArgumentParser:
    lines = "\n".join(f"  {name:<10}{text}" for name, (_, _, text) in _PARTS.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        epilog=f"parts:\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", choices=[[], *_PARTS], metavar="PART")
    parser.add_argument("--rounds", type=int, default=9, help="starts of each program (default 9)")
    parser.add_argument(
        "--deals",
        type=int,
        metavar="N",
        help="of the part 'funnel' alone: another number of deals, as 1000000 (5 GB)",
    )
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path(os.environ.get("SALESTUI_BENCH_CACHE") or tempfile.gettempdir())
        / "salestui-bench",
        help="folder for the stores, about 3 GB; made at the first run",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
