"""What a whole process costs, next to others run in turn with it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_WITNESS = """
import os, sys
child = os.spawnvp(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""Linux hands the memory of the process that starts another on to the other's largest memory, and
the bench itself has made stores: so a small Python starts it, and says what it found."""


@dataclass(slots=True)
class Runs:
    """Wall and CPU seconds of each run of a command, and its largest memory in kB."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: int = 0


def in_turn(
    commands: Mapping[str, Sequence[str]], env: Mapping[str, str], *, times: int
) -> dict[str, Runs]:
    """Run each command once per round, so that what else the machine does hits all of them alike."""
    found = {name: Runs() for name in commands}
    for name in commands:
        once(commands[name], env, Runs())  # warms the disk's cache
    for _ in range(times):
        for name, command in commands.items():
            once(command, env, found[name])
    return found


def once(command: Sequence[str], env: Mapping[str, str], into: Runs) -> str:
    """Run a command to its end and note its seconds; returns what it printed."""
    printed, _ = _run(command, env, into)
    return printed


def once_with_memory(command: Sequence[str], env: Mapping[str, str], into: Runs) -> str:
    """As `once`, its largest memory noted too; a Python more is started, so not for short ones."""
    printed, said = _run([sys.executable, "-S", "-c", _WITNESS, *command], env, into)
    into.memory = max(into.memory, int(said.split()[-1]))
    return printed


def _run(command: Sequence[str], env: Mapping[str, str], into: Runs) -> tuple[str, str]:
    began = time.perf_counter()
    process = subprocess.Popen(
        list(command),
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    printed, complaint = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    into.wall.append(time.perf_counter() - began)
    into.cpu.append(usage.ru_utime + usage.ru_stime)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    process.stderr.close()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {complaint}")
    return printed, complaint
