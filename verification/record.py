"""What every stored output begins with."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def heading(command: str, seconds: float) -> str:
    """Date, commit, command and time taken."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return f"{now} · commit {commit()} · python -m verification.{command} · {seconds:.0f} s"


def commit() -> str:
    """Return the short hash of the checkout, with a plus if tracked files differ from it."""
    dirty = "+" if _git("status", "--porcelain", "--untracked-files=no", "--", "src", "tests", "pyproject.toml") else ""
    return (_git("rev-parse", "--short", "HEAD") or "unknown") + dirty


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
