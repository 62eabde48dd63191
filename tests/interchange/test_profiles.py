"""Header profiles: recognised by headers, checked before any row is read."""

from pathlib import Path

import pytest

from salestui.errors import Refused
from salestui.interchange.fields import ENTITIES, Kind, field_paths, find_field
from salestui.interchange.profiles import (
    Profile,
    load_profile,
    missing_headers,
    parse_profile,
    recognise,
    shipped_profiles,
)
from salestui.interchange.readers import read_table

MAVEN = Path(__file__).parents[2] / ".." / "shared" / "data" / "maven"
PIPELINE = ["opportunity_id", "sales_agent", "product", "account"]
PIPELINE += ["deal_stage", "engage_date", "close_date", "close_value"]


def profile(text: str) -> Profile:
    return parse_profile(text.encode(), name="mine", file="mine.toml")


def test_the_shipped_profiles_are_in_order_and_each_is_recognised_by_its_own_headers() -> None:
    assert {found.name for found in shipped_profiles()} >= {
        "maven_accounts",
        "maven_products",
        "maven_sales_pipeline",
        "maven_sales_teams",
    }
    for found in shipped_profiles():
        headers = [*(column.header for column in found.columns), *found.external_id]
        assert recognise(headers, shipped_profiles()) is found


@pytest.mark.skipif(not MAVEN.is_dir(), reason="the Maven files are not here")
def test_the_maven_files_are_recognised() -> None:
    names = {
        path.stem: getattr(recognise(read_table(path).headers, shipped_profiles()), "name", None)
        for path in MAVEN.glob("*.csv")
    }
    assert names == {stem: f"maven_{stem}" for stem in names}
    assert len(names) == 4


def test_headers_are_compared_folded_and_in_any_order() -> None:
    headers = [header.replace("_", " ").title() for header in reversed(PIPELINE)]
    found = recognise([*headers, "Something else"], shipped_profiles())
    assert found is not None and found.name == "maven_sales_pipeline"
    assert recognise(headers[1:], shipped_profiles()) is None
    assert missing_headers(found, headers[1:]) == ["close_value"]


def test_the_profile_that_knows_most_headers_wins_and_a_tie_is_asked_about() -> None:
    small = profile('entity = "client"\n[columns]\nName = "name"\n')
    large = profile(
        'entity = "client"\nignore = ["Score"]\n[columns]\nName = "name"\nCity = "city"\n'
    )
    assert recognise(["name", "city"], [small, large]) is large
    assert recognise(["name", "score"], [small, large]) is small
    with pytest.raises(Refused, match="--map"):
        recognise(["name"], [small, small])


def test_an_optional_column_need_not_be_there() -> None:
    mine = profile(
        'entity = "client"\n[columns]\nName = "name"\nCity = {field = "city", optional = true}\n'
    )
    assert recognise(["Name"], [mine]) is mine
    assert missing_headers(mine, ["Name"]) == []


def test_everything_a_profile_can_say() -> None:
    mine = profile(
        """
        title = "Our old system"
        entity = "deal"
        source = "old"
        external_id = ["No", "Year"]
        ignore = ["Score"]
        dates = "day-first"
        decimal = "comma"
        currency = "EUR"
        time_zone = "Europe/Vilnius"
        encoding = "cp1257"
        delimiter = "\\t"
        amount_from_list_price = true
        [constants]
        kind = "repeat"
        [pipeline]
        name = "Sales"
        stages = ["Offer", { name = "Training", kind = "after-sale", probability = 100, idle_days = 30 }]
        [columns]
        "Deal name" = "title"
        "Client city" = "client.city"
        "Offered on" = { field = "entered_on", stage = "Offer" }
        [columns.Client]
        field = "client"
        by = "external_id"
        [columns.Worth]
        field = "amount"
        unit = 1000
        blank = ["0", "N/A"]
        [columns.State]
        field = "stage"
        repairs = { "Ofer" = "Offer" }
        values.Sold = { outcome = "won", stage = "Training" }
        values."in offer" = "Offer"
        """
    )
    columns = {column.header: column for column in mine.columns}
    assert (mine.source, mine.external_id, mine.ignored) == ("old", ("No", "Year"), ("Score",))
    assert (mine.dates, mine.decimal, mine.currency) == ("day-first", ",", "EUR")
    assert (mine.time_zone, mine.encoding, mine.delimiter) == ("Europe/Vilnius", "cp1257", "\t")
    assert mine.constants == {"kind": "repeat"} and mine.amount_from_list_price
    assert mine.pipeline is not None and mine.pipeline.name == "Sales"
    assert [(stage.name, stage.kind, stage.idle_days) for stage in mine.pipeline.stages] == [
        ("Offer", "sale", None),
        ("Training", "after-sale", 30),
    ]
    assert columns["Client city"].path == "client.city"
    assert columns["Client"].by == "external_id"
    assert (columns["Worth"].unit, columns["Worth"].blank) == (1000, {"0", "n/a"})
    assert columns["Offered on"].stage == "Offer"
    assert columns["State"].repairs == {"ofer": "Offer"}
    assert columns["State"].values == {
        "sold": {"outcome": "won", "stage": "Training"},
        "in offer": {"stage": "Offer"},
    }


CLIENT = 'entity = "client"\n[columns]\nName = "name"\n'
DEAL = 'entity = "deal"\n{top}\n[columns]\nName = "title"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", 'mine.toml: entity: missing; add entity = "client"'),
        ('entity = "clint"', 'entity: "clint" is none of rep, product'),
        ("entity = 5", "entity: give a text"),
        ('entity = "client"', "columns: missing; add [columns]"),
        ("entity =", "mine.toml is not TOML:"),
        ('entyti = "client"', 'entyti: no such key; did you mean "entity"?'),
        (CLIENT.replace('"name"', '"nam"'), 'columns.Name.field: "nam" is no field of a client; '),
        (CLIENT.replace('"name"', '"nam"'), 'did you mean "name"?'),
        (CLIENT.replace('"name"', '"city"'), "columns: a client needs name; map a column to it"),
        (CLIENT.replace('"name"', "5"), "columns.Name: give a table"),
        (CLIENT + 'NAME = "city"', "columns.Name: the header is there twice"),
        (CLIENT + 'Title = "name"', 'columns.Title: "Name" fills name already'),
        (CLIENT + 'X = {feld = "city"}', 'columns.X.feld: no such key; did you mean "field"?'),
        (CLIENT + "X = {by = 'name'}", "columns.X.field: missing"),
        (CLIENT + 'X = {field = "city", by = "name"}', "columns.X.by: city refers to nothing"),
        (CLIENT + 'X = {field = "owner", by = "x"}', 'columns.X.by: "x" is none of name, email'),
        (CLIENT + 'X = {field = "city", unit = 5}', "columns.X.unit: city is no amount"),
        (CLIENT + 'X = {field = "turnover", unit = 0}', "columns.X.unit: give a whole number"),
        (CLIENT + 'X = {field = "city", split = ";"}', "columns.X.split: city takes one value"),
        (CLIENT + 'X = {field = "city", blank = [1]}', "columns.X.blank: give a list of texts"),
        (CLIENT + 'X = {field = "city", optional = "y"}', "columns.X.optional: give true or false"),
        (
            CLIENT + 'X = {field = "status", values = {A = "sleeping"}}',
            'columns.X.values.A: "sleeping" is none of lead, prospect, customer, former',
        ),
        (
            CLIENT + 'X = {field = "city", values = {A = {statu = "lead"}}}',
            'columns.X.values.A.statu: no field of a client; did you mean "status"?',
        ),
        ('external_id = ["Name"]\n' + CLIENT, "source: missing; add source ="),
        ('dates = "us"\n' + CLIENT, 'dates: "us" is none of iso, day-first, month-first'),
        ('decimal = "."\n' + CLIENT, 'decimal: "." is none of point, comma'),
        ('currency = "euro"\n' + CLIENT, 'currency: "euro" is no currency; write it like EUR'),
        ('time_zone = "../x"\n' + CLIENT, 'time_zone: "../x" is none'),
        ('delimiter = "||"\n' + CLIENT, "delimiter: give one sign"),
        ('constants = {status = "x"}\n' + CLIENT, 'constants.status: "x" is none of lead'),
        ('constants = {founded_year = "x"}\n' + CLIENT, 'constants.founded_year: "x": not a whole'),
        (DEAL.format(top="pipeline = {}"), "pipeline.name: missing"),
        (DEAL.format(top='pipeline = {name = "S", stages = 5}'), "pipeline.stages: give a list"),
        (
            DEAL.format(top='pipeline = {name = "S", stages = ["A", "a"]}'),
            "pipeline.stages: two stages have the same name",
        ),
        (
            DEAL.format(top='pipeline = {name = "S", stages = [{name = "A", probability = 101}]}'),
            "pipeline.stages[1].probability: give a whole number from 0 to 100",
        ),
        (DEAL.format(top="") + 'D = "entered_on"', "columns.D: say which stage was entered"),
        (
            DEAL.format(top="") + 'D = {field = "closed_on", stage = "A"}',
            "columns.D.stage: only a date in the field entered_on",
        ),
        (
            DEAL.format(top='pipeline = {name = "S", stages = ["Offer"]}')
            + 'D = {field = "entered_on", stage = "Ofer"}',
            'columns.D: "Ofer" is no stage of [pipeline]; did you mean "Offer"?',
        ),
        (CLIENT + '"\\u001b[31m" = 5', 'columns."\ufffd[31m": give a table'),
        ("a=" + "[" * 5000, "mine.toml is n"),
    ],
)
def test_a_mistake_is_told_in_one_line(text: str, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        profile(text)
    message = str(refusal.value)
    assert said in message and message.startswith("mine.toml")
    assert "\n" not in message and "\x1b" not in message


def test_a_profile_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "wide.toml").write_bytes('entity = "client"'.encode("utf-16"))
    (tmp_path / "long.toml").write_bytes(b"#" * (1024 * 1024 + 1))
    for name, said in [
        ("none", "no such file"),
        ("wide", "is not UTF-8 text"),
        ("long", "more than 1 MB"),
    ]:
        with pytest.raises(Refused, match=said):
            load_profile(tmp_path / f"{name}.toml")
    (tmp_path / "mine.toml").write_text("\ufeff" + CLIENT)
    assert load_profile(tmp_path / "mine.toml").name == "mine"


def test_a_reference_can_be_followed_one_step() -> None:
    assert getattr(find_field("deal", "client.city"), "kind", None) is Kind.TEXT
    assert getattr(find_field("deal", "client.turnover"), "kind", None) is Kind.MONEY
    for path in ("client.owner.email", "amount.x", "x", "client.", ".city", ""):
        assert find_field("deal", path) is None
    for entity in ENTITIES:
        assert all(find_field(entity, path) for path in field_paths(entity))


def test_entities_come_after_what_they_refer_to() -> None:
    order = list(ENTITIES)
    for name, entity in ENTITIES.items():
        for field in entity.fields.values():
            if field.to:
                assert order.index(field.to) <= order.index(name)


def test_what_belongs_to_a_client_needs_the_client() -> None:
    with pytest.raises(
        Refused, match=r"client\.city belongs to a client; map a column to client too"
    ):
        profile('entity = "deal"\n[columns]\nt = "title"\nc = "client.city"\n')
