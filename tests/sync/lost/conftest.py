"""Randomised tests draw from one seed: printed with a failure, set again with `SEED=<number>`."""

from __future__ import annotations

import os
import random

import pytest


@pytest.fixture
def seed() -> int:
    found = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**9))
    print(f"SEED={found}")
    return found
