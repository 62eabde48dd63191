"""The outermost line: runs one command; whatever goes wrong becomes one sentence and an exit code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from salestui.errors import Refused

DONE, UNEXPECTED, REFUSED, INTERRUPTED = 0, 1, 2, 130

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
"""A full disk behind `>`, a quota, a drive that is gone."""

COMPLETION = "_SALESTUI_COMPLETE"
"""Set by the shell that asks what the line could be completed to."""


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code. No traceback leaves this function."""
    os.umask(0o077)
    _make_streams_forgiving()
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
        return code
    except Refused as refusal:
        return _complain(str(refusal), REFUSED)
    except KeyboardInterrupt:
        return _complain("Stopped.", INTERRUPTED)
    except BrokenPipeError:
        _abandon_output()
        return DONE
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            _abandon_output(sys.stdout)
            return _complain(f"Not all could be written: {error.strerror}.", REFUSED)
        return _crash(error)


def _dispatch(arguments: Sequence[str]) -> int:
    from salestui.cli import launch

    wish = None if COMPLETION in os.environ else launch.wished(arguments)
    if wish is not None:
        return launch.open_screen(wish)
    from salestui.cli import parsing

    return parsing.run(arguments)


def _crash(error: BaseException) -> int:
    from salestui import crash

    sentence = crash.report(error)
    if COMPLETION in os.environ:  # somebody is typing: no sentence could be read there
        return UNEXPECTED
    return _complain(sentence, UNEXPECTED)


def _complain(sentence: str, code: int) -> int:
    from salestui.text.clean import inert

    line = " ".join(inert(sentence).split())
    try:
        sys.stdout.flush()
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
    except BrokenPipeError:
        _abandon_output()
    return code


def _make_streams_forgiving() -> None:
    """A name that the terminal's encoding lacks is shown with a "?", not answered by an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _abandon_output(*streams: TextIO) -> None:
    """The reader has seen enough (`| head`): what is left in the buffer goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams or (sys.stdout, sys.stderr):
        try:
            os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError):
            continue
