"""Products: which gene of another modality each feature comes from."""

from __future__ import annotations

from dataclasses import dataclass, field

from spsim import _names
from spsim.factors._effect import Effect


@dataclass(frozen=True, kw_only=True)
class Products(Effect):
    r"""Features that are products of another modality's features: proteins of genes, peaks near them.

    A feature's gene is the one whose response to the types is most alike,

    .. math:: g(j) = \arg\max_g \mathrm{cor}_c (r_{jc}, r'_{gc})

    with the loadings r′ of genes on types c and, for the feature, its loadings or probabilities of foreground; one gene for
    each feature where there are enough, else each has one before any has two. Flat features and isotype controls come from none. It changes no count.

    Parameters
    ----------
    of
        Name of the modality with the genes.
    by
        Name of the factors that both respond to.

    Raises
    ------
    ValueError
        Names that cannot be one.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.citeseq(n_cells=100)
    >>> set(mdata["protein"].var["gene"].dropna()) <= set(mdata["rna"].var["gene"])
    True
    """

    of: str = field(kw_only=False)
    by: str = "cell_type"

    def __post_init__(self) -> None:
        _names.usable_name("of", self.of)
        _names.usable_name("by", self.by)

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        return f"Features are products of the features of {self.of} whose response to {self.by!r} is most alike."

    @property
    def origin(self) -> tuple[str, str]:
        """The modality with the genes, and the factors that both respond to."""
        return self.of, self.by
