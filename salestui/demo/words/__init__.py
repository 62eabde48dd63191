"""Names, places and words of the countries the demo team sells in, spelt as they are spelt there."""

from salestui.demo.words.country import Country, Place, Surname
from salestui.demo.words.estonia import ESTONIA
from salestui.demo.words.germany import GERMANY
from salestui.demo.words.latvia import LATVIA
from salestui.demo.words.lithuania import LITHUANIA
from salestui.demo.words.poland import POLAND
from salestui.demo.words.ukraine import UKRAINE

__all__ = [
    "ESTONIA",
    "GERMANY",
    "LATVIA",
    "LITHUANIA",
    "POLAND",
    "UKRAINE",
    "Country",
    "Place",
    "Surname",
]
