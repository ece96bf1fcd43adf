"""What a Methods section needs to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spsim import _keys
from spsim._keywords import refuses_unknown
from spsim._objects import annotated
from spsim.datasets._cited import cited
from spsim.datasets._methods import paragraph
from spsim.datasets._published import citation
from spsim.likelihoods import from_dict
from spsim.slots import read_params, read_record

if TYPE_CHECKING:
    from mudata import MuData
    from pandas import DataFrame

MODEL = "nsf_quilt"  # a data set of the paper that the model is from
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
        The model's paper, those of a published data set and of recipes, and the software.

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


@refuses_unknown()
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
    params = read_params(annotated("mdata", mdata))
    record = read_record(mdata)
    version = str(record[_keys.VERSION])
    used = [MODEL, *([params["origin"]["id"]] if params["origin"] else [])]
    papers = [*map(citation, used), *cited(params["scenario"])]
    bibtex = "\n".join([*dict.fromkeys(papers), SOFTWARE_BIBTEX.format(version=version)])
    return Description(paragraph=paragraph(params, record), parameters=_table(params), bibtex=bibtex)


def _table(params: dict[str, Any]) -> DataFrame:
    import pandas as pd

    modalities = params["scenario"]["modalities"]
    table = pd.DataFrame({modality["name"]: pd.Series(modality, dtype=object) for modality in modalities})
    table.loc["likelihood"] = [repr(from_dict(modality["likelihood"])) for modality in modalities]
    return table.drop(index="name")
