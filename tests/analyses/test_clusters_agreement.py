"""The agreement of two groupings, against the library's figure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from helpers.analyses.clusters.agreement import adjusted_rand_index


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=60))
def test_the_adjusted_rand_index_is_the_librarys(pairs):
    ours, theirs = np.array(pairs).T
    cross = np.bincount(ours * 5 + theirs, minlength=25).reshape(5, 5)
    assert adjusted_rand_index(cross) == pytest.approx(adjusted_rand_score(ours, theirs))
