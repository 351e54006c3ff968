"""What is shipped with the program is found and of use: the typeface with figures that line up, the icon."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from pitdesk_ui import resources_path
from pitdesk_ui.resources_path import resource_path

WEIGHTS = {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700}


def test_a_missing_file_is_named_with_advice() -> None:
    with pytest.raises(FileNotFoundError, match=r"none\.ttf is missing\. Install it again"):
        resource_path("fonts", "none.ttf")


def test_an_installed_program_finds_its_resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in site-packages: pitdesk_ui beside pitdesk_resources, and no checkout around them."""
    package = tmp_path / "site-packages" / "pitdesk_ui"
    package.mkdir(parents=True)
    copy = package / "resources_path.py"
    copy.write_text(Path(resources_path.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    fonts = tmp_path / "site-packages" / "pitdesk_resources" / "fonts"
    fonts.mkdir(parents=True)
    (fonts.parent / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path / "site-packages"))
    spec = spec_from_file_location("installed_resources_path", copy)
    assert spec is not None
    assert spec.loader is not None
    installed = module_from_spec(spec)
    spec.loader.exec_module(installed)
    assert installed.resource_path("fonts") == fonts


@pytest.mark.parametrize("name", WEIGHTS)
def test_the_figures_of_each_weight_line_up(name: str, qapp: Any) -> None:
    from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

    assert QFontDatabase.addApplicationFont(str(resource_path("fonts", f"Inter-{name}.otf"))) >= 0
    font = QFont("Inter")
    font.setPixelSize(13)
    font.setWeight(QFont.Weight(WEIGHTS[name]))
    font.setFeature(QFont.Tag("tnum"), 1)
    widths = [QFontMetricsF(font).horizontalAdvance(digit * 20) for digit in "0123456789"]
    assert max(widths) - min(widths) < 1.0, "pixels over twenty figures; proportional ones differ by forty"


def test_the_font_comes_with_its_licence() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in resource_path("fonts", "OFL.txt").read_text(
        encoding="utf-8"
    )


def test_the_icon_can_be_drawn(qapp: Any) -> None:
    from PySide6.QtGui import QIcon

    picture = QIcon(str(resource_path("icons", "pitdesk.svg"))).pixmap(64, 64).toImage()
    assert picture.pixelColor(32, 30).alpha() == 255
