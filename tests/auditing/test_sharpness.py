"""How near the reconciled bounds come to the best ones, which an LP solver finds."""

import numpy as np
import pytest

from bench.audit import ratios

ROOM = 1e-6
"""What the solver takes for zero, of the largest amount a quantity can be."""


@pytest.mark.parametrize("reading", ["rounded", "printed"])
def test_what_the_articles_pin_down(capsys, reading):
    """Sound: never narrower than the best; and on this ledger hardly ever wider."""
    ratio, lost = ratios(reading)
    with capsys.disabled():
        print(
            f"\nthe articles, as {reading}: {len(ratio)} widths over the best ones: median "
            f"{np.median(ratio):.3f}, mean {ratio.mean():.3f}, largest {ratio.max():.3f}, "
            f"best {(ratio < 1.001).mean():.0%}"
        )
    assert len(ratio) > 40
    assert lost.max() <= ROOM
    assert ratio.min() >= 1 - ROOM
    assert np.median(ratio) <= 1 + ROOM
    assert ratio.mean() < 1.1
