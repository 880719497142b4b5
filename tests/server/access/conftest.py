from collections.abc import Iterator

import pytest

from tests.server.access.world import World, district


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all tables: what is asked of it leaves everybody's rights as they are."""
    with district(tmp_path_factory.mktemp("district")) as world:
        yield world
