"""Fault points: where a test may stop the process, to prove that the next run puts all right.

Every step that reaches the disk is followed by a :func:`point`. It does nothing unless
:func:`arm` was called, which the settings do if ``SCALEHOUSE_FAULT`` is set: ``kill@7`` at the
seventh point, ``kill@raw.added`` at the first one of that name, ``kill@raw.added#2`` at its
second; ``full`` instead of ``kill`` stands for a full disk, ``interrupt`` for Ctrl-C, and
``trace@FILE`` writes the name of each point that is passed.
"""

import errno
import os
import signal
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class _Plan:
    action: str
    target: str
    passed: Counter = field(default_factory=Counter)

    def hit(self, name: str) -> None:
        self.passed[name] += 1
        if self.action == "trace":
            with Path(self.target).open("a", encoding="utf-8") as file:
                file.write(f"{name}#{self.passed[name]}\n")
        elif self.target in (
            str(self.passed.total()),
            f"{name}#{self.passed[name]}",
            f"{name}" if self.passed[name] == 1 else None,
        ):
            self.strike(name)

    def strike(self, name: str) -> None:
        if self.action == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.action == "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), name)
        raise KeyboardInterrupt


_plan: _Plan | None = None


def arm(text: str | None) -> None:
    """Strike as ``text`` says from now on; None disarms."""
    global _plan  # noqa: PLW0603 - one plan a process, so that a point costs one comparison
    _plan = _Plan(*text.split("@", 1)) if text else None


def point(name: str) -> None:
    """Mark a place that a process may not get beyond; ``name`` says what has just been done."""
    if _plan is not None:
        _plan.hit(name)
