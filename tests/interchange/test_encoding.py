"""The encoding of a file is found from its bytes alone, in small files too."""

import codecs

import pytest

from salestui.errors import Refused
from salestui.interchange.readers import Table, read_table

WORDS = {
    # Names and places of each language, none of them taken from the tables that are tested.
    ("cp1250", "Polish"): (
        "Wójcik Łukasz|Bożena Dąbrowska|Kraków|Gdańsk|Łódź|"
        "Zieliński Paweł|Poznań|Mąka i Córka|Spółka Żuraw|Wrocław"
    ),
    ("cp1250", "Czech"): (
        "Dvořák Jiří|Plzeň|Novotný Tomáš|Šárka Říhová|Kuřecí závod|"
        "Brněnská pošta|České Budějovice|Žďár nad Sázavou|Lubomír Kříž|Zdeněk"
    ),
    ("cp1250", "Slovak"): (
        "Košice|Žilina|Ľubomír Hudák|Štefan Kováč|Trenčín|"
        "Prešov|Ružomberok mlyn|Tibor Ďurica|Piešťany|Zlaté Moravce"
    ),
    ("cp1250", "Hungarian"): (
        "Győr|Szűcs Béla|Nyíregyháza|Kőbánya|Székesfehérvár|"
        "Török Ödön|Kecskeméti út|László|Erdős Jenő|Pécs"
    ),
    ("cp1251", "Ukrainian"): (
        "Коваленко Наталія|Київ|Львівська ковальня|Сергій Їжак|Завод «Промінь»|"
        "Єва|Харків|Одеса|Черкаси|Ґрунт"
    ),
    ("cp1251", "Russian"): (
        "Иванов Сергей|Екатеринбург|Щербаков Юрий|Фабрика мебели|Пермь|"
        "Ольга Чернышева|Тула|Объезд|Завод|Эльдар"
    ),
    ("cp1251", "Bulgarian"): (
        "Пловдив|Георги Димитров|Търговище|Велико Търново|Варна|"
        "Цветан Стоянов|Русе|Бургас|Дъщеря|Йордан"
    ),
    ("cp1252", "German"): (
        "Müller GmbH|Größe|Jürgen Schäfer|Köln|Würzburg|Fußball Öl|Straße|Böhm|Überlingen|Jäger"
    ),
    ("cp1252", "French"): (
        "Société Générale|François Lefèvre|Crédit Agricole|Orléans|Hôtel du Nord|"
        "Noël Pagès|Besançon|Élodie|Café|Nîmes"
    ),
    ("cp1252", "Spanish"): (
        "Muñoz Íñigo|Málaga|José Martínez|Cañón|Logroño|"
        "Señor Peña|León|Ávila|Compañía Ibérica|Gómez"
    ),
    ("cp1252", "Portuguese"): (
        "João Conceição|São Paulo|Fundação|Lisboa Câmara|Viseu Irmãos|"
        "Brás Pão|Guimarães|Simões|Avó|Açores"
    ),
    ("cp1252", "Danish"): (
        "Sørensen|Københavns Å|Århus|Jørgen Kjær|Rønne|Ærø Færge|Søndergård|Bjørn|Helsingør|Næstved"
    ),
    ("cp1252", "Swedish"): (
        "Göteborg|Åsa Sjöberg|Västerås|Malmö|Örebro|"
        "Håkan Lindström|Norrköping|Jönköping|Skåne|Växjö"
    ),
    ("cp1257", "Lithuanian"): (
        "Petraitis Ąžuolas|Šiauliai|Žemaitė|Kėdainių grūdai|Mažeikiai|"
        "Jūratė Šližienė|Utenos trikotažas|Plungės šaltinis|Birželis|Vištyčio"
    ),
    ("cp1257", "Latvian"): (
        "Rīga|Jānis Bērziņš|Liepāja|Rēzekne|Līga Kalniņa|"
        "Ķekava|Jūrmala|Daugavpils maize un piens|Ģirts|Cēsis"
    ),
    ("cp1257", "Estonian"): (
        "Tõnu Mägi|Pärnu|Võru|Jõgeva|Põltsamaa|"
        "Rakvere Õlu|Kärdla|Õie Sõber|Tartu Ülikool|Häädemeeste"
    ),
}


def table_of(text: str, encoding: str) -> Table:
    return read_table(text.encode(encoding), name="names.csv")


@pytest.mark.parametrize(("codepage", "language"), WORDS)
@pytest.mark.parametrize("size", [10, 5, 2])
def test_small_files_of_every_language(codepage: str, language: str, size: int) -> None:
    names = WORDS[codepage, language].split("|")
    for start in range(0, len(names), size):
        part = names[start : start + size]
        text = "id;name\r\n" + "".join(f"{n};{name}\r\n" for n, name in enumerate(part))
        assert [cells[1] for _, cells in table_of(text, codepage).rows()] == part


def test_a_file_of_several_languages_of_one_code_page() -> None:
    names = [
        name for (page, _), words in WORDS.items() if page == "cp1250" for name in words.split("|")
    ]
    table = table_of("name\n" + "\n".join(names), "cp1250")
    assert [cells[0] for _, cells in table.rows()] == names
    assert table.encoding == "cp1250"


@pytest.mark.parametrize(
    ("encoding", "mark", "found"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("name", ["Acme", "Коваленко Наталія", "Łódź 東京電力 👨"])
def test_unicode_with_and_without_a_mark(encoding: str, mark: bytes, found: str, name: str) -> None:
    table = read_table(mark + f"name,city\r\n{name},x\r\n".encode(encoding))
    assert table.encoding == found
    assert (table.headers, [*table.rows()]) == (("name", "city"), [(2, (name, "x"))])


def test_a_character_split_between_two_chunks_is_one_character() -> None:
    text = "name\n" + "x" * 30_000 + "\n" + ("й" * 1_000 + "\n") * 1_200
    for shift in ("", "x"):
        assert read_table((shift + text).encode()).encoding == "utf-8"


def test_one_broken_byte_in_utf_8_names_its_line() -> None:
    text = "name\n" + "Łódź\n" * 2_000
    data = text.encode() + b"ab\xffc\n" + text.encode()
    with pytest.raises(Refused, match="names.csv, line 2002: it is UTF-8 but for a byte"):
        read_table(data, name="names.csv")
    assert read_table(data, encoding="latin-1").encoding == "iso8859-1"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "an Excel workbook"),
        (b"SQLite format 3\x00", "a database"),
        (bytes(range(256)) * 4, "not a text file"),
        (b"\x00" * 100, "not a text file"),
        (codecs.BOM_UTF16_LE + b"a\x00b", "cut short or damaged"),
        (codecs.BOM_UTF32_LE + "a,b".encode("utf-32-le"), "UTF-32"),
        (b"a,b\n\x81\x98\x90,1\n", "no encoding known"),
    ],
)
def test_what_is_no_text_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said) as refusal:
        read_table(data, name="x.csv")
    assert str(refusal.value).startswith("x.csv") and "\n" not in str(refusal.value)


@pytest.mark.parametrize("encoding", ["klingon", "hex", "zlib", "rot13", "a\x00b", ""])
def test_an_encoding_that_is_none_is_refused(encoding: str) -> None:
    if encoding:
        with pytest.raises(Refused, match="no encoding"):
            read_table(b"a,b\n", encoding=encoding)
    else:
        assert read_table(b"a,b\n", encoding=encoding).encoding == "utf-8"


def test_a_named_encoding_must_read_the_whole_file() -> None:
    with pytest.raises(Refused, match="cannot be read as utf-8"):
        read_table("a\nŁódź\n".encode("cp1250"), encoding="UTF8")
    assert read_table("a\nŁódź\n".encode("cp1250"), encoding="windows-1250").encoding == "cp1250"


def test_a_stray_nul_is_hostile_text_not_a_binary_file() -> None:
    assert [*read_table(b"name,city\nAc\x00me,x\n").rows()] == [(2, ("Ac\x00me", "x"))]


@pytest.mark.parametrize(
    "content", [b"id,c0\n1,\x00\n2,a\n", b"id,c0\n\x00,1\n2,3\n", b"a;\x00;b\n;\x00;\n"]
)
def test_a_stray_nul_beside_a_delimiter_is_no_utf_16(content: bytes) -> None:
    assert read_table(content).encoding == "utf-8"


@pytest.mark.parametrize(
    "letters", ["Коваленко Наталія Київ", "東京電力 1", "Łódź Ąžuolas", "שלום עולם"]
)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_of_few_signs_and_many_letters(letters: str, encoding: str) -> None:
    text = f"{letters};{letters}\n" + f"{letters * 4};{letters * 3}\n" * 20
    assert read_table(text.encode(encoding)).encoding == encoding
