"""A process of its own for the cases: what dies, hangs or swallows memory takes only it along."""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

# The check before a simulation sees so much free memory; what it lets pass must stay below the limit.
SEEN, LIMIT = 2**29, 4 * 2**30
# Longest silence of a worker: an alarm cannot interrupt compiled code, and none rings for what only waits.
SILENCE, WARM_UP = 45.0, 300.0


def outcomes(seed: int, numbers: range) -> Iterator[dict[str, Any]]:
    """Yield the outcome of every case; after a death a new worker goes on behind the case that caused it."""
    start = numbers.start
    while start < numbers.stop:
        connection, worker = _started(seed, range(start, numbers.stop))
        begun: dict[str, Any] | None = None
        while (message := _received(connection, SILENCE)) is not None:
            begun = message if "kind" not in message else None
            if begun is None:
                start = message["number"] + 1
                yield message
        worker.join(5)
        worker.kill()
        worker.join()
        if begun is not None:
            start = begun["number"] + 1
            yield begun | {"kind": "failed", "message": "the process was lost", **_loss(worker.exitcode, begun)}


def _started(seed: int, numbers: range) -> tuple[Connection, Any]:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    worker = context.Process(target=_work, args=(theirs, seed, numbers), daemon=True)
    worker.start()
    theirs.close()
    if _received(ours, WARM_UP) is None:
        msg = f"the worker was not ready after {WARM_UP:g} s, exit code {worker.exitcode}; see it with FUZZ_STDERR=1"
        raise RuntimeError(msg)
    return ours, worker


def _received(connection: Connection, seconds: float) -> dict[str, Any] | None:
    try:
        return connection.recv() if connection.poll(seconds) else None
    except EOFError:
        return None


def _loss(exit_code: int | None, current: dict[str, Any]) -> dict[str, Any]:
    """Group and seconds of a case whose process fell silent, or ended by a signal."""
    if exit_code in (None, -signal.SIGKILL):
        return {"group": ("Hang", "in compiled code, or killed"), "seconds": SILENCE}
    is_damaged = "flip('" in current["text"] and any(suffix in current["text"] for suffix in (".h5mu", ".h5ad"))
    what = "a damaged HDF5 file" if is_damaged else f"a case of family {current['family']!r}"
    return {"group": ("Death", f"signal {-exit_code} on {what}"), "seconds": 0.0}


def _work(connection: Connection, seed: int, numbers: range) -> None:
    _be_quiet()
    from verification.fuzzing.draw import draw
    from verification.fuzzing.guard import judge
    from verification.fuzzing.shrink import shrunk

    _warm_up()
    _limit_memory()
    connection.send({"ready": True})
    seen: set[tuple[str, str]] = set()
    for number in numbers:
        family, case = draw(seed, number)
        about = {"number": number, "family": family, "text": case.text}
        connection.send(about)
        outcome = _in_an_empty_folder(judge, case)
        if outcome.kind in ("failed", "raw") and outcome.group not in seen and outcome.group[0] != "Hang":
            seen.add(outcome.group)
            about["text"] = shrunk(case, outcome, lambda smaller: _in_an_empty_folder(judge, smaller)).text
            about["shrunk"] = True
        connection.send(about | asdict(outcome))


def _be_quiet() -> None:
    os.environ["MPLBACKEND"] = "Agg"
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    if not os.environ.get("FUZZ_STDERR"):
        os.dup2(nowhere, 2)


def _warm_up() -> None:
    """Load what is loaded on first use: libraries, objects, files."""
    import spsim as sps
    from verification.fuzzing.world import WORLDS, put, world

    for number in range(WORLDS):
        sps.tl.evaluate(world(number), ["X_guess", "rna:guess"], n_chance=1)
    sps.pl.overview(world(0))
    with tempfile.TemporaryDirectory() as folder:
        for name in ("t.h5mu", "t.zarr", "e.h5ad", "e.csv"):
            put(f"{folder}/{name}")


def _limit_memory() -> None:
    import psutil

    measured = psutil.virtual_memory
    psutil.virtual_memory = lambda: measured()._replace(available=SEEN)
    limit = psutil.Process().memory_info().vms + LIMIT
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _in_an_empty_folder(judge: Any, case: Any) -> Any:
    home = os.getcwd()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.chdir(folder)
        try:
            return judge(case)
        finally:
            os.chdir(home)
            if pyplot := sys.modules.get("matplotlib.pyplot"):
                pyplot.close("all")
