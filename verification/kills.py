"""Kill and interrupt every kind of write at every step: the old or the new is whole, and nothing is left behind.

    python -m verification.kills            # all of it, a few minutes; writes kills.txt beside this file
    python -m verification.kills --share 10 # a tenth, shown only

A step is a call to the file system that Python announces to audit hooks (open, rename, mkdir, chmod, listdir …): a child
process signals itself at the k-th of them. Of steps that repeat for each of hundreds of files, and of those inside the
libraries' own writing, a sample is taken; moments between them, in C, are hit at random times. Children are forked from a process that has
everything imported. Last come real command lines, and pairs of processes that write the same at the same time.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spsim import _files
from spsim._cli._kinds import kind_of
from verification.record import heading
from verification.writes import FAILED, NAMES, REFUSED, Writes, digest, fresh, in_child, prepared, start, wait, write_to

STEPS = {f"os.{name}" for name in "chmod chown link listdir mkdir remove rename rmdir scandir truncate".split()}
STEPS |= {"open", "shutil.rmtree"}
SIGNALS = {"kill": signal.SIGKILL, "terminate": signal.SIGTERM, "interrupt": signal.SIGINT}
N_ENDS, N_REPEATED, N_INSIDE, N_TIMED = 3, 3, 2, 1
N_LINES, N_PAIRS = 9, 20
LATEST = 0.2  # seconds after a child's start


@dataclass(frozen=True, kw_only=True)
class Case:
    """One kill."""

    name: str
    has_old: bool
    has_exchange: bool
    signal: str
    phase: str
    """``before`` the library writes, ``inside`` it, ``after`` it, or ``time`` for a random moment."""
    step: int

    @property
    def label(self) -> str:
        """What the table of results counts it under."""
        return f"{self.name}{'' if self.has_exchange else ' (no exchange)'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--share", type=int, default=1, help="only every n-th kill")
    share = parser.parse_args().share
    warnings.simplefilter("ignore")
    begin = time.monotonic()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
    with tempfile.TemporaryDirectory() as folder:
        lines = report(Path(folder), share)
    where = f"Python {platform.python_version()}, {platform.system()}, one kill in {share}"
    text = "\n".join([heading(f"kills --share {share}", time.monotonic() - begin), where, "", *lines])
    print(text)
    if share == 1:
        Path(__file__).with_suffix(".txt").write_text(text + "\n", encoding="utf-8")


def report(folder: Path, share: int) -> list[str]:
    """Do it all; raises at the first loss."""
    writes = Writes()
    writes.keep(folder)
    random.seed(0)
    cases = [case for name in NAMES for case in cases_of(folder, name, writes)][::share]
    counts: dict[str, Counter[str]] = {}
    for number, case in enumerate(cases):
        if number % 50 == 0:
            print(f"{number} of {len(cases)}", file=sys.stderr)
        found = outcome(case, folder, writes)
        counts.setdefault(f"{case.label:24}{case.signal}", Counter()).update(found)
    columns = ("hit", "too late", "none", "old", "new", "left at once", "left after")
    lines = [f"{'':40}" + "".join(f"{column:>14}" for column in columns)]
    for label, count in counts.items():
        lines.append(f"{label:40}" + "".join(f"{count[column]:14}" for column in columns))
    total = sum(counts.values(), Counter())
    lines += [
        f"{'all':40}" + "".join(f"{total[column]:14}" for column in columns),
        "",
        "none, old, new: what stood there after the next sweep; none only where there was no old one",
        "left at once: temporaries right after the kill; left after: after the next sweep (with which every write begins)",
        "",
        f"command lines stopped while they wrote: {shown(command_lines(folder, max(1, N_LINES // share)))}",
        f"pairs that wrote the same at the same time: {shown(pairs(folder, writes, max(1, N_PAIRS // share)))}",
    ]
    return lines


def shown(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))


def cases_of(folder: Path, name: str, writes: Writes) -> Iterator[Case]:
    """Yield the kills of one kind of write, with and without an old one, and without an exchange where one is used."""
    is_folder = kind_of(Path(name)).is_folder
    for has_exchange in (True, False) if is_folder else (True,):
        for has_old in (False, True):
            steps = steps_of(folder, name, writes, has_old=has_old, has_exchange=has_exchange)
            for signal_name in SIGNALS:
                for phase, step in steps:
                    yield Case(
                        name=name,
                        has_old=has_old,
                        has_exchange=has_exchange,
                        signal=signal_name,
                        phase=phase,
                        step=step,
                    )


def steps_of(folder: Path, name: str, writes: Writes, *, has_old: bool, has_exchange: bool) -> list[tuple[str, int]]:
    """Count the steps of an undisturbed write, and choose some."""
    target = prepared(folder, name, has_old=has_old)
    notes = folder / "steps.json"

    def counted() -> None:
        steps = Steps(None, 0, signal.SIGTERM)
        write_to(target, steps.around(writes.new(name)), has_exchange=has_exchange)
        notes.write_text(json.dumps(steps.events))

    if in_child(counted):
        msg = f"{name}: the write whose steps were to be counted failed undisturbed"
        raise RuntimeError(msg)
    events = json.loads(notes.read_text())
    inside = [("inside", random.randint(1, len(events["inside"]))) for _ in range(N_INSIDE if events["inside"] else 0)]
    outside = [(phase, step) for phase in ("before", "after") for step in chosen(events[phase])]
    return outside + inside + [("time", k) for k in range(N_TIMED)]


def chosen(events: list[str]) -> list[int]:
    """All steps around a rename and at both ends; a sample of the rest."""
    n = len(events)
    near = {k + shift for k in range(n) if events[k] == "os.rename" for shift in (-1, 0, 1)}
    ends = {*range(N_ENDS), *range(n - N_ENDS, n)}
    rest = random.sample(range(n), min(n, N_REPEATED))
    return sorted(k + 1 for k in {*near, *ends, *rest} if 0 <= k < n)


class Steps:
    """Notes steps by phase, and signals its own process at one of them."""

    def __init__(self, phase: str | None, step: int, number: int) -> None:
        self.events: dict[str, list[str]] = {"before": [], "inside": [], "after": []}
        self._now, self._wanted, self._number = "before", (phase, step), number
        sys.addaudithook(self._hear)

    def around(self, write: Callable[[str], object]) -> Callable[[str], None]:
        """Tell the library's writing from what comes before and after it."""

        def written(path: str) -> None:
            self._now = "inside"
            write(path)
            self._now = "after"

        return written

    def _hear(self, event: str, _: object) -> None:
        if event in STEPS:
            self.events[self._now].append(event)
            if (self._now, len(self.events[self._now])) == self._wanted:
                os.kill(os.getpid(), self._number)


def outcome(case: Case, folder: Path, writes: Writes) -> dict[str, int]:
    """Do one kill, and see what stands there and what is left."""
    target = prepared(folder, case.name, has_old=case.has_old)
    number = SIGNALS[case.signal]

    def disturbed() -> None:
        write = writes.new(case.name)
        if case.phase != "time":
            write = Steps(case.phase, case.step, number).around(write)
        write_to(target, write, has_exchange=case.has_exchange)

    child = start(disturbed)
    if case.phase == "time":
        time.sleep(random.uniform(0, LATEST))
        os.kill(child, number)
    ended = wait(child)
    if ended in (FAILED, REFUSED):
        msg = f"{case}: the write failed for another reason than the signal"
        raise RuntimeError(msg)
    left = [path.name for path in target.parent.iterdir() if path.name != target.name]
    if case.has_exchange:
        stands(case, target, writes)  # whole at once, before anything is swept
    _files.sweep(target.parent)
    still = [path.name for path in target.parent.iterdir() if path.name != target.name]
    if still:
        msg = f"{case}: left {still}"
        raise RuntimeError(msg)
    what = stands(case, target, writes)
    return {"hit" if ended else "too late": 1, what: 1, "left at once": len(left), "left after": len(still)}


def stands(case: Case, target: Path, writes: Writes) -> str:
    """Return whether the old one, the new one or none is there; anything else is a loss."""
    if not target.exists() and not case.has_old:
        return "none"
    found = digest(target) if target.exists() else "nothing"
    if found not in writes.digests[case.name] or (found == writes.digests[case.name][0] and not case.has_old):
        msg = f"{case}: what stands there is neither the old one nor the new one"
        raise RuntimeError(msg)
    return ("old", "new")[writes.digests[case.name].index(found)]


def command_lines(folder: Path, number: int) -> Counter[str]:
    """Kill real command lines at random times after their start; the next one must leave its file and nothing else."""
    place = fresh(folder / "lines")
    counts: Counter[str] = Counter()
    for k in range(number):
        name, signal_name = NAMES[k % 3], list(SIGNALS)[(k + k // 3) % 3]
        command = [sys.executable, "-m", "spsim", "simulate", "quilt", "--n-side", "4", "--force", "-o", name]
        options = {"cwd": place, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        running = subprocess.Popen(command, **options)
        while running.poll() is None and not list(place.glob(".spsim*")):
            time.sleep(0.01)
        time.sleep(random.uniform(0, LATEST))
        running.send_signal(SIGNALS[signal_name])
        counts[f"{signal_name} {'hit' if running.wait() else 'too late'}"] += 1
        subprocess.run(command, **options, check=True)
        if left := [path.name for path in place.iterdir() if path.name not in NAMES]:
            msg = f"command line left {left}"
            raise RuntimeError(msg)
    return counts


def pairs(folder: Path, writes: Writes, number: int) -> Counter[str]:
    """Let two processes write the same at once; one of the two remains, whole."""
    counts: Counter[str] = Counter()
    for k in range(number):
        name, force = NAMES[k % len(NAMES)], k % 4 != 3
        target = prepared(folder, name, has_old=force)
        children = [
            start(functools.partial(write_to, target, write, has_exchange=k % 2 == 0, force=force))
            for write in (writes.old(name), writes.new(name))
        ]
        ends = [wait(child) for child in children]
        failed = len(ends) - ends.count(0)
        is_refusal = {*ends} <= ({0} if force else {0, REFUSED})
        if (
            not is_refusal
            or failed > 1
            or digest(target) not in writes.digests[name]
            or len(list(target.parent.iterdir())) > 1
        ):
            msg = f"two writers of {name}: ended with {ends}, {list(target.parent.iterdir())} remain"
            raise RuntimeError(msg)
        counts["both wrote" if not failed else "one refused"] += 1
    return counts


if __name__ == "__main__":
    main()
