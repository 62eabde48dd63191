"""A program in a pseudo terminal: when it has painted, what it cost, what it wrote.

While a clock runs, output is only stamped with time and CPU; the emulator replays it afterwards.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyte

KEYS = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
}
_CPU_CLOCK = 2  # the CPUCLOCK_SCHED of Linux: nanoseconds, threads that have ended included

# What pyte would print: kitty keyboard, private CSI, mode queries, device and window strings.
_FOREIGN = re.compile(
    rb"\x1b\[[<>=][0-9;]*[A-Za-z]|\x1b\[\?[0-9;]*\$p|\x1b[P_^][^\x1b]*\x1b\\"
    rb"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;]* q"
)
_WHOLE = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[P_^][^\x1b]*\x1b\\|\][^\x07\x1b]*(?:\x07|\x1b\\)|[^\[\]P_^])",
    re.S,
)
_MODE_QUERY = re.compile(rb"\x1b\[\?(\d+)\$p")
_SYNCHRONISED = b"2026"


class Chunk(NamedTuple):
    """Output as it came: seconds, CPU seconds of the program until then, bytes."""

    at: float
    cpu: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Started:
    """Seconds and CPU seconds from the fork until each wished pattern was on the screen."""

    seconds: tuple[float, ...]
    cpu: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Pressed:
    """One key. `paint`: until the screen differed (or showed what was expected); `settled`: until it
    changed last. `None` if it never did. Seconds; `written` in bytes."""

    paint: float | None
    settled: float | None
    cpu: float
    written: int


class Terminal:
    """A running program and its screen. Use as a context manager: it ends the program."""

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], *, rows: int = 40, columns: int = 140
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._rest = b""
        self._is_alive = True
        self._written = 0
        self._began = time.perf_counter()
        # A size in the environment would win over that of this terminal.
        own = {name: value for name, value in env.items() if name not in ("COLUMNS", "LINES")}
        size = struct.pack("HHHH", rows, columns, 0, 0)
        # As its controlling terminal: a program whose bench is killed is hung up, and ends.
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                # Here, before the program can ask: on a busy machine the parent may come too late.
                fcntl.ioctl(0, termios.TIOCSWINSZ, size)
                os.execve(command[0], list(command), own | {"TERM": "xterm-256color"})
            finally:
                os._exit(127)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        for sign, patience in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 5.0)):
            if self._is_ended(patience=0):
                break
            os.kill(self.pid, sign)
            if self._is_ended(patience):
                break
        os.close(self._fd)

    def start(self, *patterns: str, limit: float = 60, quiet: float = 0.8) -> Started:
        """Wait until every pattern has been on the screen and the program has settled."""
        seen: dict[str, Chunk] = {}
        end = self._began + limit
        while len(seen) < len(patterns):
            if time.perf_counter() > end or not self._is_alive:
                missing = [pattern for pattern in patterns if pattern not in seen]
                raise RuntimeError(f"never shown: {missing} {self._state()}")
            for chunk in self._collect(quiet, patience=5, limit=10):
                self._feed(chunk.data)
                text = self.text()
                for pattern in patterns:
                    if pattern not in seen and re.search(pattern, text):
                        seen[pattern] = chunk
        found = [seen[pattern] for pattern in patterns]
        return Started(
            tuple(chunk.at - self._began for chunk in found), tuple(chunk.cpu for chunk in found)
        )

    def press(self, key: str, *, expect: str = "", quiet: float = 0.15) -> Pressed:
        """Write one key and wait until the program has answered it."""
        before, cpu = self._cells(), self.cpu()
        began = time.perf_counter()
        os.write(self._fd, KEYS.get(key, key).encode())
        chunks = self._collect(quiet, patience=1.0, limit=10)
        spent = self.cpu() - cpu
        paint = settled = None
        for chunk in chunks:
            self._feed(chunk.data)
            cells = self._cells()
            if cells != before:
                before, settled = cells, chunk.at - began
                if paint is None and re.search(expect, self.text()):
                    paint = settled
        return Pressed(paint, settled, spent, sum(len(chunk.data) for chunk in chunks))

    def text(self) -> str:
        """The screen's rows."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip()

    def cpu(self) -> float:
        """CPU seconds the program has used, in all its threads."""
        try:
            return time.clock_gettime((~self.pid << 3) | _CPU_CLOCK)
        except OSError:
            return 0.0

    def memory(self, kind: str = "Pss") -> int:
        """Its proportional share of memory in kB; `Pss_File` is that of mapped files alone."""
        rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in rollup if line.startswith(f"{kind}:"))

    def _state(self) -> str:
        """How a program stands that does not do what it should; with PYTHONFAULTHANDLER also where."""
        since = time.perf_counter() - self._began
        state = f"after {since:.1f} s, {self._written} bytes\n{self.text()}\n"
        if self._is_alive:
            os.kill(self.pid, signal.SIGABRT)
            last = self._collect(0.5, patience=2, limit=5)
            state += b"".join(chunk.data for chunk in last).decode("utf-8", "replace")
        return state

    def _cells(self) -> list[object]:
        buffer, width = self._screen.buffer, self._screen.columns
        return [[buffer[y][x] for x in range(width)] for y in range(self._screen.lines)]

    def _collect(self, quiet: float, *, patience: float, limit: float) -> list[Chunk]:
        """Chunks until none comes for `quiet` seconds (for `patience` seconds before the first)."""
        chunks: list[Chunk] = []
        end = time.perf_counter() + limit
        wait = patience
        while self._is_alive and time.perf_counter() < end:
            chunk = self._read(wait)
            if chunk is None:
                break
            chunks.append(chunk)
            wait = quiet
        return chunks

    def _read(self, wait: float) -> Chunk | None:
        if not select.select([self._fd], [], [], wait)[0]:
            return None
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:
            data = b""
        chunk = Chunk(time.perf_counter(), self.cpu(), data)
        self._written += len(data)
        if not data:
            self._is_alive = False
            return None
        for query in _MODE_QUERY.finditer(data):
            known = b"2" if query[1] == _SYNCHRONISED else b"0"
            os.write(self._fd, b"\x1b[?" + query[1] + b";" + known + b"$y")
        return chunk

    def _feed(self, data: bytes) -> None:
        """Replay output; a sequence cut off at its end waits for the next chunk."""
        data = self._rest + data
        cut = data.rfind(b"\x1b")
        is_cut = cut >= 0 and len(data) - cut < 64 and not _WHOLE.match(data, cut)
        data, self._rest = (data[:cut], data[cut:]) if is_cut else (data, b"")
        self._stream.feed(_FOREIGN.sub(b"", data))

    def _is_ended(self, patience: float) -> bool:
        end = time.monotonic() + patience
        while True:
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                return True
            if time.monotonic() >= end:
                return False
            if self._is_alive:
                self._read(0.02)
            else:
                time.sleep(0.02)
