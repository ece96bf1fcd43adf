"""All scores that :func:`spsim.tl.evaluate` can compute from a key alone: one line per file that holds some."""

from __future__ import annotations

from spsim.tl import (
    _abundance_recovery,
    _correspondence_accuracy,
    _domain_agreement,
    _domain_continuity,
    _ecotype_recovery,
    _factor_distance,
    _factor_recovery,
    _label_factors,
    _neighborhood,
    _proportion_recovery,
    _registration_error,
    _slice_mixing,
    _subspace_angles,
    _svg_detection,
    _variance_recovered,
)

# In the order of the tidy table: factors, labels, features.
SCORES = (
    *_factor_recovery.SCORES,
    *_variance_recovered.SCORES,
    *_subspace_angles.SCORES,
    *_factor_distance.SCORES,
    *_neighborhood.SCORES,
    *_slice_mixing.SCORES,
    *_registration_error.SCORES,
    *_correspondence_accuracy.SCORES,
    *_proportion_recovery.SCORES,
    *_label_factors.SCORES,
    *_domain_agreement.SCORES,
    *_ecotype_recovery.SCORES,
    *_abundance_recovery.SCORES,
    *_domain_continuity.SCORES,
    *_svg_detection.SCORES,
)
