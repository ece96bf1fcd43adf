"""What is killed: processes that write each kind of file and folder, in two versions."""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from mudata import MuData

import spsim as sps
from spsim import _files
from spsim._cli._kinds import kind_of
from spsim._cli._plain import stoppable
from spsim._cli._writers import writer_of
from spsim._files import _rename

# How a child may end, beside 0 and the signal that killed it.
STOPPED, REFUSED, FAILED = 1, 2, 3
NAMES = ("data.h5mu", "data.zarr", "data", "data.png", "data.csv")


class Writes:
    """What is written: each kind in two versions, the old one and the new one."""

    def __init__(self) -> None:
        simulated = [sps.datasets.quilt(4, rng=seed) for seed in (0, 1)]
        tables = [sps.tl.evaluate(mdata, ["guess"], n_chance=0, copy=True) for mdata in self._guessed()]
        figures = [sps.pl.overview(mdata) for mdata in simulated]
        self._by_name: dict[str, list[Callable[[str], object]]] = {
            name: [functools.partial(writer_of(Path(name)), mdata) for mdata in simulated] for name in NAMES[:3]
        }
        self._by_name["data.png"] = [figure.savefig for figure in figures]
        self._by_name["data.csv"] = [functools.partial(table.to_csv, index=False) for table in tables]
        self.digests: dict[str, list[str]] = {}

    def old(self, name: str) -> Callable[[str], object]:
        """Return what writes the old one."""
        return self._by_name[name][0]

    def new(self, name: str) -> Callable[[str], object]:
        """Return what writes the new one."""
        return self._by_name[name][1]

    def keep(self, folder: Path) -> None:
        """Write each version of each kind once, to copy and to compare with."""
        for name, versions in self._by_name.items():
            for version, write in zip(("old", "new"), versions, strict=True):
                (folder / version).mkdir(exist_ok=True)
                if in_child(functools.partial(write_to, folder / version / name, write)):
                    msg = f"the {version} version of {name} could not be written"
                    raise RuntimeError(msg)
            self.digests[name] = [digest(folder / version / name) for version in ("old", "new")]
            if len(set(self.digests[name])) != 2:
                msg = f"the two versions of {name} are the same, so that no loss could be seen"
                raise RuntimeError(msg)

    def _guessed(self) -> Iterator[MuData]:
        for sd in (0, 1):
            mdata = sps.datasets.quilt(12)
            mdata.obsm["guess"] = mdata.obsm["spatial_factors"] + np.random.default_rng(0).normal(0, sd, (144, 4))
            yield mdata


def write_to(target: Path, write: Callable[[str], object], *, has_exchange: bool = True, force: bool = True) -> None:
    """Write as the command line does."""
    if not has_exchange:
        _rename._renameat2 = lambda: None  # type: ignore[assignment]
    with stoppable():
        _files.write_atomically(_files.aim(target, kind=kind_of(target), force=force), write)


def prepared(folder: Path, name: str, *, has_old: bool) -> Path:
    """Return a target in an empty folder, with the old one in its place if wanted."""
    target = fresh(folder / "work") / name
    if has_old:
        old = folder / "old" / name
        (shutil.copytree if old.is_dir() else shutil.copy2)(old, target)
    return target


def fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def digest(path: Path) -> str:
    """Digest of the bytes of a file, or of all files in a folder and their names."""
    files = sorted(part for part in path.rglob("*") if part.is_file()) if path.is_dir() else [path]
    return hashlib.sha256(repr([(str(f.relative_to(path)), f.read_bytes()) for f in files]).encode()).hexdigest()


def in_child(action: Callable[[], None]) -> int:
    return wait(start(action))


def start(action: Callable[[], None]) -> int:
    """Do something in a forked process; whatever ends it, it must not go on as a second parent."""
    child = os.fork()
    if child:
        return child
    status = FAILED
    try:
        action()
        status = 0
    except FileExistsError:
        status = REFUSED
    except Exception as error:  # noqa: BLE001
        if is_from_signal(error):
            status = STOPPED
        else:
            traceback.print_exc()
    except BaseException:  # noqa: BLE001
        status = STOPPED
    finally:
        sys.stderr.flush()
        os._exit(status)


def is_from_signal(error: BaseException | None) -> bool:
    """Whether an error stands for the one that a signal raised: compiled modules turn that into one of their own."""
    while error is not None and not isinstance(error, KeyboardInterrupt | SystemExit):
        error = error.__cause__ or error.__context__
    return error is not None


def wait(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
