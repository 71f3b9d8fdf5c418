"""Options that all tests share."""

from __future__ import annotations

import os

import pytest

# Of whoever runs the tests: a settings file would choose another model than the tests expect.
os.environ["SIGHTLINE_SETTINGS"] = os.devnull + "-settings-of-tests"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="rewrite what the golden files expect")


@pytest.fixture
def update_goldens(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten; read the difference before you commit it."""
    return bool(request.config.getoption("--update-goldens"))
