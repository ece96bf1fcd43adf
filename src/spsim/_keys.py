"""The only place that spells slot names."""

from __future__ import annotations

SPATIAL = "spatial"
SPATIAL_FACTORS = "spatial_factors"
NONSPATIAL_FACTORS = "nonspatial_factors"
SPATIAL_LOADINGS = "spatial_loadings"
NONSPATIAL_LOADINGS = "nonspatial_loadings"

KIND = "kind"
SPATIAL_FACTOR = "spatial_factor"
NONSPATIAL_FACTOR = "nonspatial_factor"
KINDS = ("spatial", "mixed", "nonspatial")

DOMAIN = "domain"
BACKGROUND = "background"
X_COORDINATE = "x"
Y_COORDINATE = "y"
INDEX = "spsim_index"

LIBRARY_SIZE = "library_size"
EFFICIENCY = "efficiency"

COUNTS = "counts"
RAW = "raw"
MEAN = "mean"

UNS = "spsim"
SCENARIO = "scenario"
SCHEMA = "schema"
VERSION = "version"
PARAMS = "params"
SPACING = "spacing"
UNIT = "unit"
SHAPE = "shape"
NAMES_HASH = "names_sha256"
ACTIVITY = "activity"
TRUTH = "truth"
DROPPED = "dropped_counts"
DROPPED_NAMES = "dropped_obs_names"
DROPPED_FEATURES = "dropped_var_names"
MODALITY = "modality"

# JSON list of the keys in uns under which tables of scores were written, so that a blind copy can leave them out.
SCORE_TABLES = "spsim_scores"
EVALUATE = "evaluate"

# Keys that mudata or squidpy give a meaning of their own, so no modality may be called like one:
# nothing propagates obsm between a MuData and its modalities, and mudata keeps one boolean obsm column per modality.
OBSM_KEYS = (SPATIAL, SPATIAL_FACTORS, NONSPATIAL_FACTORS)


def nonspatial_names(n_factors: int) -> list[str]:
    """Return the names of non-spatial factors."""
    return [f"nonspatial_{k + 1}" for k in range(n_factors)]
