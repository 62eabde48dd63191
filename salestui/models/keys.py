"""Keys: UUID version 7 (RFC 9562) as 32 hex digits, rising within one process."""

from __future__ import annotations

import os
import threading
import time

_lock = threading.Lock()
_last = 0


def new_key() -> str:
    """A new key. Keys made later by this process sort later, also within a millisecond."""
    global _last
    with _lock:
        tick = time.time_ns() * 4096 // 1_000_000  # 48 bits of milliseconds, 12 of their fraction
        _last = tick = tick if tick > _last else _last + 1
    value = (tick >> 12) << 80 | 7 << 76 | (tick & 0xFFF) << 64
    value |= 2 << 62 | int.from_bytes(os.urandom(8), "big") >> 2
    return f"{value:032x}"
