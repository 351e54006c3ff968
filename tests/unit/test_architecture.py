"""The rules of the house, held by a machine: who imports whom, how long things are, what is never used."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE_ROOTS = (ROOT / "app" / "pitdesk", ROOT / "ui" / "pitdesk_ui", ROOT / "tools")
MAX_FILE, MAX_FUNCTION, MAX_PUBLIC_METHODS = 400, 60, 25

# What the practice exchange may share with the rest: words and arithmetic, no behavior.
PRACTICE_MAY_USE = {
    "pitdesk.clock",
    "pitdesk.cost",
    "pitdesk.events",
    "pitdesk.fees",
    "pitdesk.kalshi.wire",
    "pitdesk.markets",
    "pitdesk.orders",
    "pitdesk.paths",
    "pitdesk.quantities",
    "pitdesk.tasks",
    "pitdesk.typed_text",
}

# One forbidden import for each contract: (contract's name, the module it is planted as, the line).
PLANTED = [
    (
        "the core never imports Qt, qasync or the shell",
        "app/pitdesk/planted.py",
        "from PySide6 import QtCore",
    ),
    ("the core never imports Qt, qasync or the shell", "app/pitdesk/desk/planted.py", "import qasync"),
    ("the core never imports Qt, qasync or the shell", "app/pitdesk/planted_too.py", "import pitdesk_ui"),
    ("the exchange on the wire knows nothing", "app/pitdesk/kalshi/planted.py", "import pitdesk.desk"),
    ("the practice exchange shares only", "app/pitdesk/practice/planted.py", "import pitdesk.desk"),
    ("only the signer holds keys", "app/pitdesk/desk/planted_key.py", "import cryptography"),
    ("only the transport imports requests", "ui/pitdesk_ui/planted.py", "import requests"),
    ("only the stream imports the WebSocket library", "app/pitdesk/desk/planted_ws.py", "import websockets"),
    ("only the practice exchange serves", "app/pitdesk/desk/planted_http.py", "import aiohttp"),
    ("widgets know no service", "ui/pitdesk_ui/widgets/planted.py", "import pitdesk.desk"),
    ("the shell reaches the exchange through", "ui/pitdesk_ui/ticket/planted.py", "import pitdesk.practice"),
    ("the words and numbers stand on nothing", "app/pitdesk/quantities.py", "import pitdesk.desk"),
]


def python_files() -> list[Path]:
    files = [path for root in SOURCE_ROOTS for path in sorted(root.rglob("*.py"))]
    return [*files, ROOT / "dev.py", ROOT / "setup.py"]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def trees(under: Path | None = None) -> Iterator[tuple[Path, ast.Module]]:
    for path in python_files():
        if under is None or under in path.parents:
            yield path, ast.parse(path.read_text(encoding="utf-8"), str(path))


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """import-linter over a checkout, with its own settings, in a process of its own."""
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(root / "app"), str(root / "ui")]),
        "PYTHONUTF8": "1",
    }
    command = "from importlinter.cli import lint_imports_command as main; main()"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=root,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_import_rules_are_kept() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def planted_report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy in which every rule is broken once."""
    root = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "pyproject.toml", root)
    for folder in ("app", "ui"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for _, file, line in PLANTED:
        with (root / file).open("a", encoding="utf-8") as planted:
            planted.write(f"\n{line}\n")
    done = lint_imports(root)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("contract,file,line", PLANTED, ids=[file for _, file, _ in PLANTED])
def test_a_planted_import_is_found(planted_report: str, contract: str, file: str, line: str) -> None:
    assert re.search(rf"^{re.escape(contract)}.* BROKEN( \(.*\))?$", planted_report, re.MULTILINE), (
        planted_report
    )
    importer = ".".join(Path(file).with_suffix("").parts[1:])
    imported = line.split()[1]
    assert re.search(rf"{re.escape(importer)}\b.*->.*{re.escape(imported)}", planted_report), planted_report


def test_the_practice_exchange_shares_only_words_and_arithmetic() -> None:
    practice = ROOT / "app" / "pitdesk" / "practice"
    strangers = [
        f"{shown(path)}:{line} imports {module}"
        for path, tree in trees(practice)
        for module, line in imported_modules(tree)
        if module.startswith("pitdesk") and not may_use(module)
    ]
    assert not strangers


@pytest.mark.parametrize(
    "library,owner", [("keyring", "app/pitdesk/vault.py"), ("urllib3", "app/pitdesk/kalshi/transport/")]
)
def test_only_its_owner_imports(library: str, owner: str) -> None:
    """Here and not among import-linter's contracts, which may name only what is imported already."""
    importing = [
        f"{shown(path)}:{line}"
        for path, tree in trees()
        if not shown(path).startswith(owner)
        for module, line in imported_modules(tree)
        if module.split(".")[0] == library
    ]
    assert not importing


def may_use(module: str) -> bool:
    allowed = PRACTICE_MAY_USE | {"pitdesk.practice"}
    return module == "pitdesk" or any(module == name or module.startswith(f"{name}.") for name in allowed)


def imported_modules(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Modules named in imports; ``from pitdesk import desk`` counts as pitdesk.desk."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module in ("pitdesk", "pitdesk.kalshi"):
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno


def test_every_folder_of_code_is_a_package() -> None:
    roots = SOURCE_ROOTS[:2]
    folders = {path.parent for root in roots for path in root.rglob("*.py")}
    lost = [shown(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()]
    assert not lost, "setup.py finds packages by their __init__.py"


def test_every_module_says_what_it_owns() -> None:
    silent = [shown(path) for path, tree in trees() if not ast.get_docstring(tree)]
    assert not silent


def test_files_are_short() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    long = {shown(path): length for path, length in lengths.items() if length > MAX_FILE}
    assert not long


def test_functions_are_short() -> None:
    long = [
        f"{shown(path)}:{node.lineno} {node.name} has {length} lines"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION
    ]
    assert not long


def test_classes_are_narrow() -> None:
    wide = [
        f"{shown(path)}:{node.lineno} {node.name} has {len(public)} public methods"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and len(public := public_methods(node)) > MAX_PUBLIC_METHODS
    ]
    assert not wide


def public_methods(node: ast.ClassDef) -> list[str]:
    """Methods of our own naming: Qt's overrides (camelCase) are not a choice of ours."""
    functions = [item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [item.name for item in functions if not item.name.startswith("_") and item.name.islower()]


def trap(node: ast.AST) -> str | None:
    """The name of the trap this piece of code is, or None."""
    match node:
        case ast.Call(func=ast.Name(id="Decimal"), args=[ast.Constant(value=float()), *_]):
            return "a Decimal made of a float"
        case ast.Call(func=ast.Name(id="Decimal"), args=[ast.Call(func=ast.Name(id="float")), *_]):
            return "a Decimal made of a float"
        case ast.Call(func=ast.Attribute(attr="from_float")):
            return "a Decimal made of a float"
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name) if name in BANNED_NAMES:
            return BANNED_NAMES[name]
        case ast.keyword(arg="capture_locals"):
            return "what a function holds, keys too, in a report"
        case ast.Call(func=ast.Attribute(attr="exec" | "exec_")):
            return "a nested event loop"
    return None


BANNED_NAMES = {
    "QDoubleSpinBox": "a price in a float box",
    "processEvents": "a nested event loop",
    "asyncSlot": "a task nobody owns",
    "asyncClose": "a nested event loop",
    "ensure_future": "a task nobody owns",
    "QSortFilterProxyModel": "a proxy over a Python model",
    "nest_asyncio": "a nested event loop",
    "f_locals": "what a function holds, keys too",
    "cgitb": "what a function holds, keys too, in a report",
}


@pytest.mark.parametrize("folder", ["app/pitdesk", "ui/pitdesk_ui"])
def test_no_known_trap_is_used(folder: str) -> None:
    found = [
        f"{shown(path)}:{getattr(node, 'lineno', '?')} {name}"
        for path, tree in trees(ROOT / folder)
        for node in ast.walk(tree)
        if (name := trap(node)) is not None
    ]
    assert not found


@pytest.mark.parametrize(
    "code",
    [
        "Decimal(0.29)",
        "Decimal(float(text))",
        "Decimal.from_float(x)",
        "from PySide6.QtWidgets import QDoubleSpinBox",
        "QtWidgets.QDoubleSpinBox()",
        "dialog.exec()",
        "app.processEvents()",
        "asyncio.ensure_future(x)",
        "traceback.TracebackException.from_exception(error, capture_locals=True)",
        "frame.f_locals['key']",
    ],
)
def test_the_traps_are_known_when_seen(code: str) -> None:
    assert any(trap(node) for node in ast.walk(ast.parse(code)))


@pytest.mark.parametrize("code", ["Decimal('0.29')", "Decimal(3)", "dialog.open()", "owner.spawn('x', coro)"])
def test_what_is_sound_is_no_trap(code: str) -> None:
    assert not any(trap(node) for node in ast.walk(ast.parse(code)))


def test_every_task_has_an_owner() -> None:
    """asyncio.create_task appears only where tasks are owned."""
    loose = [
        f"{shown(path)}:{node.lineno}"
        for path, tree in trees()
        if path != ROOT / "app" / "pitdesk" / "tasks.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "create_task"
        and ast.unparse(node.value) == "asyncio"
    ]
    assert not loose


# Each pattern is written so that it does not find itself.
NEVER_TOLD = {
    "a registry's address": r"pypi[.]org|pythonhosted[.]|npmjs[.]|registry[.]npm|(deb|snapshot)[.]debian",
    "a path of one machine": r"/wor[k]/|/roo[t]/|/hom[e]/[a-z]+/|/User[s]/[A-Za-z]|[.]pyen[v]/|/tmp/tea[m]",
    "work put off": r"\b(TOD[O]|FIXM[E]|XX[X])\b",
    "a private key": r"BEGIN (RSA |EC )?PRIVATE KE[Y]-----\n[A-Za-z0-9+/]{20}",
}


def tracked_files() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: nothing says which files are the project's")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("what", NEVER_TOLD)
def test_no_file_tells(what: str) -> None:
    pattern = re.compile(NEVER_TOLD[what])
    telling = []
    for path in tracked_files():
        data = path.read_bytes()
        if b"\0" in data:  # a picture or a font: its bytes tell nothing in words
            continue
        text = data.decode("utf-8", "replace")
        telling += [f"{shown(path)}: {match[0]}" for match in pattern.finditer(text)]
    assert not telling
