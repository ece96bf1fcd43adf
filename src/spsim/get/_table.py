"""Small tables of truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim import _validate
from spsim._keywords import refuses_unknown
from spsim.slots import read_record

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


@refuses_unknown()
def table(data: AnnData | MuData, name: str) -> DataFrame:
    """Return a table of truth: what was drawn beside factors, loadings and labels.

    Parameters
    ----------
    data
        A simulated object or one modality of it.
    name
        Name of the table, such as ``"transforms"`` of slices or ``"cell_type_composition"``.

    Returns
    -------
    A copy of the table.

    Raises
    ------
    KeyError
        No such table, or the object was not simulated by spsim, or its truth was taken out.

    Examples
    --------
    >>> import spsim as sps
    >>> scenario = sps.Scenario(design=sps.designs.Slices(turn=30), n_side=12, modalities=[{"name": "rna"}])
    >>> sps.get.table(sps.simulate(scenario), "transforms").round(1)
             angle  shift_x  shift_y
    slice_1    0.0      0.0      0.0
    slice_2    1.7      0.0      0.0
    """
    record = read_record(data)
    tables = {key: value for key, value in record.items() if hasattr(value, "columns")}
    _validate.known_key("name", name, tables)
    return tables[name].copy()
