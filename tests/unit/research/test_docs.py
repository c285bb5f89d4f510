"""`docs/research.md` names every setting and every scenario that there is."""

from __future__ import annotations

import re

from tests.paths import ROOT
from webapp.agent_simulator import SCENARIOS
from webapp.settings import VARIABLES

TEXT = (ROOT / "docs" / "research.md").read_text(encoding="utf-8")


def test_every_setting_is_named() -> None:
    assert {name for name in VARIABLES if name.startswith("H_")} == set(re.findall(r"\bH_[A-Z_]+\b", TEXT))


def test_every_scenario_is_named() -> None:
    listed = TEXT[TEXT.index("`finds-three` (default)") :]
    assert set(SCENARIOS) == set(re.findall(r"`([a-z-]+)`", listed))
