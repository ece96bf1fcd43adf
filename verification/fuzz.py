"""Hostile input: no foreign traceback, no hang above 10 s, no blow-up of memory.

::

    python -m verification.fuzz                                   # 20,000 inputs
    python -m verification.fuzz --start 5000 --n 5000 -o FILE     # a piece of them
    python -m verification.fuzz --show 1234                       # one input as Python text

Case ``i`` of a seed is the same in every piece. A failure is an exception other than ValueError, TypeError, KeyError,
FileNotFoundError, FileExistsError, click's and ImportError, one of these whose innermost frame lies outside the
package, more than 10 s of processor time, more than 4 GiB, or simulated values that are not finite. Reported apart and
no failure: errors that compiled code raises in a line of the package (raw), which usually name no field.
"""

from __future__ import annotations

import argparse
import collections
import sys
import time
from pathlib import Path
from typing import Any

from verification.record import heading


def main() -> int:
    """Run a piece, print the report, and return 1 if anything failed."""
    options = _options()
    if options.show is not None:
        from verification.fuzzing.draw import draw

        print(draw(options.seed, options.show)[1].text)
        return 0
    from verification.fuzzing.worker import outcomes

    numbers, begin, found = range(options.start, options.start + options.n), time.monotonic(), []
    for outcome in outcomes(options.seed, numbers):
        found.append(outcome)
        if options.progress and len(found) % 500 == 0:
            print(f"{len(found)} after {time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)
    text, n_failed = _report(options, found, time.monotonic() - begin)
    print(text)
    if options.output:
        with Path(options.output).open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    return 1 if n_failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("--start", type=int, default=0, help="number of the first case")
    parser.add_argument("--n", type=int, default=20_000, help="number of cases")
    parser.add_argument("--show", type=int, help="print this case and stop")
    parser.add_argument("--progress", action="store_true", help="count on stderr")
    parser.add_argument("-o", "--output", help="append the report to this file")
    return parser.parse_args()


def _report(options: argparse.Namespace, found: list[dict[str, Any]], seconds: float) -> tuple[str, int]:
    kinds = collections.Counter(outcome["kind"] for outcome in found)
    families = collections.Counter(outcome["family"] for outcome in found)
    failed = _grouped(found, "failed")
    lines = [
        heading(f"fuzz --seed {options.seed} --start {options.start} --n {options.n}", seconds),
        "inputs: " + ", ".join(f"{count} {family}" for family, count in sorted(families.items())),
        "outcomes: "
        + ", ".join(f"{kinds[kind]} {kind}" for kind in ("accepted", "refused", "raw", "unbuilt", "failed")),
        f"slowest: {max((outcome['seconds'] for outcome in found), default=0):.1f} s of processor time",
        f"failures: {kinds['failed']} in {len(failed)} groups",
    ]
    for group, members in failed.items():
        lines += _lines(group, members)
    raw = _grouped(found, "raw")
    lines.append(f"raw, no failures: {kinds['raw']} in {len(raw)} groups")
    for group, members in raw.items():
        lines += _lines(group, members)
    return "\n".join(lines), kinds["failed"]


def _grouped(found: list[dict[str, Any]], kind: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    groups = collections.defaultdict(list)
    for outcome in found:
        if outcome["kind"] == kind:
            groups[tuple(outcome["group"])].append(outcome)
    return dict(sorted(groups.items(), key=lambda item: -len(item[1])))


def _lines(group: tuple[str, str], members: list[dict[str, Any]]) -> list[str]:
    least = min(members, key=lambda outcome: (not outcome.get("shrunk"), len(outcome["text"])))
    return [
        f"- {group[0]} in {group[1]}, {len(members)} times, first is number {members[0]['number']}",
        f"    {least['message'][:300]}",
        f"    {least['text'][:1500]}",
    ]


if __name__ == "__main__":
    sys.exit(main())
