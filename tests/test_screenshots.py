"""The pictures in the documentation show the program as it is."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from scripts.take_screenshots import PICTURES, take_all, tidy

pytestmark = pytest.mark.xdist_group("screenshots")  # one process makes them for all tests

SVG = "{http://www.w3.org/2000/svg}"
HOW = "is not what the program shows now: run 'python scripts/take_screenshots.py', look at it, commit it"


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NO_COLOR", raising=False)
        patch.setenv("TEXTUAL_ANIMATIONS", "none")
        return take_all(tmp_path_factory.mktemp("pictures"))


def _drawn(svg: str) -> list[tuple[str, ...]]:
    """Every text and every coloured field: place, look, words. How the file is written does not count."""
    root = ElementTree.fromstring(svg)
    looks = dict(re.findall(r"\.(t-r\d+) \{ *(.*?) *\}", svg))
    found = []
    for node in root.iter():
        name = node.tag.removeprefix(SVG)
        if name == "text":
            look = looks.get(node.get("class", ""), "")
            found.append(
                (
                    name,
                    node.get("y", ""),
                    node.get("x", ""),
                    look,
                    "".join(node.itertext()).rstrip(),
                )
            )
        elif name == "rect" and node.get("fill"):
            keys = ("y", "x", "width", "fill")
            found.append((name, *(node.get(key, "") for key in keys)))
    return sorted(found)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_is_what_the_program_shows_now(picture, taken: dict[str, str]) -> None:
    kept = picture.path.read_text(encoding="utf-8")
    assert _drawn(kept) == _drawn(taken[picture.name]), f"docs/{picture.path.name} {HOW}"


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_shows_the_demo_and_fetches_nothing(picture, taken: dict[str, str]) -> None:
    svg = taken[picture.name]
    texts = " ".join(words for name, *_place, words in _drawn(svg) if name == "text")
    assert picture.start.removesuffix("s") in texts
    assert "Jankauskaitė" in texts.replace("\xa0", " ")
    assert "url(http" not in svg and "@import" not in svg
    assert not re.search(r"terminal-\d", svg)


def test_blanks_before_a_text_become_its_place() -> None:
    text = '<text class="a" x="12.2" y="20" textLength="61" clip-path="url(#t)">{}</text>'
    moved = '<text class="a" x="36.6" y="20" textLength="36.6" clip-path="url(#t)">abc</text>\n'
    assert tidy(text.format("&#160;&#160;abc")) == moved
    assert tidy(text.format("abc&#160;d")) == text.format("abc&#160;d") + "\n"
