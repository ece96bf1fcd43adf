"""A tenth of the fuzz, and that the fuzz sees what it is for."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

import pytest

from verification.fuzz import _report
from verification.fuzzing.case import Case
from verification.fuzzing.draw import FAMILIES, draw
from verification.fuzzing.guard import judge
from verification.fuzzing.shrink import shrunk

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_no_hostile_input_escapes() -> None:
    """2,000 inputs: no foreign traceback, no hang, no blow-up; most are built, and many go through; about one minute."""
    command = [sys.executable, "-W", "ignore", "-m", "verification.fuzz", "--n", "2000"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "failures: 0 in 0 groups" in run.stdout
    (line,) = [line for line in run.stdout.splitlines() if line.startswith("outcomes: ")]
    counts = {kind: int(count) for count, kind in re.findall(r"(\d+) (\w+)", line)}
    assert sum(counts.values()) == 2000 and counts["unbuilt"] < 200 < counts["accepted"], line


def test_every_failure_counts() -> None:
    """One of each kind that has ever been excused."""
    about = {"family": "object", "text": "f()", "message": "gone", "seconds": 1.0}
    groups = [("Death", "signal 11 on a damaged HDF5 file"), ("Hang", "?"), ("Hang", "?")]
    found = [about | {"number": i, "kind": "failed", "group": group} for i, group in enumerate(groups)]
    options = argparse.Namespace(seed=1, start=0, n=4)
    text, n_failed = _report(options, [*found, about | {"number": 3, "kind": "accepted", "group": ("", "")}], 1.0)
    assert n_failed == 3 and "failures: 3 in 2 groups" in text
    assert "outcomes: 1 accepted, 0 refused, 0 raw, 0 unbuilt, 3 failed" in text


@pytest.mark.parametrize(
    ("call", "kind", "group"),
    [
        ("sps.metrics.chaos(['a', 'b'], [[0.0], [1.0]])", "accepted", ("", "")),
        ("sps.metrics.chaos(['a', None], [[0.0], [1.0]])", "refused", ("", "")),
        ("sps.metrics.chaos(no_such_name)", "unbuilt", ("", "")),
        ("sps.metrics.chaos(['a'], [[0.0]], no_such_argument=1)", "unbuilt", ("", "")),
        ("sps.metrics.chance_level(lambda null: null[5:][0], [[1]])", "unbuilt", ("", "")),
        (
            "sps.metrics.chance_level(math.sqrt, ['1'])",
            "raw",
            ("TypeError", "metrics/_chance.py:chance_level"),
        ),
        (
            "sps.metrics.chance_level(math.factorial, [10**6] * 3)",
            "failed",
            ("Hang", "metrics/_chance.py:chance_level"),
        ),
        (
            "sps.metrics.chance_level(json.loads, ['{'])",
            "failed",
            ("JSONDecodeError", "metrics/_chance.py:chance_level"),
        ),
        (
            "sps.metrics.chance_level(pathlib.Path.as_posix, [1])",
            "failed",
            ("AttributeError", "metrics/_chance.py:chance_level"),
        ),
        (
            "sps.metrics.chance_level(np.zeros, [2**50])",
            "failed",
            ("MemoryError", "metrics/_chance.py:chance_level"),
        ),
    ],
)
def test_outcomes_are_told_apart(call, kind, group) -> None:
    """Through a metric that calls a function of the user's: an error in the text of the case is none of the package."""
    function, _, rest = call.partition("(")
    outcome = judge(Case(function=function, positional=(rest[:-1],)), seconds=1)
    assert (outcome.kind, outcome.group) == (kind, group)


def test_values_that_are_not_finite_are_seen() -> None:
    setup = (
        "sps = __import__('types').SimpleNamespace(simulate=lambda m: m)",
        "m = world(0)",
        "m['rna'].X[0, 0] = math.inf",
    )
    outcome = judge(Case(function="sps.simulate", setup=setup, positional=("m",)))
    assert outcome.group == ("Silent", "simulated values that are not finite")
    assert judge(Case(function="sps.simulate", setup=setup[:2], positional=("m",))).kind == "accepted"


def test_cases_are_of_every_family_and_depend_on_seed_and_number_only() -> None:
    drawn = [draw(1, number) for number in range(60)]
    assert {family for family, _ in drawn} == set(FAMILIES)
    assert drawn == [draw(1, number) for number in range(60)] != [draw(2, number) for number in range(60)]
    for _, case in drawn:
        for statement in case.setup:
            compile(statement, "", "exec")
        compile(case.call, "", "eval")


def test_a_failing_case_is_shrunk_to_what_fails() -> None:
    case = Case(
        function="sps.metrics.chance_level",
        setup=("a = 1", "b = json.loads", "c = 2"),
        positional=("b", "['{']"),
    )
    outcome = judge(case)
    assert shrunk(case, outcome, judge).text == "b = json.loads; sps.metrics.chance_level(b, ['{'])"
