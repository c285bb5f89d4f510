"""docs/simulator.md is what the simulator says of itself, and its Python example runs."""

from __future__ import annotations

import re

from tools import simulator_docs
from webapp.simulator import SCENARIOS


def test_the_page_is_current():
    assert simulator_docs.PAGE.read_text("utf-8") == simulator_docs.render(), "run python -m tools.simulator_docs"


def test_it_names_every_scenario_with_its_address():
    page = simulator_docs.render()
    for scenario in SCENARIOS.values():
        assert f"| `{scenario.key}` |" in page
        assert scenario.house_number is None or f"| {scenario.house_number} Scenario Way |" in page


def test_its_example_works():
    (example,) = re.findall(r"```python\n(.*?)```", simulator_docs.render(), re.DOTALL)
    names: dict[str, object] = {}
    exec(example.replace("http.get(", "answer = http.get("), names)
    assert names["answer"]["request_status"] == "ok"
