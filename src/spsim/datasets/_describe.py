"""What a Methods section needs to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spsim import _keys
from spsim._stored import read_params
from spsim.likelihoods import from_dict

if TYPE_CHECKING:
    from mudata import MuData
    from pandas import DataFrame

MODEL_BIBTEX = """\
@article{townes2023nonnegative,
  author = {Townes, F. William and Engelhardt, Barbara E.},
  title = {Nonnegative spatial factorization applied to spatial genomics},
  journal = {Nature Methods},
  volume = {20},
  pages = {229--238},
  year = {2023},
  doi = {10.1038/s41592-022-01687-w}
}
"""
SOFTWARE_BIBTEX = """\
@software{{spsim,
  author = {{{{spsim contributors}}}},
  title = {{spsim: simulated spatial multi-omics data with known ground truth}},
  version = {{{version}}}
}}
"""


@dataclass(frozen=True, kw_only=True)
class Description:
    """What :func:`describe` returns; prints as text.

    Parameters
    ----------
    paragraph
        A Methods paragraph.
    parameters
        Fields × modalities.
    bibtex
        The model's paper and the software.

    Examples
    --------
    >>> import spsim as sps
    >>> sps.datasets.describe(sps.datasets.quilt(n_spatial=200)).parameters.loc["n_spatial", "rna"]
    200
    """

    paragraph: str
    parameters: DataFrame
    bibtex: str

    def __str__(self) -> str:
        return f"{self.paragraph}\n\n{self.parameters.to_string()}\n\n{self.bibtex}"


def describe(mdata: MuData) -> Description:
    """Describe how an object was simulated, for a paper's Methods section.

    Parameters
    ----------
    mdata
        A simulated object.

    Returns
    -------
    A :class:`Description` with ``paragraph``, ``parameters`` (fields × modalities) and ``bibtex``.

    Raises
    ------
    KeyError
        The object was not simulated by spsim, or its truth was taken out.

    Examples
    --------
    >>> import spsim as sps
    >>> print(sps.datasets.describe(sps.datasets.quilt(n_spatial=200)).paragraph[:75])
    Data were simulated with spsim 0.1.0 (scenario 'quilt'): 1296 spots, 4 spat
    """
    params = read_params(mdata)
    record = mdata.uns[_keys.UNS]
    version = str(record[_keys.VERSION])
    bibtex = "\n".join([MODEL_BIBTEX, SOFTWARE_BIBTEX.format(version=version)])
    return Description(paragraph=_paragraph(params, record), parameters=_table(params), bibtex=bibtex)


def _paragraph(params: dict[str, Any], record: dict[str, Any]) -> str:
    n_spots = str(record[_keys.SHAPE]).split(" x ")[0]
    seeds = {name: seed["entropy"] for name, seed in params["seeds"].items()}
    return " ".join(
        [
            f"Data were simulated with spsim {record[_keys.VERSION]} (scenario {str(record[_keys.SCENARIO])!r}): "
            f"{n_spots} spots, {len(params['factors'])} spatial factors ({', '.join(params['factors'])}), "
            f"seed {seeds['truth']} for the truth and {seeds['counts']} for the counts.",
            "The mean of each modality is background + F W' + U V', with spatial factors F, non-spatial factors U and "
            "loadings W and V (Townes & Engelhardt 2023).",
            *(_sentence(modality, params) for modality in params["scenario"]["modalities"]),
            "Non-spatial factors are shared by all modalities." if params["scenario"]["shared_nonspatial"] else "",
        ]
    ).strip()


def _sentence(modality: dict[str, Any], params: dict[str, Any]) -> str:
    active = modality["active_factors"]
    names = params["factors"] if active is None else [params["factors"][f] if isinstance(f, int) else f for f in active]
    return (
        f"Modality {modality['name']} has {modality['n_spatial']} spatial, {modality['n_mixed']} mixed (spatial share "
        f"{modality['spatial_fraction']:g}) and {modality['n_nonspatial']} non-spatial features with mean "
        f"{modality['expression_mean']:g} on background {modality['background_mean']:g}, loading on "
        f"{', '.join(names) or 'no spatial factor'} and on {modality['n_nonspatial_factors']} non-spatial factors that "
        f"are on with probability {modality['nonspatial_probability']:g}; it is measured as "
        f"{from_dict(modality['likelihood'])!r}."
    )


def _table(params: dict[str, Any]) -> DataFrame:
    import pandas as pd

    modalities = params["scenario"]["modalities"]
    table = pd.DataFrame({modality["name"]: pd.Series(modality, dtype=object) for modality in modalities})
    table.loc["likelihood"] = [repr(from_dict(modality["likelihood"])) for modality in modalities]
    return table.drop(index="name")
