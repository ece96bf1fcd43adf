"""Runs of tests in a copy of the tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from verification.mutating.rooms import stages
from verification.mutating.sites import Mutant

# Nothing was collected: a module without doctests.
NO_TESTS = 5


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What became of a mutant."""

    state: str
    """killed, survived or timeout."""
    by: str
    """The test that failed first."""
    seconds: float


class Copy:
    """A copy of the tree, in which one file at a time is changed; the checkout is never touched."""

    def __init__(self, root: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="spsim-mutants-"))
        self._green: set[tuple[str, ...]] = set()
        for name in _files(root):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, self.folder / name)
        self._check()

    def try_mutant(self, mutant: Mutant, *, seconds: float) -> Trial:
        """Apply the mutant, run its tests until one fails, restore; what failed must pass without the mutant."""
        path = self.folder / "src" / "spsim" / mutant.path
        source = path.read_bytes()
        path.write_bytes(mutant.applied(source))
        try:
            trial, failed = self._tried(mutant.path, seconds=seconds)
        finally:
            path.write_bytes(source)
        self._check_green(failed, seconds)
        return trial

    def _tried(self, path: str, *, seconds: float) -> tuple[Trial, list[str]]:
        """Run the tests of a file of the package; also return which of them failed, or were running at the end."""
        begin = time.monotonic()
        for arguments in stages(self.folder, path):
            left = seconds - (time.monotonic() - begin)
            try:
                run = self._tests(arguments, left)
            except subprocess.TimeoutExpired:
                return Trial(state="timeout", by=" ".join(arguments), seconds=time.monotonic() - begin), arguments
            if run.returncode not in (0, NO_TESTS):
                by = _first_failure(run.stdout)
                trial = Trial(state="killed", by=by, seconds=time.monotonic() - begin)
                return trial, _file_of(by, self.folder) or arguments
        return Trial(state="survived", by="", seconds=time.monotonic() - begin), []

    def _check_green(self, arguments: list[str], seconds: float) -> None:
        """Without a mutant these tests must pass in the same time, or a kill by them would mean nothing."""
        if not arguments or tuple(arguments) in self._green:
            return
        try:
            run = self._tests(arguments, seconds)
            failed = "" if run.returncode == 0 else f"{run.stdout[-500:]} {run.stderr[-500:]}"
        except subprocess.TimeoutExpired:
            failed = f"not done after {seconds:.0f} s"
        if failed:
            msg = f"no mutant can be tried, since {' '.join(arguments)} fail without one: {failed}"
            raise RuntimeError(msg)
        self._green.add(tuple(arguments))

    def remove(self) -> None:
        """Remove the copy."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _tests(self, arguments: list[str], seconds: float) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=no", *arguments]
        return self._run(command, seconds)

    def _run(self, command: list[str], seconds: float) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "PYTHONPATH": str(self.folder / "src"),
            # Two changes of equal size within a second would share a compiled file.
            "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_NUM_THREADS": "1",
            "MPLBACKEND": "Agg",
        }
        return subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=max(seconds, 1),
            check=False,
        )

    def _check(self) -> None:
        run = self._run([sys.executable, "-c", "import spsim; print(spsim.__file__)"], 60)
        if not run.stdout.startswith(str(self.folder)):
            msg = f"the copy's own package is not the one that is imported: {run.stdout.strip()} {run.stderr.strip()}"
            raise RuntimeError(msg)


def _files(root: Path) -> list[str]:
    command = ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in listed if (root / name).is_file() and not (root / name).is_symlink()]


def _first_failure(output: str) -> str:
    lines = [line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return lines[0][:160] if lines else output.strip().splitlines()[-1][:160] if output.strip() else "no output"


def _file_of(failure: str, root: Path) -> list[str]:
    """The test file that a line of pytest's summary names; none if it names no file."""
    name = failure.partition(" ")[2].partition("::")[0].partition(" ")[0]
    return [name] if name and (root / name).is_file() else []
