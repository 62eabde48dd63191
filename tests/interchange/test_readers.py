"""CSV files as people's programs write them, and as they get broken."""

import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.errors import Refused
from salestui.interchange.problems import Problem
from salestui.interchange.readers import MAX_CELL, MAX_COLUMNS, read_table

MAVEN = Path(__file__).parents[2] / ".." / "shared" / "data" / "maven"


def rows(data: bytes, **options: str) -> list[tuple[int, tuple[str, ...]]]:
    return [*read_table(data, name="x.csv", **options).rows()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_the_records_agree_on(delimiter: str) -> None:
    text = "\r\n".join(delimiter.join(cells) for cells in ("abc", "1 2", "xyz"))
    text = f"name{delimiter}city{delimiter}amount\r\n" + "".join(
        f'"Acme, Inc; {n}"{delimiter}x{delimiter}"1,{n}"\r\n' for n in range(20)
    )
    table = read_table(text.encode())
    assert (table.delimiter, table.headers) == (delimiter, ("name", "city", "amount"))
    assert [*table.rows()][3] == (5, ("Acme, Inc; 3", "x", "1,3"))


def test_decimal_commas_are_no_delimiters() -> None:
    assert read_table(b"name;price\nA;1,50\nB;2,50\n").delimiter == ";"


def test_a_sep_line_says_the_delimiter_and_is_no_row() -> None:
    table = read_table(b"sep=|\r\na|b\r\n1,2;3|4\r\n")
    assert (table.delimiter, table.headers) == ("|", ("a", "b"))
    assert [*table.rows()] == [(3, ("1,2;3", "4"))]
    assert read_table(b'"sep=;"\r\na;b\r\n').headers == ("a", "b")


def test_a_delimiter_may_be_given() -> None:
    assert read_table(b"a:b\n1:2\n", delimiter=":").headers == ("a", "b")
    for delimiter in ("", "ab", '"', "\n", "a"):
        with pytest.raises(Refused, match="delimiter"):
            read_table(b"a:b\n", delimiter=delimiter)


def test_cells_with_quotes_delimiters_and_lines_keep_their_line_numbers() -> None:
    data = b'a,b\r\n"one\r\ntwo","say ""hi"""\r\n\r\n3,"x,y"\r\n'
    assert rows(data) == [(2, ("one\r\ntwo", 'say "hi"')), (5, ("3", "x,y"))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end(end: str) -> None:
    assert rows(end.join(["a,b", "1,2", "3,4"]).encode()) == [(2, ("1", "2")), (3, ("3", "4"))]


def test_blanks_before_a_quote_are_no_part_of_the_cell() -> None:
    assert rows(b'a, b\n1, "x, y"\n') == [(2, ("1", "x, y"))]


def test_a_table_can_be_read_again() -> None:
    table = read_table(b"a\n1\n")
    assert [*table.rows()] == [*table.rows()] == [(2, ("1",))]


def test_rows_of_another_width_are_problems_not_crashes() -> None:
    problems: list[Problem] = []
    table = read_table(b"a,b\n1\n1,2\n1,2,3\n1,2,,\n,\n\n   \n", name="x.csv")
    assert [*table.rows(problems.append)] == [(3, ("1", "2")), (5, ("1", "2"))]
    assert [str(problem) for problem in problems] == [
        "x.csv, line 2: the row has 1 cells, the header 2",
        "x.csv, line 4: the row has 3 cells, the header 2",
    ]


def test_headers_are_clean_and_each_is_once() -> None:
    table = read_table("\ufeff  Name ,NAME,,Na\x1b[31mme,Łódź\u202e,,\n1,2,3,4,5\n".encode())
    assert table.headers == ("Name", "NAME (2)", "column 3", "Name (3)", "Łódź")
    assert [*table.rows()] == [(2, ("1", "2", "3", "4", "5"))]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'a,b\n1,2\n"open,3\n4,5\n', "x.csv, line 3: a quote is opened here and never closed"),
        (b'a,b\n1,2\n"open,3\n"4,5\n', "x.csv, line 3: text follows a closing quote"),
        (b'a,b\n1,"2\n' + b"x" * 200_000, "x.csv, line 2: a cell longer than"),
        (b"a,b\n1," + b"x" * (MAX_CELL + 1), "x.csv, line 2, column 2: a cell of 32,769"),
        (b"a," * MAX_COLUMNS + b"a\n", "x.csv, line 1: 501 columns; 500 is the limit"),
        (b"\n\n", "x.csv has no header row"),
        (b" , \n1,2\n", "x.csv has no header row"),
    ],
)
def test_a_doubtful_structure_refuses_the_whole_file(data: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        rows(data)


def test_an_open_quote_in_a_big_file_is_found_at_once() -> None:
    data = b'a,b\n1,"2\n' + b"3,4\n" * 2_000_000
    with pytest.raises(Refused, match="x.csv, line 2"):
        rows(data)


def test_files_that_cannot_be_read_are_refused_in_one_sentence(tmp_path: Path) -> None:
    big = tmp_path / "big.csv"
    with big.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024 + 1)
    (tmp_path / "empty.csv").touch()
    os.mkfifo(tmp_path / "pipe.csv")
    for path, said in [
        (tmp_path / "none.csv", "there is no such file"),
        (tmp_path, "is a folder"),
        (tmp_path / "pipe.csv", "is not a regular file"),
        (tmp_path / "empty.csv", "is empty"),
        (big, "50 MB is the limit"),
        (Path("a\x00b"), "cannot be read"),
        (tmp_path / ("x" * 300), "cannot be read"),
    ]:
        with pytest.raises(Refused, match=said) as refusal:
            read_table(path)
        assert "\n" not in str(refusal.value) and "\x00" not in str(refusal.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.write_text("a\n")
    path.chmod(0)
    with pytest.raises(Refused, match="no permission"):
        read_table(path)


@pytest.mark.skipif(not MAVEN.is_dir(), reason="the Maven files are not here")
def test_the_maven_files_are_read_whole() -> None:
    counts = {path.stem: len([*read_table(path).rows()]) for path in MAVEN.glob("*.csv")}
    assert counts == {"accounts": 85, "products": 7, "sales_pipeline": 8800, "sales_teams": 35}


def test_a_hundred_thousand_rows_take_a_few_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    line = "7,Коваленко Наталія,2017-03-01,1054.00,Won,note note note\n"
    path.write_text("id,name,day,amount,stage,notes\n" + line * 100_000)
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_table(path).rows()) == 100_000
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_what_a_csv_writer_writes_is_read_back(
    cells: list[tuple[str, str]], delimiter: str
) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    text = delimiter.join(("a", "b")) + "\n"
    text += "".join(delimiter.join(map(quoted, row)) + "\n" for row in cells)
    table = read_table(text.encode(), encoding="utf-8", delimiter=delimiter)
    assert [row for _, row in table.rows()] == [row for row in cells if any(row)]


@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_are_a_table_or_refused(data: bytes) -> None:
    try:
        table = read_table(data, name="x.csv")
        for _, cells in table.rows():
            assert len(cells) == len(table.headers)
    except Refused as refusal:
        assert str(refusal)
