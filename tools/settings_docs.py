"""Writes what is generated from `webapp.settings`: the README's table of settings and `.env.example`. A test checks both are current."""

from __future__ import annotations

from pathlib import Path

from webapp.settings import VARIABLES, markdown_table

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- settings: generated -->", "<!-- end of settings -->"


def readme(text: str) -> str:
    """The README with its table renewed."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{markdown_table()}\n{rest[rest.index(END) :]}"


def env_example() -> str:
    """Every variable with its default, commented out, to copy to `.env`."""
    head = "# Copy what you change into the environment. Every variable is optional in development.\n"
    return head + "".join(
        f"\n# {variable.meaning.replace('`', '')}\n# {variable.name}={variable.default}\n" for variable in VARIABLES
    )


if __name__ == "__main__":
    (ROOT / "README.md").write_text(readme((ROOT / "README.md").read_text()))
    (ROOT / ".env.example").write_text(env_example())
