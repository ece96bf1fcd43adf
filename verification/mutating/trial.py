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
        for name in _files(root):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, self.folder / name)
        self._check()

    def try_mutant(self, mutant: Mutant, *, seconds: float) -> Trial:
        """Apply the mutant, run its tests until one fails, restore."""
        path = self.folder / "src" / "spsim" / mutant.path
        source = path.read_bytes()
        path.write_bytes(mutant.applied(source))
        try:
            return self.run(mutant.path, seconds=seconds)
        finally:
            path.write_bytes(source)

    def run(self, path: str, *, seconds: float) -> Trial:
        """Run the tests of a file of the package."""
        begin = time.monotonic()
        for arguments in stages(self.folder, path):
            left = seconds - (time.monotonic() - begin)
            command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=no", *arguments]
            try:
                run = self._run(command, left)
            except subprocess.TimeoutExpired:
                return Trial(state="timeout", by=" ".join(arguments), seconds=time.monotonic() - begin)
            if run.returncode not in (0, NO_TESTS):
                return Trial(state="killed", by=_first_failure(run.stdout), seconds=time.monotonic() - begin)
        return Trial(state="survived", by="", seconds=time.monotonic() - begin)

    def remove(self) -> None:
        """Remove the copy."""
        shutil.rmtree(self.folder, ignore_errors=True)

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
