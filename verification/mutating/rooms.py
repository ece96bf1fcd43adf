"""Which tests a mutant meets: its room's, its doctests, the golden ones and some workflows; likeliest killers first."""

from __future__ import annotations

from pathlib import Path

# Tests of these folders judge the room too.
BESIDE = {
    "likelihoods": ("statistical",),
    "sampling": ("likelihoods", "statistical"),
    "truth": ("slots", "scenarios"),
    "designs": ("slots",),
    "factors": ("slots", "scenarios"),
    "slots": ("scenarios", "get", "datasets", "workflows/test_files.py"),
    "scenarios": ("slots", "factors", "designs", "datasets"),
    "_matrix_market": ("workflows/test_files.py",),
    "_cli": ("test_cli.py", "test_cli_score.py"),
    "_files": ("cli", "test_cli.py", "workflows/test_files.py"),
    "_keys": ("scenarios", "get", "tl"),
    "_recipe": ("scenarios", "patterns", "likelihoods"),
    "_deviates": ("factors",),
    "_categories": ("factors", "designs"),
    "_warn": ("scenarios",),
}
FIXED = (
    "golden",
    "test_signatures.py",
    "test_import.py",
    "test_fuzzed.py",
    "test_views.py",
    "workflows/test_mudata.py",
    "workflows/test_files.py",
)


def stages(root: Path, path: str) -> list[list[str]]:
    """Arguments of pytest, one list after the other, for a file of the package."""
    room, _, rest = path.partition("/")
    stem = Path(rest or path).stem.lstrip("_")
    room = room.removesuffix(".py")
    tests = root / "tests"
    first = [*tests.glob(f"{room}/**/test_{stem}.py"), *tests.glob(f"test_{room.lstrip('_')}*.py")]
    second = [
        tests / room.lstrip("_"),
        *(tests / name for name in BESIDE.get(room, ())),
        *(tests / name for name in FIXED),
    ]
    doctests = f"src/spsim/{path}"
    return [[*_named(first, root), doctests], _named([each for each in second if each.exists()], root)]


def _named(paths: list[Path], root: Path) -> list[str]:
    return list(dict.fromkeys(path.relative_to(root).as_posix() for path in paths))
