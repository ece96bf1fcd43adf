"""Where nothing may be written is said before anything is, and what stands there stays."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from files.kinds import target, text, writer


def refused(path: Path, message: str, *, force: bool = True) -> None:
    with pytest.raises(OSError, match=message) as caught:
        target(path, force=force).check()
    assert repr(str(path)) in str(caught.value) and "\n" not in str(caught.value)


def test_ours_may_be_replaced_if_told(tmp_path: Path, name: str) -> None:
    writer("ours")(str(tmp_path / name))
    target(tmp_path / name, force=True).check()
    refused(tmp_path / name, "exists; give --force to overwrite it", force=False)


def test_theirs_may_not(tmp_path: Path, name: str) -> None:
    writer("theirs")(str(tmp_path / name))
    for force in (True, False):
        refused(tmp_path / name, "not replaced, because it is not ours; choose another name, or move", force=force)
    assert text(tmp_path / name) == "theirs"


def test_neither_may_ours_with_theirs_in_it(tmp_path: Path) -> None:
    writer("ours")(str(tmp_path / "box"))
    (tmp_path / "box" / "notes.txt").write_text("x")
    refused(tmp_path / "box", "because it holds 'notes.txt'")


def test_what_is_empty_holds_nothing_to_lose(tmp_path: Path) -> None:
    (tmp_path / "note.txt").touch()
    (tmp_path / "box").mkdir()
    for name in ("note.txt", "box"):
        target(tmp_path / name, force=True).check()
        refused(tmp_path / name, "exists; give --force", force=False)


def test_a_folder_where_a_file_goes_and_a_file_where_a_folder_goes(tmp_path: Path) -> None:
    (tmp_path / "note.txt").mkdir()
    (tmp_path / "box").touch()
    refused(tmp_path / "note.txt", "is a folder, where a note would be written; choose another name, or move")
    refused(tmp_path / "box", "is a file, where a box would be written")


def test_what_is_neither(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    refused(tmp_path / name, "is a device, pipe or socket")
    link = tmp_path / f"link{name}"
    link.symlink_to(link.name)
    refused(link, "is a link that leads to itself")
    assert (tmp_path / name).is_fifo() and link.is_symlink()


def test_a_link_counts_as_what_it_leads_to(tmp_path: Path, name: str) -> None:
    writer("theirs")(str(tmp_path / name))
    link = tmp_path / f"link{name}"
    link.symlink_to(name)
    refused(link, "because it is not ours")
    (tmp_path / "to").mkdir()
    other = tmp_path / "other.txt"
    other.symlink_to("to")
    refused(other, "is a folder, where a note would be written")


@pytest.mark.parametrize("given", [".", "..", "../..", "../../deep", "../here", "", "../here/../../deep/here", "link"])
def test_a_folder_that_holds_the_working_directory(tmp_path: Path, given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "deep" / "here"
    here.mkdir(parents=True)
    (here / "link").symlink_to("..")
    monkeypatch.chdir(here)
    refused(Path(given), "is the folder you are in, or holds it; choose another name")
    refused(Path(given).absolute(), "is the folder you are in, or holds it")


def test_a_working_directory_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "here").rmdir()
    with pytest.raises(FileNotFoundError, match="'note.txt' cannot be found: the folder you are in is gone"):
        target(Path("note.txt"))
    target(tmp_path / "note.txt").check()


def test_no_folder_to_write_in(tmp_path: Path, name: str) -> None:
    refused(tmp_path / "no" / name, "no such folder")
    (tmp_path / "file").touch()
    refused(tmp_path / "file" / name, "no such folder")


@pytest.mark.parametrize("missing", [os.W_OK, os.X_OK])
def test_no_permission_to_write_in(tmp_path: Path, name: str, missing: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where root runs the tests too, whom no mode of a folder keeps out."""
    (tmp_path / "closed").mkdir()
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & missing and access(path, mode))
    refused(tmp_path / "closed" / name, "nothing may be written in")
