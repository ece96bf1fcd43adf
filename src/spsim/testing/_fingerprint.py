"""What a data set's numbers are, in two hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys
from spsim._objects import as_dense
from spsim.slots import every_first_entry, raw_layer, read_params, read_truth, value_of

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData

# A change here moves the thresholds of every user: it needs a line in the changelog that says so.
FINGERPRINTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "spsim_quilt": MappingProxyType(
            {
                "counts": "75808ab1dfe1824f5cc51e1f9c69ba270ca70e02362b5221fc08294c296a9a29",
                "truth": "29194a1b434f44c8678c5657d1ade9f61c8da954bec062252c0b35ab3db35d36",
            }
        ),
        "spsim_multiomics": MappingProxyType(
            {
                "counts": "cdf5c72f1e55df2e2b4c317cb25637f84f77812e9c5b0e2236742a108aa557eb",
                "truth": "1de6d2aad33b44cd28928bcb76552616271b4531eb50eb278ab48213b7252d97",
            }
        ),
        "spsim_quilt_hard": MappingProxyType(
            {
                "counts": "ac56c3022f0b81f9e10fc265fc7944564a92307783715fff85b23c138e3438bf",
                "truth": "d751b09920969f080d333d7a26c2a6878c8c4606a97b2283b5380b8893423bb2",
            }
        ),
        "spsim_null": MappingProxyType(
            {
                "counts": "fc79a59cc1f435e90306be67c4f5020ac99fe95c9183af94da021accca4302bc",
                "truth": "cb0b9220fb10735a9c6e63eb7c2492d715f0eab2455ee5ef3857b40bf555a44f",
            }
        ),
    }
)


def fingerprint(mdata: MuData) -> dict[str, str]:
    """Hash the counts and the truth of a simulated object.

    Parameters
    ----------
    mdata
        A simulated object with dense or CSR counts. What you added to it does not matter.

    Returns
    -------
    SHA-256 of ``counts`` (of every modality; real values where it has none) and of ``truth`` (names, coordinates, factors, loadings, domains), over
    the little-endian bytes of the arrays in row order. The values for the fixtures are in
    :data:`spsim.testing.FINGERPRINTS`.

    Raises
    ------
    KeyError
        The object was not simulated by spsim, or its truth was taken out.
    TypeError
        Not a ``MuData``.

    Examples
    --------
    >>> import spsim as sps
    >>> from spsim.testing import FINGERPRINTS, fingerprint
    >>> fingerprint(sps.datasets.quilt()) == FINGERPRINTS["spsim_quilt"]
    True
    """
    read_params(mdata)
    if not hasattr(mdata, "mod"):
        msg = f"mdata must be a MuData, got {type(mdata).__name__}"
        raise TypeError(msg)
    counts = (as_dense(raw_layer(part)) for part in mdata.mod.values())
    return {"counts": _digest(counts), "truth": _digest(_truth(mdata))}


def _truth(mdata: MuData) -> Iterable[np.ndarray]:
    yield _text(mdata.obs_names)
    yield from _held(mdata.obsm, _keys.SPATIAL, _keys.SPATIAL_FACTORS)
    yield from map(_text, _held(mdata.obs, _keys.DOMAIN))
    shared = {
        ("obsm", _keys.SPATIAL): _keys.SPATIAL in mdata.obsm,
        ("obsm", _keys.SPATIAL_FACTORS): _keys.SPATIAL_FACTORS in mdata.obsm,
        ("obs", _keys.DOMAIN): _keys.DOMAIN in mdata.obs,
    }
    apart = {place for place, is_at_the_top in shared.items() if not is_at_the_top}
    for name, part in mdata.mod.items():
        yield from (_text([name]), _text(part.var_names))
        yield from _held(part.obsm, _keys.NONSPATIAL_FACTORS)
        yield from _held(part.varm, _keys.SPATIAL_LOADINGS, _keys.NONSPATIAL_LOADINGS)
    for part in (mdata, *mdata.mod.values()):
        yield from _more(part, apart)


def _held(slot: Any, *keys: str) -> Iterable[Any]:
    """What a slot has of the first world's keys: other worlds lack some of them at the top."""
    return (slot[key] for key in keys if key in slot)


def _more(part: AnnData | MuData, apart: set[tuple[str, str]]) -> Iterable[np.ndarray]:
    """What later worlds hold beyond the first one, whose hashes stay as they are, or hold in modalities only."""
    first = {(entry["slot"], entry["key"]) for entry in every_first_entry()} - apart
    for entry in read_truth(part):
        slot, key = entry["slot"], entry["key"]
        if (slot, key) in first or key not in getattr(part, slot):
            continue
        yield _text([slot, key])
        value = value_of(part, entry)
        is_number = getattr(value, "dtype", None) is not None and getattr(value.dtype, "kind", "O") in "biuf"
        yield as_dense(value) if is_number else _text(value)


def _digest(arrays: Iterable[np.ndarray]) -> str:
    """Shapes count too, so that values cannot move from one array to the next unseen."""
    digest = hashlib.sha256()
    for array in arrays:
        little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        digest.update(repr((little.dtype.str, little.shape)).encode())
        digest.update(little.tobytes())
    return digest.hexdigest()


def _text(values: Iterable[object]) -> np.ndarray:
    return np.frombuffer("\n".join(map(str, values)).encode(), np.uint8)
