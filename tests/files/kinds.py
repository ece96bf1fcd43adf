"""Kinds of files and folders whose owner is plain to see."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from spsim._files import Kind, Target, aim


def foreign(path: Path) -> str | None:
    names = {part.name for part in path.iterdir()} - {"ours"} if path.is_dir() else set()
    content = path / "ours" if path.is_dir() else path
    is_ours = content.is_file() and content.read_text().startswith("ours")
    return None if is_ours and not names else f"it holds {min(names)!r}" if names else "it is not ours"


NOTE = Kind(name="a note", is_folder=False, foreign=foreign)
BOX = Kind(name="a box", is_folder=True, foreign=foreign)


def writer(text: str) -> Callable[[str], None]:
    """Write a note, or with a name without an ending a box."""

    def write(path: str) -> None:
        if Path(path).suffix:
            Path(path).write_text(text)
        else:
            Path(path).mkdir()
            (Path(path) / "ours").write_text(text)

    return write


def target(path: Path, *, force: bool = False) -> Target:
    return aim(path, kind=NOTE if path.suffix else BOX, force=force)


def text(path: Path) -> str:
    return (path / "ours" if path.is_dir() else path).read_text()
