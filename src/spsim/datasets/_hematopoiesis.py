"""The network of myeloid differentiation, as edges of a spin network."""

from __future__ import annotations

# Regulators of each gene in the Boolean model of Krumsiek et al. (2011), with the sign in which its rule holds them: 30
# signed edges, the reference network of BEELINE's HSC.
REGULATORS = {
    "Gata2": {"Gata2": 1, "Pu1": -1, "Gata1": -1, "Fog1": -1},
    "Gata1": {"Gata1": 1, "Gata2": 1, "Fli1": 1, "Pu1": -1},
    "Fog1": {"Gata1": 1},
    "Eklf": {"Gata1": 1, "Fli1": -1},
    "Fli1": {"Gata1": 1, "Eklf": -1},
    "Scl": {"Gata1": 1, "Pu1": -1},
    "Cebpa": {"Cebpa": 1, "Scl": -1, "Fog1": -1, "Gata1": -1},
    "Pu1": {"Cebpa": 1, "Pu1": 1, "Gata1": -1, "Gata2": -1},
    "cJun": {"Pu1": 1, "Gfi1": -1},
    "EgrNab": {"Pu1": 1, "cJun": 1, "Gfi1": -1},
    "Gfi1": {"Cebpa": 1, "EgrNab": -1},
}
GENES = tuple(REGULATORS)
WEIGHT = 0.8


def couplings() -> list[tuple[str, str, float]]:
    """Return one edge per pair of genes: both directions are one coupling, none where their signs differ (Gata1, Gata2)."""
    signs: dict[tuple[str, str], set[int]] = {}
    for gene, regulators in REGULATORS.items():
        for regulator, sign in regulators.items():
            first, second = sorted((gene, regulator), key=GENES.index)
            signs.setdefault((first, second), set()).add(sign)
    return [(first, second, WEIGHT * own.pop()) for (first, second), own in signs.items() if len(own) == 1]


def knock_outs_and_activations() -> dict[str, dict[str, float]]:
    """Return what each of 22 perturbations shifts: one gene down or up."""
    ways = (("knock_out", -1.0), ("activation", 1.0))
    return {f"{gene}_{way}": {gene: shift} for way, shift in ways for gene in GENES}
