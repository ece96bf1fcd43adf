"""The case of a number."""

from __future__ import annotations

from random import Random

from verification.fuzzing.case import Case
from verification.fuzzing.command_line import command
from verification.fuzzing.configurations import configuration
from verification.fuzzing.metrics import metric
from verification.fuzzing.objects import operation

FAMILIES = {"configuration": configuration, "metric": metric, "object": operation, "command line": command}
WEIGHTS = (35, 30, 25, 10)


def draw(seed: int, number: int) -> tuple[str, Case]:
    """Return family and case of a number; it depends on nothing else, so a sweep can be run in pieces."""
    random = Random(f"{seed}:{number}")
    family = random.choices(list(FAMILIES), WEIGHTS)[0]
    return family, FAMILIES[family](random)
