"""Where an object came from: written as text into uns, read back to replay it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from spsim import _keys, _validate
from spsim._random import seed_from_json, seed_to_json
from spsim._stored import read_params
from spsim.patterns import FactorMatrix
from spsim.scenarios._digest import arrays_digest, joined_digest, names_digest
from spsim.scenarios._scenario import Scenario

if TYPE_CHECKING:
    import numpy as np
    from mudata import MuData

SCHEMA_VERSION = "1"


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

    def to_uns(self, coordinates: np.ndarray, factors: np.ndarray) -> dict[str, str]:
        """Return what every modality's and the top-level ``uns["spsim"]`` have in common."""
        pattern = self.scenario.pattern
        placed = pattern if isinstance(pattern, FactorMatrix) else self.scenario.placed
        return {
            _keys.SCENARIO: self.scenario.id,
            _keys.SCHEMA: SCHEMA_VERSION,
            _keys.VERSION: _version(),
            _keys.PARAMS: json.dumps(self._params(coordinates, factors)),
            _keys.SPACING: repr(placed.spacing),
            _keys.UNIT: placed.unit,
        }

    def _params(self, coordinates: np.ndarray, factors: np.ndarray) -> dict[str, Any]:
        record = self.scenario.model_dump(mode="json", exclude={"pattern", "layout"})
        if self.scenario.holds_arrays:
            # Arrays that the user gave stay out of the text: obsm holds them, a hash guards them.
            record |= {"pattern": {"sha256": arrays_digest(coordinates, factors)}, "layout": None}
        else:
            pattern = self.scenario.pattern
            record |= {
                "pattern": pattern if isinstance(pattern, str) else pattern.to_dict(),
                "layout": self.scenario.placed.to_dict(),
            }
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
    for name, adata in mdata.mod.items():
        record = adata.uns[_keys.UNS]
        names = names_digest(adata.obs_names), names_digest(adata.var_names)
        if joined_digest(*names) != str(record[_keys.NAMES_HASH]):
            msg = (
                f"modality {name!r} was subset, reordered or renamed: simulated were {record[_keys.SHAPE]} spots × "
                f"features, here are {adata.n_obs} × {adata.n_vars}; replay needs the complete object in its order"
            )
            raise ValueError(msg)
    simulated = [modality["name"] for modality in read_params(mdata)["scenario"]["modalities"]]
    if sorted(simulated) != sorted(mdata.mod):
        msg = (
            f"modalities must be the simulated ones, {_validate.listing(simulated)}, got {_validate.listing(mdata.mod)}"
        )
        raise ValueError(msg)


@cache
def _version() -> str:
    return version("spsim-omics")
