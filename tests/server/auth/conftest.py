from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.surface import Browser, build, serve


@pytest.fixture
def caller(tmp_path: Path) -> Iterator[Browser]:
    with serve(build(tmp_path)) as browser:
        yield browser
