"""Where an object came from: written as text into uns, read back to replay it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from spsim import _keys, _validate
from spsim._random import seed_from_json, seed_to_json
from spsim._recipe import jsonable
from spsim.patterns import FactorMatrix
from spsim.scenarios._scenario import Scenario
from spsim.slots import CURRENT, arrays_digest, joined_digest, names_digest, read_params, read_record
from spsim.truth import Truth

if TYPE_CHECKING:
    import numpy as np
    from mudata import MuData


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The published data set that an object is, or is measured from."""

    id: str
    replicate: int
    resampled: bool = False


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Every argument of a simulation."""

    scenario: Scenario
    truth_seed: np.random.SeedSequence
    counts_seed: np.random.SeedSequence
    sparse: bool = False
    keep_mean: bool = False
    origin: Origin | None = None

    def to_uns(self, truth: Truth) -> dict[str, str]:
        """Return what every modality's and the top-level ``uns["spsim"]`` have in common."""
        pattern = self.scenario.pattern
        placed = pattern if isinstance(pattern, FactorMatrix) else self.scenario.placed
        return {
            _keys.SCENARIO: self.scenario.id,
            _keys.SCHEMA: CURRENT,
            _keys.VERSION: _version(),
            _keys.PARAMS: json.dumps(self._params(truth)),
            _keys.SPACING: repr(placed.spacing),
            _keys.UNIT: placed.unit,
        }

    def _params(self, truth: Truth) -> dict[str, Any]:
        record = self.scenario.model_dump(mode="json", exclude={"pattern", "layout"})
        if self.scenario.replays_from_slots:
            # Arrays that the user gave stay out of the text: obsm holds them, a hash guards them.
            (spots,) = truth.observations.values()
            given = (spots.places, spots.factors[_keys.SPATIAL_BLOCK].values)
            record |= {"pattern": {"sha256": arrays_digest(*(a for a in given if a is not None))}, "layout": None}
        else:
            record |= {"pattern": jsonable(self.scenario.pattern), "layout": self.scenario.placed.to_dict()}
        return {
            "scenario": record,
            "factors": list(self.scenario.factor_names),
            "seeds": {"truth": seed_to_json(self.truth_seed), "counts": seed_to_json(self.counts_seed)},
            "sparse": self.sparse,
            "keep_mean": self.keep_mean,
            "origin": None if self.origin is None else asdict(self.origin),
        }


def provenance_of(mdata: MuData) -> Provenance:
    """Return the arguments that an object was made with."""
    params = read_params(mdata)
    return Provenance(
        scenario=Scenario.from_mdata(mdata),
        truth_seed=seed_from_json(params["seeds"]["truth"]),
        counts_seed=seed_from_json(params["seeds"]["counts"]),
        sparse=params["sparse"],
        keep_mean=params["keep_mean"],
        origin=None if params["origin"] is None else Origin(**params["origin"]),
    )


def check_complete(mdata: MuData) -> None:
    """Refuse an object whose spots or features are not those simulated, in their order."""
    fault = _incomplete(mdata)
    if fault:
        raise ValueError(fault)


def is_complete(mdata: MuData) -> bool:
    """Return whether the spots and features of an object are those simulated, in their order."""
    return not _incomplete(mdata)


def _incomplete(mdata: MuData) -> str:
    """What an object lacks to be what was simulated, in the words of an error; empty if nothing."""
    for name, adata in mdata.mod.items():
        record = read_record(adata)
        names = names_digest(adata.obs_names), names_digest(adata.var_names)
        if joined_digest(*names) != str(record[_keys.NAMES_HASH]):
            return (
                f"modality {name!r} was subset, reordered or renamed: simulated were {record[_keys.SHAPE]} spots × "
                f"features, here are {adata.n_obs} × {adata.n_vars}; replay needs the complete object in its order"
            )
    simulated = [modality["name"] for modality in read_params(mdata)["scenario"]["modalities"]]
    if sorted(simulated) != sorted(mdata.mod):
        return (
            f"modalities must be the simulated ones, {_validate.listing(simulated)}, got {_validate.listing(mdata.mod)}"
        )
    return ""


@cache
def _version() -> str:
    return version("spsim-omics")
