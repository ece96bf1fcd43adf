"""Keywords that a call does not take: what is written instead, from one table of what others call the same thing."""

from __future__ import annotations

import difflib
import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ParamSpec, TypeVar

from spsim import _validate

P = ParamSpec("P")
R = TypeVar("R")

_SLICES = "design=spsim.designs.Slices(n_slices=…)"
_TYPES = "factors={'cell_type': spsim.factors.CellTypes(n_types=…)}"
_BATCH = "effects=[spsim.factors.Batch(by='slice')]"
_PATTERN = "pattern=|, which says how many spatial factors there are (n_nonspatial_factors= says it of the others)"
_SIDE = "n_side=|, spots along each side of the square grid, or layout=spsim.patterns.Uniform(n_spots=…)"
_COUNTS = "n_spatial=, n_mixed=, n_nonspatial= or n_flat=|, one number per kind of feature"
_MODALITIES = "modalities=[{'name': 'rna', 'n_mixed': …}]"

# Words of other packages and papers → what is written here; of several the first that a call takes. A bar stands where
# the home of a parameter is told if the call takes none.
_SYNONYMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("seed random_state random_seed rng_seed seeds generator prng", ("rng=",)),
    ("n_slices n_batches n_samples n_sections n_replicates slices sections replicates", ("n_slices=", _SLICES)),
    ("batch batches batch_effect batch_effects batch_key batch_sd", ("by=", _BATCH)),
    ("cell_types n_cell_types celltypes cell_type n_celltypes n_clusters n_types", ("n_types=", _TYPES)),
    ("coordinates coords coordinate spatial xy positions locations spots adata anndata", ("coordinates=", "layout=")),
    ("places centroids obsm spatial_key points grid tissue", ("coordinates=", "layout=")),
    (
        "n_factors n_components n_latent n_topics n_programs latent_dim n_spatial_factors n_domains",
        ("n_factors=", "n_layers=", "n_states=", "n_types=", "angle=, one per factor", "pixels=, L × …", _PATTERN),
    ),
    ("n_spots n_obs n_cells n_observations n_locations", ("n_spots=", _SIDE, "n_rows= and n_columns=")),
    ("n_rows n_cols n_columns nrow ncol rows columns side size", ("n_rows=", "n_columns=", _SIDE)),
    ("n_vars n_features n_genes n_proteins n_peaks genes features", (_COUNTS, _MODALITIES)),
    ("n_modalities n_omics omics modality mods assays", (_MODALITIES,)),
    ("mean mu average means", ("median=", "weight=", "expression_mean=")),
    ("scale sigma std stdev stddev variance noise", ("sd=", "within_sd=", "noise_sd=")),
    ("dispersion inverse_dispersion theta phi r nb_size overdispersion", ("shape=",)),
    ("dropout dropout_prob dropout_probability zero_inflation zi pi sparsity", ("dropout_rate=",)),
    ("depth sequencing_depth total_counts library_sizes size_factor size_factors", ("library_size=",)),
    ("distribution noise_model gene_likelihood family measurement", ("likelihood=",)),
    ("beta coupling temperature", ("interaction=",)),
    ("n_labels q n_categories", ("n_states=", "n_types=")),
    ("lengthscale length range bandwidth ell correlation_length", ("length_scale=", "wave_length=")),
    ("nu", ("smoothness=",)),
    ("image img picture outline in_tissue", ("mask=", "pixels=", "layout=spsim.patterns.Mask(…)")),
    ("motifs images pictures stack", ("pixels=", "pattern=")),
    ("units", ("unit=",)),
    ("pitch distance step spot_distance", ("spacing=",)),
    ("center middle", ("centre=",)),
    ("rotation theta_max degrees", ("turn=", "angle=")),
    ("barcodes index spot_names cell_names", ("obs_names=", "layout=")),
    ("labels factor_names columns", ("names=",)),
)

# Where a parameter is at home that the call does not take.
_HOMES = {
    "rng": "spsim.simulate or of a function of spsim.datasets",
    "design": "a spsim.Scenario",
    "factors": "a spsim.Scenario",
    "shared_nonspatial": "a spsim.Scenario",
    "pattern": "a spsim.Scenario or of spsim.datasets.multiomics",
    "modalities": "a spsim.Scenario or of spsim.datasets.multiomics",
    "layout": "a spsim.Scenario or of a function of spsim.datasets",
    "n_side": "a spsim.Scenario or of a function of spsim.datasets",
    "sparse": "spsim.simulate or of a function of spsim.datasets",
    "keep_mean": "spsim.simulate or of a function of spsim.datasets",
    "replicate": "spsim.datasets.published",
    **dict.fromkeys(
        (
            "n_spatial",
            "effects",
            "expression_mean",
            "dropout_rate",
            "library_size",
            "likelihood",
            "noise_sd",
            "loadings",
        ),
        "a spsim.Modality",
    ),
    "shape": "a spsim.likelihoods.NegativeBinomial or of a spsim.Modality",
}


def check_known(
    what: str, names: Iterable[object], known: Iterable[str], *, error: type[Exception] = ValueError
) -> None:
    """Refuse unknown keywords, saying what to write instead; ``what`` is the start of the error."""
    known = list(known)
    for name in names:
        if name not in known:
            msg = f"{what} {_validate.shown(name)}{instead(name, known)}; there are {_validate.listing(known)}"
            raise error(msg)


def instead(name: object, known: Iterable[str]) -> str:
    """Return what to write in the place of a keyword, as a part of an error; an empty text if nothing is like it."""
    known = list(known)
    if not isinstance(name, str):
        return ""
    written = _written(_table().get(_folded(name), ()), known)
    if written or (close := _validate.closest(name, known)):
        return written or close
    homes = {_folded(home): (f"{home}=",) for home in _HOMES}
    words = {**homes, **_table()}
    near = difflib.get_close_matches(_folded(name)[:100], words, n=1, cutoff=0.8)
    return _written(words[near[0]], known) if near else ""


def refuses_unknown(
    fields_of: Callable[..., object] | None = None, also: Iterable[str] = ()
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a public function refuse unknown keywords in the package's own words.

    One that hands ``**fields`` on to ``fields_of`` shows them in its signature; ``also`` are other names of those.
    """

    def decorated(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        if fields_of is not None:
            own = [p for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
            more = [p.replace(kind=p.KEYWORD_ONLY) for p in inspect.signature(fields_of).parameters.values()]
            signature = signature.replace(parameters=[*own, *more])
        known = [*signature.parameters, *also]
        # As Python says it of a function's own keywords, and a record of its fields.
        error = TypeError if fields_of is None else ValueError

        @functools.wraps(function)
        def checked(*given: P.args, **fields: P.kwargs) -> R:
            check_known(f"{function.__name__} has no parameter", fields, known, error=error)
            return function(*given, **fields)

        checked.__signature__ = signature  # type: ignore[attr-defined]
        return checked

    return decorated


def _written(targets: Sequence[str], known: list[str]) -> str:
    for target in targets:
        if _parameter(target) in known:
            return f": write {target.replace('|', '')}"
    target = next((target for target in targets if _parameter(target) in _HOMES), "")
    what, _, more = target.partition("|")
    return f": write {what} of {_HOMES[_parameter(target)]}{more}" if target else ""


def _parameter(target: str) -> str:
    return target.partition("=")[0]


def _folded(word: str) -> str:
    """Return a word as it is compared: ``nSpots``, ``N_SPOTS`` and ``n_spots`` are one."""
    return word.replace("_", "").lower()


@functools.cache
def _table() -> Mapping[str, tuple[str, ...]]:
    return {_folded(word): targets for words, targets in reversed(_SYNONYMS) for word in words.split()}
