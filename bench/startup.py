"""The commands that are asked most often, against a Python that does nothing.

Whatever installs the program writes its launcher. uv's imports nothing; older pips' import `re` first,
which alone takes half as long as Python itself. Measured is the program, by a launcher like uv's;
what the launcher of this environment adds is told beside it.
"""

from __future__ import annotations

from pathlib import Path

from bench.figures import Figure, high, median, milliseconds
from bench.processes import Runs, in_turn
from bench.setting import PYTHON, Setting

_TIMES = 15
_LAUNCHER = "import sys\nfrom salestui.__main__ import main\nsys.exit(main())\n"


def measure(setting: Setting) -> list[Figure]:
    """`--version` and `--help`, whole processes."""
    launcher = setting.scratch / "launcher.py"
    launcher.write_text(_LAUNCHER)
    commands = {"pass": [PYTHON, "-c", "pass"]}
    for option in ("--version", "--help"):
        commands[option] = [PYTHON, str(launcher), option]
        installed = Path(PYTHON).with_name("salestui")
        if installed.exists():
            commands[f"installed {option}"] = [str(installed), option]
    runs = in_turn(commands, setting.env, times=max(_TIMES, 2 * setting.rounds))
    return [_figure("--version", runs, 1.3), _figure("--help", runs, 17)]


def _figure(option: str, runs: dict[str, Runs], limit: float) -> Figure:
    wall, floor = milliseconds(runs[option].wall), milliseconds(runs["pass"].wall)
    more = [
        f"p95 {high(wall):.0f} ms",
        f"cpu {median(runs[option].cpu) / median(runs['pass'].cpu):.2f} ×",
    ]
    if installed := runs.get(f"installed {option}"):
        more.append(
            f"by the installed launcher {median(installed.wall) * 1000 / median(floor):.2f} ×"
        )
    return Figure(
        f"salestui {option}", median(wall), "ms", limit, median(floor), "python -c pass", more
    )
