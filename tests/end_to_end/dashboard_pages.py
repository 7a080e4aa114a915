"""Pages of the dashboards as Streamlit runs them, for tests of what they show."""

import base64
import json
import re
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest


def shown(module: str) -> AppTest:
    """Run a page and return it; it has raised nothing."""
    script = f"from dashboards.views.{module} import show\nshow()"
    return looked_at(AppTest.from_string(script, default_timeout=60).run())


def looked_at(page: AppTest) -> AppTest:
    """Check that a page has no error and shows its question."""
    assert [each.value for each in page.exception] == []
    assert "As of" in text_of(page)
    assert "Version" in text_of(page)
    return page


def text_of(page: AppTest) -> str:
    """All HTML that a page shows, tables and tiles among it."""
    return "\n".join(str(each.proto.body) for each in page.get("html"))


def tile_of(page: AppTest, label: str) -> str:
    """Return the figure of a tile."""
    found = re.findall(rf"<span>{re.escape(label)}</span><b[^>]*>([^<]*)</b>", text_of(page))
    assert len(found) == 1, f"{label} is there {len(found)} times"
    return str(found[0])


def figure_of(page: AppTest, key: str) -> dict[str, Any]:
    """Return a plotly chart as sent to the browser."""
    specs = [each.proto.spec for each in page.get("plotly_chart") if key in each.proto.id]
    found: dict[str, Any] = json.loads(specs[0])
    return found


def values_of(numbers: Any) -> list[float]:
    """Return numbers of a chart, which plotly sends as bytes."""
    if isinstance(numbers, dict):
        return [float(each) for each in np.frombuffer(base64.b64decode(numbers["bdata"]), numbers["dtype"])]
    return [float(each) for each in numbers]
