"""Krippendorff's alpha for labels: agreement beyond chance of any number of annotators, gaps allowed.

1 is perfect, 0 what chance would give; for conclusions drawn from data 0.8 is asked for, 0.667 the least
(Krippendorff, Content Analysis, 2004, p. 241). The computation is the library's (``krippendorff``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import krippendorff
import numpy as np


def alpha(units: Sequence[Mapping[str, str]]) -> float | None:
    """Nominal alpha of units, each the values that some annotators gave it.

    None where it is not defined: no unit with two values, or one value everywhere.
    """
    paired = [unit for unit in units if len(unit) > 1]
    values = sorted({value for unit in paired for value in unit.values()})
    if len(values) < 2:
        return None
    codes = {value: code for code, value in enumerate(values)}
    people = sorted({who for unit in paired for who in unit})
    table = np.array([[codes[unit[who]] if who in unit else np.nan for unit in paired] for who in people])
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement="nominal"))
