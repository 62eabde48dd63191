"""Keys: UUID version 7 (RFC 9562) as 32 hex digits, rising within one process."""

from __future__ import annotations

import os
import random
import threading
import time

_lock = threading.Lock()
_last = 0
_random = random.Random()  # seeded by the system; nobody has to guess a key
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_random.seed)


def new_key() -> str:
    """A new key. Keys made later by this process sort later, also within a millisecond."""
    global _last
    with _lock:
        tick = time.time_ns() * 4096 // 1_000_000  # 48 bits of milliseconds, 12 of their fraction
        _last = tick = tick if tick > _last else _last + 1
    return _key(tick)


def new_keys(count: int) -> list[str]:
    """As many new keys, rising; for many at once faster than one by one."""
    global _last
    with _lock:
        tick = time.time_ns() * 4096 // 1_000_000
        first = tick if tick > _last else _last + 1
        _last = first + count - 1
    return [*map(_key, range(first, first + count))]


def _key(tick: int) -> str:
    head = (tick >> 12) << 80 | 7 << 76 | (tick & 0xFFF) << 64
    return f"{head | 2 << 62 | _random.getrandbits(62):032x}"
