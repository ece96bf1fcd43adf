"""What the dead left is put back or removed; what the living use is spared."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from spsim._files import _lock, _unfinished, sweep
from spsim._files._unfinished import unfinished

LIVING = """
import sys, time
from pathlib import Path
from spsim._files._unfinished import unfinished
with unfinished(Path(sys.argv[1])) as room:
    (room / "new").mkdir()
    (room / "new" / "big").write_text("half")
    print(room, flush=True)
    time.sleep(600)
"""


def left(folder: Path, **parts: str) -> Path:
    """What a killed process leaves."""
    room = folder / f"{_unfinished.PREFIX}0123456789abcdef"
    room.mkdir()
    (room / "lock").touch()
    for part, name in parts.items():
        (room / part / name).mkdir(parents=True)
        (room / part / name / "x").write_text(part)
    return room


def test_a_room_is_gone_afterwards(tmp_path: Path) -> None:
    with unfinished(tmp_path) as room:
        assert room.parent == tmp_path and room.stat().st_mode & 0o777 == 0o700
        (room / "new").mkdir()
        (room / "new" / "x").touch()
        sweep(tmp_path)
        assert (room / "new" / "x").exists()  # this process is alive
    assert not list(tmp_path.iterdir())


def test_the_living_are_spared_and_the_dead_are_swept(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", LIVING, tmp_path], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        room = Path(process.stdout.readline().strip())
        sweep(tmp_path)
        assert (room / "new" / "big").read_text() == "half"
        process.send_signal(signal.SIGKILL)
    assert room.exists()
    sweep(tmp_path)
    assert not list(tmp_path.iterdir())


def test_an_old_one_whose_place_is_empty_is_put_back(tmp_path: Path) -> None:
    left(tmp_path, new="d.zarr", old="d.zarr")
    sweep(tmp_path)
    assert (tmp_path / "d.zarr" / "x").read_text() == "old" and len(list(tmp_path.iterdir())) == 1


def test_an_old_one_whose_place_is_taken_is_removed(tmp_path: Path) -> None:
    left(tmp_path, old="d.zarr")
    (tmp_path / "d.zarr").mkdir()
    (tmp_path / "d.zarr" / "x").write_text("new")
    sweep(tmp_path)
    assert (tmp_path / "d.zarr" / "x").read_text() == "new" and len(list(tmp_path.iterdir())) == 1


def test_an_old_one_that_cannot_be_put_back_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = left(tmp_path, old="d.zarr")

    def forbidden(*_: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(_unfinished, "rename_new", forbidden)
    sweep(tmp_path)
    assert (room / "old" / "d.zarr" / "x").read_text() == "old"
    monkeypatch.undo()
    sweep(tmp_path)
    assert (tmp_path / "d.zarr" / "x").read_text() == "old" and len(list(tmp_path.iterdir())) == 1


def test_a_room_that_was_hardly_made_is_swept(tmp_path: Path) -> None:
    (tmp_path / f"{_unfinished.PREFIX}0").mkdir()
    sweep(tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_only_looks_like_a_room_stays(tmp_path: Path) -> None:
    (tmp_path / f"{_unfinished.PREFIX}file").write_text("theirs")
    (tmp_path / f"{_unfinished.PREFIX}folder").mkdir()
    (tmp_path / f"{_unfinished.PREFIX}folder" / "notes.txt").write_text("theirs")
    (tmp_path / "far").mkdir()
    (tmp_path / f"{_unfinished.PREFIX}link").symlink_to("far")
    sweep(tmp_path)
    assert len(list(tmp_path.rglob("*"))) == 5


def test_folders_that_forbid_changes_are_removed(tmp_path: Path) -> None:
    room = left(tmp_path, new="d.zarr")
    (room / "new" / "d.zarr").chmod(0o500)
    sweep(tmp_path)
    assert not list(tmp_path.iterdir())


def test_an_interrupt_while_tidying_up_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remove, calls = _unfinished.remove, []

    def interrupted(path: Path) -> None:
        calls.append(path)
        if len(calls) == 1:
            raise KeyboardInterrupt
        remove(path)

    monkeypatch.setattr(_unfinished, "remove", interrupted)
    with pytest.raises(KeyboardInterrupt), unfinished(tmp_path) as room:
        (room / "new").mkdir()
    assert not list(tmp_path.iterdir())


def test_a_room_that_a_sweep_took_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, taken = _lock.own, []

    def slow(path: Path) -> int | None:
        if not taken:
            taken.append(path)
            sweep(path.parents[1])
        return own(path)

    monkeypatch.setattr(_lock, "own", slow)
    with unfinished(tmp_path) as room:
        assert room.exists() and room != taken[0].parent and not taken[0].parent.exists()


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    first = _lock.own(tmp_path / "lock")
    assert first is not None
    assert _lock.own(tmp_path / "lock") is None and _lock.inherit(tmp_path / "lock") is None
    os.close(first)
    again = _lock.inherit(tmp_path / "lock")
    assert again is not None
    os.close(again)


def test_where_there_are_no_locks_nothing_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(_: int) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(_lock, "_lock", unsupported)
    with unfinished(tmp_path) as room:
        sweep(tmp_path)
        assert room.exists()
    assert not list(tmp_path.iterdir())
    room = left(tmp_path, new="x")
    sweep(tmp_path)
    assert room.exists()
