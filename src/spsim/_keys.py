"""The only place that spells slot names."""

from __future__ import annotations

SPATIAL = "spatial"
SPATIAL_FACTORS = "spatial_factors"
NONSPATIAL_FACTORS = "nonspatial_factors"
SPATIAL_LOADINGS = "spatial_loadings"
NONSPATIAL_LOADINGS = "nonspatial_loadings"

KIND = "kind"
GENE = "gene"  # where several modalities measure the same features
SPATIAL_FACTOR = "spatial_factor"
NONSPATIAL_FACTOR = "nonspatial_factor"
KINDS = ("spatial", "mixed", "nonspatial", "flat")  # the last one only where there are such features

# Names of the two blocks that every modality with a pattern has.
SPATIAL_BLOCK = "spatial"
NONSPATIAL_BLOCK = "nonspatial"

DOMAIN = "domain"
SLICE = "slice"
BACKGROUND = "background"
OUTSIDE = "outside"  # of cells in no ecotype
X_COORDINATE = "x"
Y_COORDINATE = "y"
Z_COORDINATE = "z"
INDEX = "spsim_index"

# Columns and files of the folder for R, beside which factors are columns and modalities folders.
ROWS = ("spot", "feature")
PLACES = ("spatial_x", "spatial_y", "spatial_z")
FILES = ("spots.csv", "activity.csv", "parameters.json")

LIBRARY_SIZE = "library_size"
EFFICIENCY = "efficiency"
BASELINE = "baseline"
EXPOSURE = "exposure"
AREA = "area"
FEATURE_SHAPE = "shape"
SPATIAL_TRUE = "spatial_true"

COUNTS = "counts"
RAW = "raw"
MEAN = "mean"

UNS = "spsim"
SCENARIO = "scenario"
SCHEMA = "schema"
VERSION = "version"
PARAMS = "params"
TRUTH = "truth"
DIGEST = "sha256"
SPACING = "spacing"
UNIT = "unit"
FORM = "spot_form"
SIZE = "spot_size"
SHAPE = "shape"
NAMES_HASH = "names_sha256"
ACTIVITY = "activity"
NETWORK = "network"
RESPONSE = "response"
DROPPED = "dropped_counts"
DROPPED_NAMES = "dropped_obs_names"
DROPPED_FEATURES = "dropped_var_names"
MODALITY = "modality"

# Hash by which a blind copy is known again: in uns of the copy, and in the record of what it was made from.
FINGERPRINT = "spsim_fingerprint"
OWN_FINGERPRINT = "fingerprint"

# JSON list of the keys in uns under which tables of scores were written, so that a blind copy can leave them out.
SCORE_TABLES = "spsim_scores"
EVALUATE = "evaluate"

# Keys that mudata or squidpy give a meaning of their own, so no modality may be called like one:
# nothing propagates obsm between a MuData and its modalities, and mudata keeps one boolean obsm column per modality.
OBSM_KEYS = (SPATIAL, SPATIAL_FACTORS, NONSPATIAL_FACTORS)


def axes(n_dimensions: int) -> tuple[str, ...]:
    """Return the columns of obs that hold the coordinates again."""
    return (X_COORDINATE, Y_COORDINATE, Z_COORDINATE)[:n_dimensions]


def factors_of(block: str) -> str:
    """Return the key in obsm of a block's factors."""
    return f"{block}_factors"


def loadings_of(block: str) -> str:
    """Return the key in varm of a block's loadings."""
    return f"{block}_loadings"


def factor_of(block: str) -> str:
    """Return the key in var of the block's factor that a feature belongs to."""
    return f"{block}_factor"


def mixed_of(block: str) -> str:
    """Return the key in obsm of a block's factors once they have spilled over."""
    return f"{block}_factors_mixed"


def numbers_of(block: str) -> str:
    """Return the key in obsm of how many cells of each type a spot holds."""
    return f"{block}_numbers"


def shapes_of(block: str) -> str:
    """Return the key in obsm of what the shape of each type's counts is multiplied with."""
    return f"{block}_shapes"


def weights_of(name: str) -> str:
    """Return the key in obsp of weights."""
    return f"{name}_weights"


def probability_of(switch: str) -> str:
    """Return the key in varm of a switch's probabilities."""
    return f"{switch}_probability"


def fold_of(switch: str) -> str:
    """Return the key in var of a switch's folds."""
    return f"{switch}_fold"


def nonspatial_names(n_factors: int) -> list[str]:
    """Return the names of non-spatial factors."""
    return [f"nonspatial_{k + 1}" for k in range(n_factors)]
