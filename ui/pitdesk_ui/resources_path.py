"""Where the fonts and icons lie, in an installed program and in a checkout alike."""

from importlib.util import find_spec
from pathlib import Path

_PACKAGE = "pitdesk_resources"


def resource_path(*parts: str) -> Path:
    """The path of one resource file or folder, such as ``resource_path("fonts", "Inter-Regular.otf")``.

    Raises FileNotFoundError, naming the place looked at, when the program is incomplete.
    """
    path = _root().joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"Pitdesk is incomplete: {path} is missing. Install it again.")
    return path


def _root() -> Path:
    """The resources folder: beside ``ui`` in a checkout, else the installed data package."""
    checkout = Path(__file__).resolve().parents[2] / "resources"
    if (checkout / "__init__.py").is_file():
        return checkout
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(
            f"Pitdesk is incomplete: the package {_PACKAGE} is missing. Install it again."
        )
    return Path(spec.submodule_search_locations[0])
