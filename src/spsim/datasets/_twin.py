"""The same seeds, one step different."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spsim import _validate
from spsim._objects import multimodal
from spsim.datasets._part import same_part
from spsim.scenarios import Modality, Scenario, is_complete, provenance_of, simulate_provenance

if TYPE_CHECKING:
    from mudata import MuData

SHORTHANDS = ("shape", "dropout_rate")


def twin(mdata: MuData, *, modality: str | None = None, **change: Any) -> MuData:
    """Simulate an object again from its own seeds with some fields changed.

    Twins share every random number that the change does not touch: their counts are comonotone (a larger mean gives no
    smaller count), which makes paired sweeps of dropout, depth or noise precise. They are *not* replicates, whose
    spread they understate; for those give another seed.

    Parameters
    ----------
    mdata
        A simulated object; it is not changed.
    modality
        The modality to change; all of them without it.
    **change
        Fields of :class:`spsim.Modality` (``dropout_rate=0.5``, ``expression_mean=1``, …) or of
        :class:`spsim.Scenario` (``pattern``, ``n_side``, ``layout``, ``shared_nonspatial``).

    Returns
    -------
    A new ``MuData``, as :func:`spsim.simulate` makes it; of a filtered or reordered object or a mosaic the same part:
    the same spots and features in the same order, of the same modalities, under the same names.

    Raises
    ------
    ValueError
        A part of an object and a change of its numbers of spots or features, after which it has no such part; no change, an unknown field or a value out of range, or a published data set, which has its own seeds.
    KeyError
        No such modality, or the object was not simulated by spsim.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_spatial=50)
    >>> dropped = sps.datasets.twin(mdata, dropout_rate=0.5)
    >>> bool((dropped["rna"].X <= mdata["rna"].X).all())
    True
    """
    provenance = provenance_of(multimodal("mdata", mdata))
    if provenance.origin is not None and provenance.scenario.id == provenance.origin.id:
        msg = f"{provenance.origin.id!r} is a published data set with an order of draws of its own: use resample"
        raise ValueError(msg)
    if not change:
        msg = f"twin needs a change: fields of a Modality ({_validate.listing(Modality.model_fields)}) or of a Scenario"
        raise ValueError(msg)
    whole = simulate_provenance(replace(provenance, scenario=_changed(provenance.scenario, modality, change)))
    return whole if is_complete(mdata) else same_part(whole, mdata)


def _changed(scenario: Scenario, modality: str | None, change: Mapping[str, Any]) -> Scenario:
    names = [m.name for m in scenario.modalities]
    if modality is not None:
        _validate.known_key("modality", modality, names)
    top = {key: value for key, value in change.items() if key in ("n_side", *Scenario.model_fields)}
    fields = {key: value for key, value in change.items() if key not in top}
    if modality is not None and top:
        msg = f"{_validate.listing(top)} cannot be changed for one modality (modality={_validate.shown(modality)})"
        raise ValueError(msg)
    record: dict[str, Any] = {name: getattr(scenario, name) for name in Scenario.model_fields}
    if "n_side" in top:
        record["layout"] = None
    record["modalities"] = [
        _changed_modality(m, fields) if fields and modality in (None, m.name) else m for m in scenario.modalities
    ]
    return Scenario(**(record | top))


def _changed_modality(modality: Modality, fields: Mapping[str, Any]) -> Modality:
    record = {name: getattr(modality, name) for name in Modality.model_fields}
    if any(name in fields for name in SHORTHANDS):
        own = record.pop("likelihood").to_dict()
        record |= {name: own[name] for name in SHORTHANDS if name in own}
    return Modality(**{**record, **fields})
