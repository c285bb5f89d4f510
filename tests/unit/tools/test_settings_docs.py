"""What is generated from the settings says what the settings say."""

from __future__ import annotations

from tools.settings_docs import ROOT, env_example, readme


def test_readme_lists_every_variable_as_it_is() -> None:
    text = (ROOT / "README.md").read_text()
    assert readme(text) == text, "run `python -m tools.settings_docs`"


def test_env_example_lists_every_variable_as_it_is() -> None:
    assert (ROOT / ".env.example").read_text() == env_example(), "run `python -m tools.settings_docs`"
