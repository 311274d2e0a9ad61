"""What the browser tests share."""

import os

import pytest
from dashboard import find_chromium


@pytest.fixture(scope="session")
def chromium():
    found = find_chromium()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium on this machine")
        pytest.skip("no Chromium on this machine")
    return found
