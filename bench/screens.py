"""The screens in a real terminal: first frame, keys, cards, memory, in turn with a hello-world app."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import stores
from bench.figures import Figure, high, median, milliseconds
from bench.setting import PYTHON, Setting
from bench.stores import BOARD, LARGE, MIDDLE, SMALL, Size
from bench.terminal import Pressed, Terminal

_HELLO = (PYTHON, "-m", "bench.hello")
_ANYTHING = r"\S.*\S"
_CARD = r"Deal \d"
_TODAY = r"Overdue"
_FUNNEL = r"of prev\."
_FRAME_BYTES = 1024
"""Most bytes that a cursor key may write where nothing scrolls."""


@dataclass(slots=True)
class Keys:
    """What the presses of one key cost, over all starts of a program."""

    pressed: list[Pressed] = field(default_factory=list)

    @property
    def paint(self) -> list[float]:
        return milliseconds([each.paint for each in self.pressed])

    @property
    def settled(self) -> list[float]:
        return milliseconds([each.settled for each in self.pressed])

    def more(self) -> tuple[str, ...]:
        cpu = median(milliseconds([each.cpu for each in self.pressed]))
        written = median([each.written for each in self.pressed])
        return (
            f"first change {median(self.paint):.1f} ms",
            f"p95 {high(self.settled):.1f} ms",
            f"cpu {cpu:.1f} ms",
            f"{written:,.0f} bytes",
            f"n {len(self.paint)}",
        )


@contextmanager
def _copies(setting: Setting, *sizes: Size) -> Iterator[dict[Size, Path]]:
    """Stores to write to: the cached ones stay as they were made."""
    copies = {}
    for size in sizes:
        copies[size] = setting.scratch / f"{size.name}.db"
        shutil.copyfile(stores.ready(setting.cache, size), copies[size])
        copies[size].chmod(0o600)
    try:
        yield copies
    finally:
        for path in copies.values():
            for end in ("", "-wal", "-shm"):
                Path(f"{path}{end}").unlink(missing_ok=True)


def _app(setting: Setting, screen: str, path: Path) -> list[str]:
    return [*setting.program, "--db", str(path), screen]


def frames(setting: Setting) -> list[Figure]:
    """From the start of the process to its first frame, and to a board full of deals."""
    hello: list[float] = []
    first: dict[str, list[float]] = {"first": [], "small": [], "large": []}
    cpu: dict[str, list[float]] = {"hello": [], "first": [], "small": [], "large": []}
    with _copies(setting, SMALL, BOARD) as copies:
        for turn in range(setting.rounds + 1):
            found = {"hello": _start(setting, _HELLO, "Hello")}
            found["first"] = _start(setting, _app(setting, "today", copies[SMALL]), _ANYTHING)
            found["small"] = _start(setting, _app(setting, "board", copies[SMALL]), _CARD)
            found["large"] = _start(setting, _app(setting, "board", copies[BOARD]), _CARD)
            if not turn:
                continue  # the first turn warms the disk's cache
            hello.append(found["hello"][0])
            for name, runs in first.items():
                runs.append(found[name][0])
            for name, spent in cpu.items():
                spent.append(found[name][1])
    floor = median(hello) * 1000
    small = median(first["small"]) * 1000

    def figure(what: str, name: str, limit: float, base: float, base_name: str) -> Figure:
        runs = milliseconds(first[name])
        against = "small" if name == "large" else "hello"
        more = (
            f"min {min(runs):.0f}, p95 {high(runs):.0f} ms",
            f"cpu {median(cpu[name]) / median(cpu[against]):.2f} ×",
        )
        return Figure(what, median(runs), "ms", limit, base, base_name, more)

    return [
        figure("first frame", "first", 1.3, floor, "hello world"),
        figure("board of 200 open deals", "small", 2.4, floor, "hello world"),
        figure("board of 20,000 open deals", "large", 1.3, small, "board of 200"),
    ]


def _start(setting: Setting, command: Sequence[str], pattern: str) -> tuple[float, float]:
    with Terminal(command, setting.env) as terminal:
        started = terminal.start(pattern)
        return started.seconds[0], started.cpu[0]


def keys(setting: Setting) -> list[Figure]:
    """Cursor, stage move, card opened and left, on 20,000 open deals; cards on 200 too."""
    hello, large, small = Keys(), _Visit(), _Visit()
    with _copies(setting, SMALL, BOARD) as copies:
        for _ in range(max(2, setting.rounds // 3)):
            with Terminal(_HELLO, setting.env) as terminal:
                terminal.start("Hello")
                hello.pressed += [terminal.press("a") for _ in range(30)][5:]
            large.visit(setting, copies[BOARD])
            small.visit(setting, copies[SMALL])
    floor = median(hello.paint)
    more = f"hello: p95 {high(hello.paint):.1f} ms"
    written = [each.written for each in large.cursor.pressed]
    opened = median(small.opened.settled)
    return [
        _against(floor, "cursor key, 20,000 deals", large.cursor, 2, more),
        Figure(
            "… bytes written",
            median(written),
            "bytes",
            _FRAME_BYTES,
            more=(f"{max(written):,} where the column scrolls",),
        ),
        _against(floor, "stage move, committed and painted", large.moved, 5, more),
        Figure("… 95th percentile", high(large.moved.settled), "ms", 50),
        _against(floor, "open a card, 20,000 deals", large.opened, 8, more),
        _against(floor, "leave it", large.left, 3, more),
        Figure(
            "card at 20,000 as at 200", median(large.opened.settled), "ms", 1.5, opened, "at 200"
        ),
    ]


def _against(floor: float, what: str, keys: Keys, limit: float, more: str) -> Figure:
    value = median(keys.settled)
    return Figure(what, value, "ms", limit, floor, "hello's key", (*keys.more(), more))


@dataclass(slots=True)
class _Visit:
    """The keys of a person at the board."""

    cursor: Keys = field(default_factory=Keys)
    moved: Keys = field(default_factory=Keys)
    opened: Keys = field(default_factory=Keys)
    left: Keys = field(default_factory=Keys)

    def visit(self, setting: Setting, path: Path) -> None:
        with Terminal(_app(setting, "board", path), setting.env) as terminal:
            terminal.start(_CARD, quiet=1.5)  # the write path loads after the first frame
            for _ in range(3):
                terminal.press("down")
            self.cursor.pressed += [terminal.press("down") for _ in range(16)]
            terminal.press("L")  # the first write of a session opens the writer's connection
            terminal.press("H")
            for _ in range(6):
                self.moved.pressed += [terminal.press("L"), terminal.press("H")]
            terminal.press("enter")
            terminal.press("q")
            for _ in range(6):
                self.opened.pressed.append(terminal.press("enter"))
                self.left.pressed.append(terminal.press("q"))


def visit(setting: Setting) -> list[Figure]:
    """The first visit to the funnel of 100,000 deals in a session, alone and with a comparison."""
    alone, compared = Keys(), Keys()
    with _copies(setting, LARGE) as copies:
        app = _app(setting, "today", copies[LARGE])
        for _ in range(setting.rounds):
            alone.pressed.append(_funnel(setting, app))
        with Terminal(app, setting.env, rows=50, columns=200) as terminal:
            terminal.start(_TODAY)
            terminal.press("5", expect=_FUNNEL, quiet=2)
            terminal.press("c", quiet=2)  # it is remembered from one session to the next
        for _ in range(setting.rounds):
            compared.pressed.append(_funnel(setting, app))
    return [
        Figure("funnel's key to its first table", median(alone.paint), "ms", 150, more=alone.more()),
        Figure("… to all of it", median(alone.settled), "ms", 400, more=alone.more()),
        Figure(
            "… with the reference beside it", median(compared.settled), "ms", 400,
            more=compared.more(),
        ),
    ]  # fmt: skip


def _funnel(setting: Setting, app: Sequence[str]) -> Pressed:
    with Terminal(app, setting.env, rows=50, columns=200) as terminal:
        terminal.start(_TODAY, quiet=1.5)  # the write path loads after the first frame
        return terminal.press("5", expect=_FUNNEL, quiet=1.5)


def memory(setting: Setting) -> list[Figure]:
    """Share of memory once everything is loaded and a deal has been moved, 2,000 deals."""
    hello: list[float] = []
    fresh: list[float] = []
    used: list[float] = []
    with _copies(setting, MIDDLE) as copies:
        for _ in range(max(2, setting.rounds // 3)):
            with Terminal(_HELLO, setting.env) as terminal:
                terminal.start("Hello")
                terminal.press("a")
                hello.append(terminal.memory() / 1024)
            with Terminal(_app(setting, "board", copies[MIDDLE]), setting.env) as terminal:
                terminal.start(_CARD)
                fresh.append(terminal.memory() / 1024)
                for key in ("down", "L", "H", "enter", "q", "down"):
                    terminal.press(key, quiet=0.4)
                used.append(terminal.memory() / 1024)
    more = (f"before the first write {median(fresh):.0f} MB",)
    return [
        Figure(
            "app with 2,000 deals, PSS", median(used), "MB", 2.4, median(hello), "hello world", more
        )
    ]
