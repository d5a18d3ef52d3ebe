"""Arrows: a step that nobody may take by hand."""

import pytest

from edudx.lib.workflow import StepRefused, Transition


def test_nobody_takes_a_step_of_the_portals_own():
    close = Transition[str]("close", "Kết thúc", ("issued",), "closed")
    with pytest.raises(StepRefused, match="«Kết thúc» do cổng tự thực hiện"):
        assert close.asked
