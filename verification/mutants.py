"""Whether the tests see small changes of the code: a fresh sample of mutants, each run against its room's tests.

::

    python -m verification.mutants --seed 9 --n 100 -o verification/mutants.txt     # goes on where it was cut off
    python -m verification.mutants --seed 9 --n 20 --only metrics/_chance.py        # one file or room

A mutant that survives is a candidate for an equivalent one: where no number, slot or error changes, name it with the
reason in ``verification/equivalents.txt`` and run again; it is then taken out of the count. Every other survivor asks
for a test. A run that takes longer than the limit counts as killed, and is listed. A kill counts only once the tests that
killed pass without a mutant; if they do not, the run ends.
"""

from __future__ import annotations

import argparse
import collections
import json
import math
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from queue import Queue
from random import Random
from typing import Any

from verification.mutating.sites import Mutant, sites
from verification.mutating.trial import Copy
from verification.record import ROOT, commit, heading

PACKAGE = ROOT / "src" / "spsim"
EQUIVALENTS = Path(__file__).with_name("equivalents.txt")
PERCENT = 92


def main() -> int:
    """Run the sample, print the report, and return 1 if fewer than 92 percent were killed."""
    options = _options()
    begin = time.monotonic()
    sample = drawn(options.seed, options.n, options.only)
    done = _stored(Path(options.state), f"{options.seed} {commit()}")
    _run([mutant for mutant in sample if mutant.key not in done], done, options)
    text, is_enough = report(options, sample, done, time.monotonic() - begin)
    print(text)
    if options.output:
        Path(options.output).write_text(text + "\n", encoding="utf-8")
    return 0 if is_enough else 1


def drawn(seed: int, n: int, only: str = "") -> list[Mutant]:
    """Return ``n`` mutants of distinct nodes.

    An operator is drawn with a chance that grows as the square root of its places, so that numbers, which are more than
    half of all places, leave room for the others; then one of its places, all alike.
    """
    random, used = Random(seed), set()
    places: dict[str, list[Mutant]] = collections.defaultdict(list)
    for mutant in sites(PACKAGE, only):
        places[mutant.operator].append(mutant)
    weights = [math.sqrt(len(mutants)) for mutants in places.values()]
    sample: list[Mutant] = []
    n_nodes = len({mutant.node for mutants in places.values() for mutant in mutants})
    while len(sample) < min(n, n_nodes) and len(used) < n_nodes:
        mutant = random.choice(places[random.choices(list(places), weights)[0]])
        if mutant.node not in used:
            used.add(mutant.node)
            sample += [mutant] if mutant.parses((PACKAGE / mutant.path).read_bytes()) else []
    return sample


def equivalents(text: str) -> dict[tuple[str, str, str], str]:
    """Read lines ``file ¦ before ¦ after ¦ reason``."""
    lines = [line.split(" ¦ ") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {(path, before, after): reason for path, before, after, reason in lines}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the sample; by default a new one")
    parser.add_argument("--n", type=int, default=100, help="number of mutants")
    parser.add_argument("--only", default="", help="room or file, relative to src/spsim")
    parser.add_argument("--jobs", type=int, default=1, choices=(1, 2))
    parser.add_argument("--seconds", type=float, default=600, help="limit for one mutant")
    parser.add_argument("--state", default="mutants.jsonl", help="results so far, one line each")
    parser.add_argument("-o", "--output", help="file for the report")
    return parser.parse_args()


def _stored(state: Path, run: str) -> dict[str, dict[str, Any]]:
    """Read what an earlier run of the same seed and commit left; start the file if there is none."""
    lines = state.read_text(encoding="utf-8").splitlines() if state.exists() else []
    if not lines:
        state.write_text(json.dumps({"run": run}) + "\n", encoding="utf-8")
        return {}
    if json.loads(lines[0])["run"] != run:
        sys.exit(f"{state} belongs to seed and commit {json.loads(lines[0])['run']}, not {run}: remove or name another")
    return {record["key"]: record for record in map(json.loads, lines[1:])}


def _run(sample: list[Mutant], done: dict[str, dict[str, Any]], options: argparse.Namespace) -> None:
    if not sample:
        return
    # A run that is ended from outside removes its copies too.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    copies: Queue[Copy] = Queue()
    for _ in range(options.jobs):
        copies.put(Copy(ROOT))
    try:
        with ThreadPoolExecutor(options.jobs) as pool, Path(options.state).open("a", encoding="utf-8") as state:
            for mutant, trial in pool.map(lambda mutant: _tried(mutant, copies, options.seconds), sample):
                done[mutant.key] = {"key": mutant.key, **asdict(trial)}
                state.write(json.dumps(done[mutant.key]) + "\n")
                state.flush()
                print(
                    f"{trial.state} {mutant.path}:{mutant.line} {trial.seconds:.0f} s {trial.by}",
                    file=sys.stderr,
                    flush=True,
                )
    finally:
        while not copies.empty():
            copies.get().remove()


def _tried(mutant: Mutant, copies: Queue[Copy], seconds: float) -> tuple[Mutant, Any]:
    copy = copies.get()
    try:
        return mutant, copy.try_mutant(mutant, seconds=seconds)
    finally:
        copies.put(copy)


def report(
    options: argparse.Namespace, sample: list[Mutant], done: dict[str, dict[str, Any]], seconds: float
) -> tuple[str, bool]:
    """Return the report, and whether enough were killed."""
    known = equivalents(EQUIVALENTS.read_text(encoding="utf-8"))
    states: dict[str, list[Mutant]] = collections.defaultdict(list)
    for mutant in sample:
        is_equivalent = done[mutant.key]["state"] == "survived" and _lines(mutant) in known
        states["equivalent" if is_equivalent else done[mutant.key]["state"]].append(mutant)
    n_killed = len(states["killed"]) + len(states["timeout"])
    n_changing = len(sample) - len(states["equivalent"])
    rate = 100 * n_killed / max(n_changing, 1)
    only = f" --only {options.only}" if options.only else ""
    lines = [
        heading(f"mutants --seed {options.seed} --n {options.n}{only}", seconds),
        f"{len(sample)} mutants: {len(states['killed'])} killed, {len(states['timeout'])} timeouts, "
        f"{len(states['survived'])} survived, {len(states['equivalent'])} equivalent",
        f"killed of those that change a result: {n_killed} of {n_changing}, {rate:.1f} % (at least {PERCENT} % wanted)",
    ]
    for state in ("survived", "timeout", "equivalent"):
        for mutant in states[state]:
            path, before, after = _lines(mutant)
            reason = f"\n    reason {known[path, before, after]}" if state == "equivalent" else ""
            lines.append(
                f"- {state}: {path}:{mutant.line} ({mutant.operator})\n    before {before}\n    after  {after}{reason}"
            )
    return "\n".join(lines), rate >= PERCENT


def _lines(mutant: Mutant) -> tuple[str, str, str]:
    return mutant.path, *mutant.difference((PACKAGE / mutant.path).read_bytes())


if __name__ == "__main__":
    sys.exit(main())
