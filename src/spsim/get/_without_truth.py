"""A blind copy for an honest test."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from spsim import _keys, _validate
from spsim._keywords import refuses_unknown
from spsim._objects import annotated
from spsim.get._without_hidden import copy_without_hidden
from spsim.slots import every_first_entry, has_record, read_truth, recorded_fingerprints, score_tables

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData

    Data = TypeVar("Data", AnnData, MuData)


@refuses_unknown()
def without_truth(data: Data) -> Data:
    """Return a copy that holds what a real experiment would: counts, coordinates, names.

    Run a method on the copy, then score it with ``truth=`` the original: names align the two.

    Parameters
    ----------
    data
        A simulated object or one modality of it; it is not changed.

    Returns
    -------
    A copy without all that the object records as true and no experimenter knows: factors, loadings, domains, kinds of
    features, kept means, ``spsim_index``, ``uns["spsim"]``; also not in ``raw``. Coordinates and known labels, such as
    slices, stay; modalities that nobody can measure, such as the cells under spots, do not.
    ``uns["spsim_fingerprint"]``, a hash of the counts and coordinates as they were simulated, lets scores refuse another
    simulation as the truth. Columns that carry a factor's name, as :func:`spsim.tl.factors_to_obs` writes, scanpy's
    colours of such columns and tables of scores are left out too. What you copied to keys of your own stays.

    Raises
    ------
    ValueError
        Nobody can measure what the object holds.

    Examples
    --------
    >>> import spsim as sps
    >>> blind = sps.get.without_truth(sps.datasets.quilt(n_side=12))
    >>> list(blind.obs), list(blind["rna"].obsm), list(blind["rna"].var)
    (['x', 'y'], ['spatial'], [])
    """
    annotated("data", data)
    if hasattr(data, "mod"):  # mudata cannot copy others
        _validate.unique("obs_names of data", data.obs_names.tolist())
    blind: Data = copy_without_hidden(data)
    parts = [blind, *getattr(blind, "mod", {}).values()]
    secrets = {key for part in parts for slot in ("obs", "var") for key in _secret(part, slot)}
    factors = {name for part in parts for entry in _entries(part) for name in entry.get("columns", ())}
    for part in parts:
        own = recorded_fingerprints(part)
        _strip(part, secrets | factors)
        if len(own) == 1:
            (part.uns[_keys.FINGERPRINT],) = own
    return blind


def _entries(part: Any) -> list[dict[str, Any]]:
    """What the object records, and what stands under the names of the first schema, also if a user put it there."""
    recorded = read_truth(part) if has_record(part) else []
    own = {(entry["slot"], entry["key"]) for entry in recorded}
    return recorded + [entry for entry in every_first_entry() if (entry["slot"], entry["key"]) not in own]


def _secret(part: Any, slot: str) -> list[str]:
    return [entry["key"] for entry in _entries(part) if entry["slot"] == slot and not entry["known"]]


def _strip(part: Any, columns: set[str]) -> None:
    by_slot = {slot: _secret(part, slot) for slot in ("obsm", "varm", "obsp", "layers", "uns")}
    known = {entry["key"] for entry in _entries(part) if entry["known"]}
    part.obs = _without(part.obs, columns - known)
    part.var = _without(part.var, columns - known)
    if getattr(part, "raw", None) is not None:
        part.raw = _raw(part, columns - known, by_slot["varm"])
    for slot, keys in by_slot.items():
        held = getattr(part, slot, None)
        for key in keys:
            if held is not None and key in held:
                del held[key]
    for key in (*(f"{name}_colors" for name in columns), *score_tables(part), _keys.SCORE_TABLES):
        part.uns.pop(key, None)


def _without(table: Any, columns: Iterable[str]) -> Any:
    """Drop columns, also where mudata 0.3 copied them from a modality under ``modality:column``."""
    names = set(columns)
    return table.drop(columns=[name for name in table if name in names or name.partition(":")[2] in names])


def _raw(part: AnnData, columns: Iterable[str], varm: Iterable[str]) -> AnnData:
    """What ``adata.raw = adata`` copied of features: kinds and loadings are true there, too."""
    raw = part.raw.to_adata()
    raw.var = _without(raw.var, columns)
    for key in varm:
        if key in raw.varm:
            del raw.varm[key]
    return raw
