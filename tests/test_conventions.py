"""Conventions as law: imports point inward, one engine room, one clock, one commit, nothing that runs text."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from app.config import ROOT, Settings

APP = ROOT / "app"
MODULES = sorted(path for path in APP.rglob("*.py") if "migrations" not in path.parts)
# From the middle outwards; a module may import its own ring and those before it.
RINGS = (
    {"errors", "clock", "words", "formulas", "file_kinds", "scanner", "version"},
    {"config", "keys", "models", "db", "diagram", "layout", "storage", "worktime"},
    {"engine", "forms", "access"},
    {"checking"},
    {"audit", "definitions", "accounts", "attachments", "drafts", "incidents", "office_calendar", "offices", "uploads"},
    {"instances"},
    {"backup", "demo", "duties", "jobs", "registers", "documents", "survey_answers"},
    {"web", "cli", "worker", ""},
)
WEB_LIBRARIES = {"flask", "flask_login", "flask_wtf", "werkzeug", "jinja2"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    first = path.relative_to(APP).parts[0]
    return first.removesuffix(".py").replace("__init__", "")


def ring_of(room: str) -> int:
    return next(number for number, ring in enumerate(RINGS) if room in ring)


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(path: Path) -> set[str]:
    """Full names: "app.models", "flask", "SpiffWorkflow.task"."""
    names: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"app.{alias.name}" for alias in node.names} if node.module == "app" else set()
    return names


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_inward(path: Path) -> None:
    own = ring_of(room_of(path))
    rooms = {name.split(".")[1] for name in imported(path) if name.startswith("app.")}
    outward = {room for room in rooms if ring_of(room) > own}
    assert not outward


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_engine_package_knows_the_engine(path: Path) -> None:
    assert room_of(path) == "engine" or not any(name.startswith("SpiffWorkflow") for name in imported(path))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_edge_knows_http(path: Path) -> None:
    if room_of(path) not in {"web", "cli", ""}:
        assert not {name.split(".")[0] for name in imported(path)} & WEB_LIBRARIES


def attributes_called(path: Path) -> list[str]:
    return [
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
    ]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nobody_commits_but_the_transaction(path: Path) -> None:
    """`Database.transaction` commits by leaving `session.begin()`; there is no other place."""
    assert "commit" not in attributes_called(path)
    if room_of(path) != "db":
        assert "begin" not in attributes_called(path)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_one_clock(path: Path) -> None:
    if room_of(path) == "clock":
        return
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            assert (node.func.value.id, node.func.attr) not in {
                ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"), ("func", "now"),
            }, f"line {node.lineno}"  # fmt: skip


@pytest.mark.parametrize("path", [*sorted(APP.rglob("*.py")), *sorted((ROOT / "tools").rglob("*.py")), ROOT / "run.py"], ids=name_of)
def test_nothing_runs_text(path: Path) -> None:
    """Not even named, as in `map(eval, texts)`; nor reached through another module that has them."""
    named = {node.id for node in ast.walk(tree_of(path)) if isinstance(node, ast.Name)}
    assert not named & {"eval", "exec", "compile", "__import__", "__builtins__"}
    assert "builtins" not in imported(path)
    assert not {name.split(".")[0] for name in imported(path)} & {"pickle", "marshal", "shelve"}


def test_the_deserializer_has_one_caller() -> None:
    callers = [name_of(path) for path in MODULES for name in attributes_called(path) if name in {"from_dict", "deserialize_json"}]
    assert callers == ["app/engine/memory.py"]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_stay_readable(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 320


@pytest.mark.parametrize("path", [*MODULES, *sorted((APP / "templates").rglob("*.html")), ROOT / "run.py"], ids=name_of)
def test_no_word_about_one_sop_in_code(path: Path) -> None:
    """SOPs are data: the next one needs no Python and no template."""
    text = path.read_text("utf-8")
    assert not re.search(r"\b(LAKIP|LKjIP|RKT|SKM|IKU)\b|sop_0\d|keputusan_kabag(?!\s*==)|Task_\d", _without_docstrings(text, path))


def _without_docstrings(text: str, path: Path) -> str:
    """Examples in docstrings may name an SOP."""
    if path.suffix != ".py":
        return text
    tree = ast.parse(text)
    lines = text.splitlines()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            for number in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[number] = ""
    return "\n".join(lines)


def test_settings_are_documented() -> None:
    listed = set(re.findall(r"^\| `(ALUR_[A-Z0-9_]+)` ", (ROOT / "docs" / "settings.md").read_text("utf-8"), re.MULTILINE))
    assert listed == {f"ALUR_{name.upper()}" for name in Settings.model_fields}


def test_templates_have_no_inline_script_or_style() -> None:
    for path in sorted((APP / "templates").rglob("*.html")):
        text = path.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:|\|\s*safe", text), name_of(path)


@pytest.mark.parametrize("document", [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))], ids=name_of)
def test_documents_name_only_what_exists(document: Path) -> None:
    """Every `path` in backticks that looks like a file of the repository is there."""
    text = document.read_text("utf-8")
    named = set(re.findall(r"`((?:app|bpmn|forms|tests|docs|frontend|tools)/[\w./-]*\w)`", text))
    missing = {name for name in named if not (ROOT / name).exists() and not (ROOT / name).is_dir() and "dist" not in name}
    assert not missing


def test_documents_name_only_commands_that_exist() -> None:
    from app import create_app
    from app.cli import data, group, seals, show, sop, user

    del create_app
    known = {f"{one.name} {name}" for one in (sop, user, group, data, show, seals) for name in one.commands}
    for document in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        named = set(re.findall(r"flask --app app (\w+ [\w-]+)", document.read_text("utf-8")))
        assert named <= known, (name_of(document), named - known)
    assert known == set(re.findall(r"flask --app app (\w+ [\w-]+)", (ROOT / "README.md").read_text("utf-8")))
