"""A zarr store that lists its files: zarr itself takes a missing one for zeros, and sees no changed numbers."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from spsim import _keys
from spsim._files import entries

_LIST = "spsim_files"
# Descriptions of arrays and groups, in versions 2 and 3 of the format.
_DESCRIPTIONS = {".zgroup", ".zarray", ".zattrs", ".zmetadata", "zarr.json"}
# The list itself is in one of these.
_ROOT = {".zattrs", "zarr.json"}
# Pieces of an array, from its folder: "0.0" or "0/0" in version 2, "c/0/0" or "c.0.0" in version 3.
_PIECE = re.compile(r"c|(c[./])?\d+([./]\d+)*")


def list_files(path: Path) -> None:
    """Write into the store which files it has, and their digests."""
    import zarr

    digests = {name: _digest(path / name) for name in sorted(_files(path))}
    zarr.open_group(str(path), mode="r+").attrs[_LIST] = digests


def check_intact(path: Path) -> None:
    """Refuse a store whose files are not those listed; one without a list (of spsim 0.1.0, or a user's) passes."""
    listed = _listed(path)
    missing = [name for name in listed if not (path / name).is_file()]
    if missing:
        msg = f"{len(missing)} of its {len(listed)} files are missing, among them {missing[0]!r}"
        raise ValueError(msg)
    changed = [name for name, digest in listed.items() if name not in _ROOT and _digest(path / name) != digest]
    if changed:
        msg = f"{len(changed)} of its {len(listed)} files are not as spsim wrote them, among them {changed[0]!r}"
        raise ValueError(msg)


def encoding_of(path: Path) -> str:
    """Return what a store says it holds: ``"MuData"``, ``"anndata"``, or nothing."""
    return str(_attributes(path).get("encoding-type", ""))


def foreign_in_zarr(path: Path) -> str | None:
    """A store with spsim's record is spsim's, if it holds no file but those listed, or, without a list, zarr's own."""
    if not any((path / "uns" / _keys.UNS / _keys.PARAMS / name).is_file() for name in (".zarray", "zarr.json")):
        return f"it is no zarr store with uns[{_keys.UNS!r}], spsim's record"
    listed = _listed(path)
    for name, what in entries(path).items():
        is_known = what == "file" and (name in listed if listed else _is_zarr(path, name))
        if what != "folder" and not is_known:
            return f"it holds {name!r}, which spsim did not write"
    return None


def _files(path: Path) -> list[str]:
    return [name for name, what in entries(path).items() if what == "file"]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:32]


def _listed(path: Path) -> dict[str, str]:
    listed = _attributes(path).get(_LIST)
    return listed if isinstance(listed, dict) else {}


def _attributes(path: Path) -> dict[str, Any]:
    for name, key in ((".zattrs", None), ("zarr.json", "attributes")):
        description = _json(path / name)
        attributes = description.get(key, {}) if key else description
        if isinstance(attributes, dict) and attributes:
            return attributes
    return {}


def _is_zarr(path: Path, name: str) -> bool:
    """Whether a file describes a part of the store or is a piece of an array."""
    folder, _, file = name.rpartition("/")
    if file in _DESCRIPTIONS:
        return True
    while folder:
        if _is_array(path / folder):
            return _PIECE.fullmatch(name[len(folder) + 1 :]) is not None
        folder = folder.rpartition("/")[0]
    return False


def _is_array(folder: Path) -> bool:
    return (folder / ".zarray").is_file() or _json(folder / "zarr.json").get("node_type") == "array"


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
