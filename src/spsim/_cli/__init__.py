"""The command line: `spsim list`, `spsim simulate` and `spsim score`."""

from __future__ import annotations

from spsim._cli._main import main

__all__ = ["main"]
