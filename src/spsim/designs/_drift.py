"""Sections through different depths, whose structures lie a little elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field

from spsim import _validate
from spsim._random import Stream
from spsim.designs._motion import Motion, Section
from spsim.designs._warp import fields


@dataclass(frozen=True, kw_only=True)
class Drift(Motion):
    r"""Boundaries of structures differ smoothly between sections: patterns are looked up at :math:`x + \text{sd}\, g(x)`.

    Unlike a warp it changes the tissue and not the coordinates: two sections that are aligned without error still differ.

    Parameters
    ----------
    sd
        Standard deviation of the displacement of boundaries along each axis, in coordinate units; 0 leaves slices as they
        are.
    length
        Length scale of the fields, in coordinate units, above 0.

    Examples
    --------
    >>> import spsim as sps
    >>> design = sps.designs.Slices(motions=[sps.designs.Drift(sd=1, length=6)])
    >>> mdata = sps.simulate(sps.Scenario(design=design, n_side=24, modalities=[{"name": "rna", "n_mixed": 20}]))
    >>> domain = mdata.obs["domain"].to_numpy()
    >>> bool((domain[:576] == domain[576:]).all())
    False
    """

    sd: float = field(default=1.0, kw_only=False)
    length: float = 12.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "sd", _validate.real("sd", self.sd, at_least=0))
        object.__setattr__(self, "length", _validate.real("length", self.length, above=0))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        return f"cut where boundaries lie elsewhere (drift of sd {self.sd:g} and length scale {self.length:g})"

    def moved(self, section: Section, source: Stream) -> Section:
        """Look patterns up elsewhere, within the box."""
        if not self.sd:
            return section
        return section.looking_at(section.seen[:, :2] + self.sd * fields(section, self.length, source))
