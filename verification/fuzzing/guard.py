"""What counts as a failure."""

from __future__ import annotations

import contextlib
import dis
import signal
import time
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import click
import numpy as np
from scipy import sparse

import spsim
from verification.fuzzing.case import Case
from verification.fuzzing.world import consumed, names

PACKAGE = Path(spsim.__file__).parent
REFUSALS = (ValueError, TypeError, KeyError, FileNotFoundError, FileExistsError, click.ClickException)
# Of processor time, so that a busy machine makes no hang of what is none; what only waits, the parent notices.
SECONDS = 10.0
TEXT = "<text of the case>"
SIMULATIONS = ("sps.simulate", "sps.datasets.quilt", "sps.datasets.ggblocks", "sps.datasets.multiomics")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a case: accepted, refused, unbuilt (its own text failed), raw or failed."""

    kind: str
    group: tuple[str, str] = ("", "")
    """Type of the exception and innermost frame of the package."""
    message: str = ""
    seconds: float = 0.0


class Hang(BaseException):
    """Raised by the alarm; no handler of errors takes it for one of its own."""


def judge(case: Case, *, seconds: float = SECONDS) -> Outcome:
    """Run a case and say what became of it."""
    namespace, start = names(), time.process_time()
    signal.signal(signal.SIGPROF, _ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _build(case, namespace)
            result = _called(case, namespace)
    except Hang as hang:
        frames = _own_frames(hang.__traceback__)
        result = Outcome(
            kind="failed",
            group=("Hang", frames[-1] if frames else "?"),
            message=f"more than {seconds:g} s of processor time",
        )
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    took = time.process_time() - start
    return Outcome(kind=result.kind, group=result.group, message=result.message, seconds=round(took, 3))


def _ring(number: int, frame: FrameType | None) -> None:
    raise Hang


def _build(case: Case, namespace: dict[str, Any]) -> None:
    for statement in case.setup:
        # A statement that does not apply to the object at hand is left out.
        with contextlib.suppress(Exception):
            exec(statement, namespace)


def _called(case: Case, namespace: dict[str, Any]) -> Outcome:
    try:
        result: Any = consumed(eval(compile(case.call, TEXT, "eval"), namespace))
    except Exception as error:  # noqa: BLE001 - every kind is judged
        return _judged(error)
    if case.function in SIMULATIONS and not all(map(_is_finite, result.mod.values())):
        return Outcome(
            kind="failed", group=("Silent", "simulated values that are not finite"), message="in X or layers"
        )
    return Outcome(kind="accepted")


def _is_finite(data: Any) -> bool:
    held = (data.X, *data.layers.values())
    return all(np.isfinite(values.data if sparse.issparse(values) else values).all() for values in held)


def _judged(error: Exception) -> Outcome:
    frames = _own_frames(error.__traceback__)
    innermost = _innermost(error.__traceback__)
    if not frames or innermost.tb_frame.f_code.co_filename == TEXT:
        return Outcome(kind="unbuilt")
    message = traceback.format_exception_only(error)[-1].strip().replace("\n", " ")[:300]
    kind = "MemoryError" if isinstance(error, MemoryError) else type(error).__name__
    group = (kind, frames[-1])
    if isinstance(error, ImportError):
        return Outcome(kind="refused")
    if not isinstance(error, REFUSALS) or not _is_own(innermost):
        return Outcome(kind="failed", group=group, message=message)
    if not _is_raised(innermost):
        return Outcome(kind="raw", group=group, message=message)
    return Outcome(kind="refused")


def _own_frames(trace: TracebackType | None) -> list[str]:
    """Frames of the package as ``file:function``, outermost first."""
    frames = []
    while trace is not None:
        if _is_own(trace):
            code = trace.tb_frame.f_code
            frames.append(
                f"{Path(code.co_filename).relative_to(PACKAGE).as_posix()}:{code.co_qualname.split('.<locals>')[0]}"
            )
        trace = trace.tb_next
    return frames


def _innermost(trace: TracebackType | None) -> TracebackType:
    assert trace is not None
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace


def _is_own(trace: TracebackType) -> bool:
    return Path(trace.tb_frame.f_code.co_filename).is_relative_to(PACKAGE)


def _is_raised(trace: TracebackType) -> bool:
    """Whether the line raises by itself, rather than a compiled function that it calls."""
    code = trace.tb_frame.f_code
    at = next((i.opname for i in dis.get_instructions(code) if i.offset == trace.tb_lasti), "")
    return at in ("RAISE_VARARGS", "RERAISE")
