"""The old one or the new one, whole, and nothing beside it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from files.kinds import target, text, writer
from spsim._files import _write, write_atomically

pytestmark = pytest.mark.usefixtures("system")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write(path: Path, content: str, *, force: bool = False) -> None:
    write_atomically(target(path, force=force), writer(content))


def test_new_ones_appear_and_old_ones_are_replaced(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, "ours 1")
    write(tmp_path / name, "ours 2", force=True)
    assert text(tmp_path / name) == "ours 2" and names(tmp_path) == [name]


def test_nothing_appears_that_was_written_halfway(tmp_path: Path, name: str) -> None:
    def interrupted(path: str) -> None:
        writer("half")(path)
        raise KeyboardInterrupt

    for force in (False, True):
        with pytest.raises(KeyboardInterrupt):
            write_atomically(target(tmp_path / name, force=force), interrupted)
        assert names(tmp_path) == ([name] if force else [])
        if not force:
            write(tmp_path / name, "ours")
    assert text(tmp_path / name) == "ours"


def test_what_appears_meanwhile_stays(tmp_path: Path, name: str) -> None:
    """Both where nothing may be replaced, and where it is not spsim's."""
    for number, (force, content, message) in enumerate(
        [(False, "ours", "exists; give --force"), (True, "theirs", "it is not ours")]
    ):
        path = tmp_path / str(number) / name
        path.parent.mkdir()

        def slow(new: str, path: Path = path, content: str = content) -> None:
            writer("ours, new")(new)
            writer(content)(str(path))

        with pytest.raises(FileExistsError, match=message):
            write_atomically(target(path, force=force), slow)
        assert text(path) == content and names(path.parent) == [name]


def test_what_appears_after_the_last_look_stays(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rename_new = _write.rename_new

    def late(source: Path, path: Path) -> None:
        if not path.exists():
            writer("theirs")(str(path))
        rename_new(source, path)

    monkeypatch.setattr(_write, "rename_new", late)
    with pytest.raises(FileExistsError, match="it is not ours"):
        write(tmp_path / name, "ours", force=True)
    assert text(tmp_path / name) == "theirs" and names(tmp_path) == [name]


def test_what_was_moved_away_meanwhile_is_no_obstacle(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = _write._step

    def late(new: Path, aimed: object, aside: Path) -> None:
        (tmp_path / name).rename(tmp_path / "elsewhere")
        step(new, aimed, aside)

    monkeypatch.setattr(_write, "_step", late)
    write(tmp_path / name, "ours 1")
    write(tmp_path / name, "ours 2", force=True)
    assert text(tmp_path / name) == "ours 2" and text(tmp_path / "elsewhere") == "ours 1"


def test_a_writer_that_writes_nothing_is_an_error(tmp_path: Path, name: str) -> None:
    for force in (False, True):
        with pytest.raises(FileNotFoundError):
            write_atomically(target(tmp_path / name, force=force), lambda _: None)


def test_links_stay_and_what_they_lead_to_is_replaced(tmp_path: Path, name: str) -> None:
    (tmp_path / "far").mkdir()
    # The one that the link leads to has another ending, or none.
    link, far = tmp_path / name, tmp_path / "far" / "x.bin"
    link.symlink_to(Path("far") / "x.bin")
    for content in ("ours 1", "ours 2"):
        write(link, content, force=True)
        assert link.is_symlink() and text(far) == content and names(far.parent) == ["x.bin"]


def test_new_ones_follow_the_mask(tmp_path: Path, name: str) -> None:
    for mask, file, folder in ((0o022, 0o644, 0o755), (0o077, 0o600, 0o700), (0o002, 0o664, 0o775)):
        before = os.umask(mask)
        try:
            write(tmp_path / f"{mask}{name}", "ours")
        finally:
            os.umask(before)
        mode = stat.S_IMODE((tmp_path / f"{mask}{name}").stat().st_mode)
        assert mode == (file if "." in name else folder)


def test_permissions_are_kept(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write(path, "ours 1")
    modes = {path: 0o640} if path.is_file() else {path: 0o750, path / "ours": 0o604}
    for part, mode in modes.items():
        part.chmod(mode)
    write(path, "ours 2", force=True)
    assert {part: stat.S_IMODE(part.stat().st_mode) for part in modes} == modes and text(path) == "ours 2"


def test_names_of_any_length(tmp_path: Path, name: str) -> None:
    path = tmp_path / (f"{'n' * 251}.txt" if "." in name else "n" * 255)
    write(path, "ours 1")
    write(path, "ours 2", force=True)
    assert text(path) == "ours 2" and names(tmp_path) == [path.name]


@pytest.mark.parametrize("name", ["lock", "new", "old"])
def test_no_name_is_special(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, "ours 1")
    write(tmp_path / name, "ours 2", force=True)
    assert text(tmp_path / name) == "ours 2" and names(tmp_path) == [name]


def test_a_folder_that_may_not_be_changed_inside_goes_all_the_same(tmp_path: Path) -> None:
    write(tmp_path / "box", "ours 1")
    (tmp_path / "box" / "ours").chmod(0o444)
    write(tmp_path / "box", "ours 2", force=True)
    assert names(tmp_path) == ["box"] and text(tmp_path / "box") == "ours 2"


def test_without_an_exchange_an_interrupt_between_the_two_steps_puts_the_old_one_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Path) -> None:
        raise KeyboardInterrupt

    write(tmp_path / "box", "ours 1")
    monkeypatch.setattr(_write, "exchange", lambda *_: False)
    monkeypatch.setattr(_write, "rename_new", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "box", "ours 2", force=True)
    assert text(tmp_path / "box") == "ours 1" and names(tmp_path) == ["box"]
