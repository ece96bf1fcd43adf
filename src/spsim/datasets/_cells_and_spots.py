"""Cells, the spots that capture them, and a dissociated reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spsim import _validate
from spsim._categories import category_count
from spsim._keywords import refuses_unknown
from spsim._random import RNGLike
from spsim._recipe import as_recipe
from spsim.designs import Capture
from spsim.factors import CellTypes, Content, Graded, Platform
from spsim.likelihoods import NegativeBinomial
from spsim.patterns import Hexagonal, Layout, LayoutLike, Pattern, Uniform, as_layout
from spsim.scenarios import Scenario, simulate

if TYPE_CHECKING:
    import numpy as np
    from mudata import MuData

# 10x Genomics, Visium: 55 µm discs, 100 µm from centre to centre.
SPOTS = Hexagonal(n_rows=24, n_columns=21)
N_TYPES, N_CELLS, N_REFERENCE, N_FEATURES = 8, 10_000, 1_000, 400
# Difficulty: settings at which the light baselines of docs/difficulty.md differ and none solves the task.
LOADINGS = Graded(weight=0.5, concentration=1.0, overlap=0.3)


@refuses_unknown()
def cells_and_spots(
    n_types: int = N_TYPES,
    *,
    spots: LayoutLike = SPOTS,
    cells: LayoutLike | None = None,
    n_reference: int = N_REFERENCE,
    pattern: str | Pattern | None = "ggblocks",
    cell_types: CellTypes | None = None,
    platform_sd: float = 0.5,
    sparse: bool = False,
    keep_mean: bool = False,
    rng: RNGLike = 0,
) -> MuData:
    r"""Simulate cells of known types, the spots that hold several of them, and a dissociated reference.

    .. math:: Y_{ij} = \sum_t Y_{itj}, \qquad Y_{itj} \sim \mathrm{NB}\Big(A_{it} \mu_{tj} e^{p_j},\;
       r \frac{(\sum_{c \in t} \ell_c)^2}{\sum_{c \in t} \ell_c^2}\Big), \qquad A_{it} = \sum_{c \in t} \ell_c

    where the sums run over the cells c of type t in spot i. A cell's :math:`\ell_c` is its library size times the RNA
    content of its type, so that shares of cells and shares of molecules are two truths (:func:`spsim.get.proportions`).

    Parameters
    ----------
    n_types
        Number of cell types.
    spots
        Layout of the spots in micrometres: a Visium lattice, a square :class:`spsim.patterns.Grid`, …
    cells
        Layout of the cells, such as :class:`spsim.patterns.HardCore`; by default 10,000 uniformly random places in a box as
        large as that of the spots. Both boxes begin at 0, unless the cells' coordinates are your own
        (:class:`spsim.patterns.Coordinates`): then both layouts are in one frame.
    n_reference
        Number of dissociated cells, other ones than those under the spots; 0 for no reference.
    pattern
        The tissue's domains, whose compositions differ; ``None`` for one composition everywhere.
    cell_types
        How cells get their types, when ``n_types`` is left out: a :class:`spsim.factors.CellTypes`.
    platform_sd
        Standard deviation of the logarithm of what the reference catches of each feature, relative to the spots.
    sparse
        Whether counts are ``csr_matrix`` rather than dense.
    keep_mean
        Whether to keep Λ in ``layers["mean"]``.
    rng
        Seed (SPEC 7); two calls with the same one give equal objects, ``None`` draws one and records it.

    Returns
    -------
    A ``MuData`` with the modalities ``cells``, ``visium`` and ``reference``, which measure the same features on different
    observations. Beside the slots of :func:`spsim.simulate`:

    - ``obs["cell_type"]`` of ``cells`` and ``reference``, known in the latter only; ``obs["spot"]`` of ``cells``;
    - ``obs["in_tissue"]`` of ``visium``;
    - ``obsm["cell_type_numbers"]`` of ``visium``: cells of each type; ``obsm["cell_type_factors"]``: what enters the
      mean;
    - ``var["gene"]``: what a feature is called in all three.

    Blind copies hold no ``cells``.

    Raises
    ------
    ValueError
        A value out of range.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.cells_and_spots()
    >>> {name: adata.shape for name, adata in mdata.mod.items()}
    {'cells': (10000, 400), 'visium': (504, 400), 'reference': (1000, 400)}
    """
    has_reference = _validate.whole("n_reference", n_reference) > 0
    _validate.spread("platform_sd", platform_sd)
    lattice = as_layout("spots", spots)
    places = None if cells is None else as_layout("cells", cells)
    types = _types(n_types, cell_types, is_placed=pattern is not None, has_reference=has_reference)
    loadings = {"loadings": {"cell_type": LOADINGS}}
    contents = Content(by="cell_type", sd=0.6)
    modalities: list[dict[str, Any]] = [
        {
            "name": "cells",
            "observed": "cells",
            "library_size": {"median": 4.0, "sd": 0.3},
            "effects": [contents],
            **loadings,
        },
        {"name": "visium", "observed": "spots", "features_of": "cells"},
    ]
    if has_reference:
        effects = [contents, Platform(sd=platform_sd)]
        own = {"library_size": {"median": 4.0, "sd": 0.4}, "effects": effects}
        modalities.append({"name": "reference", "observed": "reference", "features_of": "cells", **own, **loadings})
    scenario = Scenario(
        id="cells_and_spots",
        pattern=pattern,
        layout=_under(lattice) if places is None else places,
        design=Capture(spots=lattice, offset=_offset(lattice, places), n_reference=n_reference),
        factors={"cell_type": types},
        modalities=[{**_features(), **modality} for modality in modalities],
    )
    return simulate(scenario, rng=rng, sparse=sparse, keep_mean=keep_mean)


def _types(n_types: object, cell_types: object, *, is_placed: bool, has_reference: bool) -> CellTypes:
    n = category_count("n_types", n_types)
    if cell_types is None:
        return CellTypes(n, by="domain" if is_placed else None, known=["reference"] if has_reference else False)
    own: CellTypes = as_recipe("cell_types", cell_types, CellTypes)
    if n != N_TYPES:
        msg = f"give either n_types or cell_types, not both (got n_types={n} and {own})"
        raise ValueError(msg)
    return own


def _features() -> dict[str, Any]:
    # Features respond to cell types alone.
    return {
        "n_nonspatial": N_FEATURES,
        "n_nonspatial_factors": 1,
        "expression_mean": 0.0,
        "background_mean": 0.3,
        "background_sd": 1.0,
        "likelihood": NegativeBinomial(shape=2.0),
    }


def _box(spots: Layout) -> tuple[np.ndarray, np.ndarray]:
    """Return the corners of the box that spots fill."""
    from spsim._random import seed_sequence, stream

    sites = spots.sites(stream(seed_sequence(0), "spots"))
    return sites.lower[:2], sites.upper[:2]


def _under(spots: Layout) -> Uniform:
    """Return uniformly random cells in a box as large as that of the spots."""
    lower, upper = _box(spots)
    width, height = (float(side) for side in upper - lower)
    return Uniform(n_spots=N_CELLS, width=width, height=height, unit=spots.unit)


def _offset(spots: Layout, cells: Layout | None) -> list[float]:
    """Boxes of recipes begin at 0; a user's own coordinates stay where they are."""
    is_own = cells is not None and cells.holds_arrays
    return [0.0, 0.0] if is_own else [float(-side) for side in _box(spots)[0]]
