"""Renames that replace nothing, on every kind of system."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from files.kinds import text, writer
from spsim._files import _rename
from spsim._files._rename import exchange, rename_new


def make(path: Path, content: str) -> Path:
    writer(content)(str(path))
    return path


@pytest.mark.usefixtures("system")
def test_a_new_name_is_taken_only_if_it_is_free(tmp_path: Path, name: str) -> None:
    rename_new(make(tmp_path / name, "ours"), tmp_path / f"2{name}")
    assert text(tmp_path / f"2{name}") == "ours" and not (tmp_path / name).exists()
    make(tmp_path / name, "ours, new")
    with pytest.raises(FileExistsError):
        rename_new(tmp_path / name, tmp_path / f"2{name}")
    assert text(tmp_path / f"2{name}") == "ours" and text(tmp_path / name) == "ours, new"
    with pytest.raises(FileNotFoundError):
        rename_new(tmp_path / "no", tmp_path / "new")


@pytest.mark.usefixtures("system")
def test_a_folder_does_not_take_the_place_of_a_file(tmp_path: Path) -> None:
    make(tmp_path / "note.txt", "theirs")
    with pytest.raises(FileExistsError):
        rename_new(make(tmp_path / "box", "ours"), tmp_path / "note.txt")
    assert text(tmp_path / "note.txt") == "theirs"


def test_where_there_are_no_hard_links_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(*_: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(_rename, "_renameat2", lambda: None)
    monkeypatch.setattr(os, "link", unsupported)
    rename_new(make(tmp_path / "1.txt", "ours"), tmp_path / "2.txt")
    with pytest.raises(FileExistsError):
        rename_new(make(tmp_path / "1.txt", "new"), tmp_path / "2.txt")
    assert text(tmp_path / "2.txt") == "ours"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an exchange")
def test_an_exchange_is_one_step(tmp_path: Path, name: str) -> None:
    one, two = make(tmp_path / f"1{name}", "one"), make(tmp_path / f"2{name}", "two")
    assert exchange(one, two) and (text(one), text(two)) == ("two", "one")
    with pytest.raises(FileNotFoundError):
        exchange(one, tmp_path / "no")


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP])
def test_a_system_that_knows_no_exchange_says_so(tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> int:
        _rename.ctypes.set_errno(number)
        return -1

    monkeypatch.setattr(_rename, "_renameat2", lambda: unknown)
    assert not exchange(make(tmp_path / "1", "one"), make(tmp_path / "2", "two"))
    rename_new(tmp_path / "1", tmp_path / "3")
    assert text(tmp_path / "3") == "one" and text(tmp_path / "2") == "two"
