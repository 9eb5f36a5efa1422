"""How near the reconciled bounds come to the best ones, which an LP solver finds."""

import numpy as np
import pytest

from bench.audit import ratios
from tests.auditing.worlds import World, frame
from tradelib.auditing.bounds import Network
from tradelib.auditing.report import load_rows

ROOM = 1e-6
"""What the solver takes for zero, of the largest amount a variable can be."""


def told(name, ratio):
    finite = ratio[np.isfinite(ratio)]
    return (
        f"\n{name}: {len(ratio)} widths over the best ones: median {np.median(ratio):.3f}, mean "
        f"{finite.mean():.3f}, largest {ratio.max():.3f}, best {(ratio < 1.001).mean():.0%}"
    )


@pytest.mark.parametrize("reading", ["rounded", "printed"])
def test_what_the_articles_pin_down(capsys, reading):
    """Sound: never narrower than the best; and on this ledger hardly ever wider."""
    ratio, lost = ratios(Network(load_rows(True, reference=False), reading))
    with capsys.disabled():
        print(told(f"the articles, as {reading}", ratio))
    assert len(ratio) > 50
    assert lost.max() <= ROOM
    assert ratio.min() >= 1 - ROOM
    assert np.median(ratio) <= 1 + ROOM
    assert ratio.mean() < 1.1


def test_random_worlds(capsys):
    ratio, lost = ratios(Network(frame([World(f"sharp {place}") for place in range(10)])))
    with capsys.disabled():
        print(told("random worlds", ratio))
    assert lost.max() <= ROOM
    assert np.median(ratio) <= 1 + ROOM
    assert (ratio < 1.001).mean() > 0.8
