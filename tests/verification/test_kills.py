"""A tenth of the kills of `verification/kills.py`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "verification" / "kills.py"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="forks, and expects an exchange")
def test_a_tenth_of_the_kills_loses_nothing() -> None:
    run = subprocess.run([sys.executable, SCRIPT, "--share", "10"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    (total,) = [line.split() for line in run.stdout.splitlines() if line.startswith("all ")]
    hit, *_, left_after = map(int, total[1:])
    assert hit >= 60 and left_after == 0
