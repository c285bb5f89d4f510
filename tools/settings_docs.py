"""Writes what is generated from `webapp.settings`: the README's table of settings and `.env.example`. A test checks that
both are current.
"""

from __future__ import annotations

from pathlib import Path

from webapp.settings import VARIABLES

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- settings: generated -->", "<!-- end of settings -->"


def readme(text: str) -> str:
    """The README with its table renewed."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{markdown_table()}\n{rest[rest.index(END) :]}"


def markdown_table() -> str:
    """The table of settings, one row a variable."""
    rows = [
        f"| `{name}` | {f'`{field.default}`' if field.default else 'none'} | {field.description} |"
        for name, field in VARIABLES.items()
    ]
    return "\n".join(["| Variable | Default | Meaning |", "|---|---|---|", *rows])


def env_example() -> str:
    """Every variable with its default, commented out, to copy into an environment file."""
    head = "# Copy what you change into the environment. Every variable is optional in development.\n"
    return head + "".join(
        f"\n# {(field.description or '').replace('`', '')}\n# {name}={field.default}\n"
        for name, field in VARIABLES.items()
    )


if __name__ == "__main__":
    (ROOT / "README.md").write_text(readme((ROOT / "README.md").read_text()))
    (ROOT / ".env.example").write_text(env_example())
