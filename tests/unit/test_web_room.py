"""`webapp.web` holds what knows Flask; whatever does not is drawn without a request and belongs to `webapp.pages`."""

from __future__ import annotations

import ast
from pathlib import Path

import webapp

WEB = Path(webapp.__file__).parent / "web"
FLASK = {"flask", "flask_htmx", "flask_wtf", "werkzeug", "wtforms", "whitenoise"}


def test_every_module_of_web_imports_flask() -> None:
    others = []
    for path in sorted(WEB.rglob("*.py")):
        if path.name != "__init__.py" and not _imported(path) & FLASK:
            others.append(path.relative_to(WEB).as_posix())
    assert others == []


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
    return names
