"""Bland-Altman limits over regions."""

import numpy as np
import pandas as pd
import pytest

from petgen.views import limits_of_agreement


def test_the_limits_are_1_96_standard_deviations_about_the_bias():
    regions = pd.DataFrame({"suvr": [1.1, 1.3, 1.5, 9.0], "suvr_reference": [1.0, 1.0, 1.0, np.nan]})
    assert limits_of_agreement(regions) == pytest.approx((0.3, 0.3 - 1.96 * 0.2, 0.3 + 1.96 * 0.2))


@pytest.mark.parametrize(
    "regions",
    [
        pd.DataFrame({"suvr": [1.0, 1.2, 1.4]}),
        pd.DataFrame({"suvr": [1.0, 1.2, 1.4], "suvr_reference": [1.0, 1.0, np.nan]}),
    ],
)
def test_with_too_few_regions_there_are_no_limits(regions):
    assert limits_of_agreement(regions) is None
