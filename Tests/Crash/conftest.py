"""Bad days: Baton is killed, starved, flooded and lied to. Each test has a Baton of its own."""

import importlib.util
import sys
from pathlib import Path

import pytest

# The wire tests' Server and eventually, under the name `wire`.
_specification = importlib.util.spec_from_file_location("wire", Path(__file__).parents[1] / "Wire/conftest.py")
wire = sys.modules["wire"] = importlib.util.module_from_spec(_specification)
_specification.loader.exec_module(wire)


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def server(folder):
    """A Baton that may be killed and started again."""
    server = wire.Server(folder)
    yield server
    server.stop()
