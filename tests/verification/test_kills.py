"""A tenth of the kills of `verification.kills`, and that a write that fails by itself is no kill."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from verification.kills import Case, outcome, steps_of
from verification.writes import FAILED, REFUSED, STOPPED, Writes, digest, in_child

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="forks, and expects an exchange")
def test_a_tenth_of_the_kills_loses_nothing() -> None:
    command = [sys.executable, "-m", "verification.kills", "--share", "10"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    (total,) = [line.split() for line in run.stdout.splitlines() if line.startswith("all ")]
    hit, *_, left_after = map(int, total[1:])
    assert hit >= 60 and left_after == 0


def failing(path: str) -> None:
    msg = f"no {path}"
    raise ValueError(msg)


def small(path: str) -> None:
    Path(path).write_text("new,1\n")


def writes_of(*versions) -> Writes:
    writes = Writes.__new__(Writes)
    writes._by_name, writes.digests = {"data.csv": list(versions)}, {}
    return writes


def interrupted() -> None:
    raise KeyboardInterrupt


def interrupted_in_an_import() -> None:
    try:
        raise KeyboardInterrupt
    except KeyboardInterrupt as error:
        msg = "initialization failed"
        raise ImportError(msg) from error


def refused() -> None:
    raise FileExistsError


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_a_write_that_fails_by_itself_is_no_kill(tmp_path) -> None:
    children = (lambda: None, interrupted, interrupted_in_an_import, refused, lambda: failing("file"))
    assert [in_child(child) for child in children] == [0, STOPPED, STOPPED, REFUSED, FAILED]
    with pytest.raises(RuntimeError, match=r"the old version of data\.csv could not be written"):
        writes_of(failing, small).keep(tmp_path)
    with pytest.raises(RuntimeError, match=r"data\.csv: the write whose steps .* failed undisturbed"):
        steps_of(tmp_path, "data.csv", writes_of(small, failing), has_old=False, has_exchange=True)
    case = Case(name="data.csv", has_old=False, has_exchange=True, signal="kill", phase="after", step=10**6)
    with pytest.raises(RuntimeError, match="the write failed for another reason than the signal"):
        outcome(case, tmp_path, writes_of(small, failing))


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_steps_are_those_of_a_whole_write(tmp_path) -> None:
    steps = steps_of(tmp_path, "data.csv", writes_of(failing, small), has_old=False, has_exchange=True)
    assert {phase for phase, _ in steps} == {"before", "inside", "after", "time"}
    assert digest(tmp_path / "work" / "data.csv") == hashed("new,1\n")


def hashed(text: str) -> str:
    return hashlib.sha256(repr([(".", text.encode())]).encode()).hexdigest()
