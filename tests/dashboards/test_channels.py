"""Which channels the trend of the page Channels shows."""

import pandas as pd
import pytest

from dashboards.queries.channels import leading_channels

# By touchpoints, as the scorecard is.
SCORES = pd.DataFrame(
    {
        "channel": ["email", "web", "push", "store", "chat"],
        "touchpoints": [900.0, 800.0, 700.0, 60.0, 50.0],
        "revenue": [0.0, 300.0, 0.0, 9000.0, 0.0],
        "csat": [None, None, None, None, 0.0],
        "friction_rate": [0.0, 0.1, 0.0, 0.2, 0.3],
    }
)


@pytest.mark.parametrize(
    ("measure", "channels"),
    [
        ("Revenue", ["store", "web"]),
        ("Touchpoints", ["email", "web", "push"]),
        ("CSAT", ["chat"]),
        ("Friction rate", ["email", "web", "push"]),
    ],
)
def test_a_trend_shows_the_channels_that_its_figure_is_about(measure: str, channels: list[str]) -> None:
    assert leading_channels(SCORES, measure, count=3) == channels
