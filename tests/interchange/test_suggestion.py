"""The draft of a profile: it loads, fits its file, and says what it does not know."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salestui.errors import Refused
from salestui.interchange.fields import ENTITIES, find_field
from salestui.interchange.profiles import Profile, parse_profile, recognise, suggest_map
from salestui.interchange.profiles.synonyms import SYNONYMS
from salestui.interchange.readers import read_table
from salestui.text import fold

MAVEN = Path(__file__).parents[2] / ".." / "shared" / "data" / "maven"

DEALS = """\
Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date,Deal owner,Company,Weird
1,[/x] Acme,Closed Won,Default,"1.234,50",25/12/2017,31/01/2017,Anna,Acme,q
2,Beta,Negotiation,Default,"12,5",03/04/2017,01/02/2017,Ben,Beta,"a
b"
3,Gamma,Closed Lost,Default,,03/04/2017,01/02/2017,Ben,Beta,
4,Gamma,On hold,Default,,,01/02/2017,Ben,Beta,
"""


def draft(path: Path, text: str) -> tuple[str, Profile]:
    path.write_text(text)
    suggested = suggest_map(path)
    return suggested, parse_profile(suggested.encode(), name="draft", file="draft.toml")


def paths(profile: Profile) -> dict[str, str]:
    return {column.header: column.path for column in profile.columns}


def test_a_file_of_deals(tmp_path: Path) -> None:
    text, profile = draft(tmp_path / "export.csv", DEALS)
    assert (profile.entity, profile.external_id) == ("deal", ("Record ID",))
    assert (profile.dates, profile.decimal) == ("day-first", ",")
    assert paths(profile) == {
        "Deal Name": "title",
        "Deal Stage": "stage",
        "Pipeline": "pipeline",
        "Amount": "amount",
        "Close Date": "closed_on",
        "Create Date": "created_on",
        "Deal owner": "owner",
        "Company": "client",
    }
    assert '# Weird = ""  # not recognised; q, a b' in text
    assert '# currency = "EUR"' in text and profile.currency is None
    assert profile.pipeline is not None and profile.pipeline.name == "Default"
    assert [stage.name for stage in profile.pipeline.stages] == ["Negotiation"]
    stage = next(column for column in profile.columns if column.path == "stage")
    assert {word: filled["outcome"] for word, filled in stage.values.items()} == {
        "closed won": "won",
        "closed lost": "lost",
        "on hold": "postponed",
    }
    assert recognise(read_table(tmp_path / "export.csv").headers, [profile]) is profile


def test_what_is_ambiguous_is_left_open_and_asked(tmp_path: Path) -> None:
    text, profile = draft(
        tmp_path / "d.csv", "Deal,Company,Created,Value\nA,B,03/04/2017,1.234\nC,D,3/4/2018,5\n"
    )
    assert profile.dates is None and profile.decimal is None
    assert text.count("# To decide: Column") == 2
    assert "--dates day-first" in text and "--decimal" in text


def test_a_close_date_that_every_deal_has_is_the_expected_one(tmp_path: Path) -> None:
    _, profile = draft(tmp_path / "d.csv", "Deal,Close date\nA,2017-01-01\nB,2017-01-02\n")
    assert paths(profile)["Close date"] == "expected_close_on"


def test_one_close_date_of_ended_and_open_deals_is_the_day_closed(tmp_path: Path) -> None:
    """HubSpot and Salesforce fill it for every deal; as the expected one no win had a day."""
    text, profile = draft(
        tmp_path / "d.csv",
        "Opportunity Name,StageName,Close Date\nA,Closed Won,2017-01-01\nB,Demo,2017-01-02\n",
    )
    assert paths(profile)["Close Date"] == "closed_on"
    assert '"Close Date" = "closed_on"  # of deals still open: expected_close_on' in text


def test_a_closing_date_is_the_same_as_a_close_date(tmp_path: Path) -> None:
    _, profile = draft(
        tmp_path / "d.csv",
        "Deal Name,Stage,Closing Date,Created Time\n"
        "A,Closed Won,2017-01-01,2016-01-01\nB,Demo,2017-01-02,\n",
    )
    assert paths(profile)["Closing Date"] == "closed_on"
    assert paths(profile)["Created Time"] == "created_on"


def test_a_stage_and_a_status_beside_each_other(tmp_path: Path) -> None:
    text, profile = draft(
        tmp_path / "pipedrive.csv",
        "Deal - Title,Deal - Stage,Deal - Status,Deal - Deal created,Deal - Won time,Deal - Lost time\n"
        "A,Demo,Won,2017-01-01 10:00:00,2017-02-01 09:00:00,\n"
        "B,Order,Lost,2017-01-02 10:00:00,,2017-02-02 09:00:00\n"
        "C,Demo,Frozen,2017-01-02 10:00:00,,\n",
    )
    assert paths(profile) == {
        "Deal - Title": "title",
        "Deal - Stage": "stage",
        "Deal - Status": "outcome",
        "Deal - Deal created": "created_on",
        "Deal - Won time": "closed_on",
        "Deal - Lost time": "closed_on",
    }
    assert profile.pipeline is not None
    assert [stage.name for stage in profile.pipeline.stages] == ["Demo", "Order"]
    assert '# values.Frozen = { outcome = "…" }  # open, won, lost or postponed' in text


def test_days_on_which_stages_were_entered_and_their_order(tmp_path: Path) -> None:
    text, profile = draft(
        tmp_path / "hubspot.csv",
        'Deal,Deal Stage,"Date entered ""Demo (Sales)""","Date entered ""Offer (Sales)""",demo_on\n'
        "A,Offer,1/31/2017,2/28/2017,1/31/2017\nB,Demo,1/30/2017,,\nC,Closed Lost,1/30/2017,,\n",
    )
    entered = {column.stage for column in profile.columns if column.path == "entered_on"}
    assert entered == {"Demo", "Offer"} and profile.dates == "month-first"
    assert profile.pipeline is not None
    assert [stage.name for stage in profile.pipeline.stages] == ["Demo", "Offer"]
    assert "# demo_on = " in text and "perhaps the day Demo was entered" in text
    lost = next(column for column in profile.columns if column.path == "stage").values
    assert lost["closed lost"] == {"outcome": "lost"}, "nothing says in which stage"


def test_what_tells_rows_apart_is_found_by_its_last_word(tmp_path: Path) -> None:
    _, profile = draft(tmp_path / "d.csv", "Project no,Deal\nP1,A\nP2,A\n")
    assert profile.external_id == ("Project no",)
    text, profile = draft(tmp_path / "e.csv", "ID,Deal\nP1,A\nP1,B\n")
    assert profile.external_id == ()
    assert "looks like external_id, but a value is there more than once" in text


@pytest.mark.parametrize(
    "text",
    [
        "Nr.;Bezeichnung;Kunde;Ort;Verkäufer;Status;Auftragswert (€);Angelegt am;Abgeschlossen am\n"
        "1;Dach;Acme;Köln;Käthe;Gewonnen;1.250,00 €;31.01.2024;28.02.2024\n"
        "2;Silo;Acme;Köln;Käthe;Offen;7.325,37 €;31.01.2024;\n",
        "Lp.;Nazwa szansy;Klient;Miasto;Opiekun;Wynik;Wartość;Data utworzenia;Data zamknięcia\n"
        "1;Dach;Acme;Łódź;Łukasz;Wygrana;38 837,99;31-01-2024;28-02-2024\n"
        "2;Silo;Acme;Łódź;Łukasz;Otwarta;12,50;31-01-2024;\n",
    ],
    ids=["German", "Polish"],
)
def test_headers_in_other_languages(tmp_path: Path, text: str) -> None:
    _, profile = draft(tmp_path / "d.csv", text)
    assert profile.external_id == (text.partition(";")[0],)
    assert [*paths(profile).values()] == [
        "title", "client", "client.city", "owner", "amount", "created_on", "closed_on", "outcome",
    ]  # fmt: skip
    assert (profile.dates, profile.decimal) == ("day-first", ",")
    ends = next(column for column in profile.columns if column.path == "outcome").values
    assert [filled["outcome"] for filled in ends.values()] == ["won", "open"]


def test_a_town_without_a_client_is_left_out(tmp_path: Path) -> None:
    _, profile = draft(tmp_path / "deals.csv", "Deal,Ort,Betrag,Phase\nDach,Köln,1,Angebot\n")
    assert paths(profile) == {"Deal": "title", "Betrag": "amount", "Phase": "stage"}


def test_a_status_of_outcomes_is_no_stage(tmp_path: Path) -> None:
    _, profile = draft(tmp_path / "d.csv", "Deal,Status\nA,Open\nB,WON\nC,lost\n")
    column = next(column for column in profile.columns if column.header == "Status")
    assert column.path == "outcome" and profile.pipeline is None
    assert column.values["won"] == {"outcome": "won"}


def test_people_and_what_their_columns_do_not_hold(tmp_path: Path) -> None:
    text, profile = draft(
        tmp_path / "p.csv",
        "First Name;Last Name;E-mail;Phone;Mobile;Company Name;Buying Role;Birthday\n"
        "A;B;a@b;1;2;Acme;Boss;a long time ago\n",
    )
    assert profile.entity == "contact"
    assert paths(profile)["Phone"] == paths(profile)["Mobile"] == "phone"
    assert "looks like decision_role, but its words are not decision maker" in text
    assert 'looks like born_on, but "a long time ago" is no day' in text


def test_what_is_needed_and_not_found_is_said(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("foo,bar\n1,2\n")
    text = suggest_map(path)
    assert "# Needed: a column for" in text
    with pytest.raises(Refused, match="columns: missing"):
        parse_profile(text.encode(), name="x", file="x.toml")


@pytest.mark.skipif(not MAVEN.is_dir(), reason="the Maven files are not here")
@pytest.mark.parametrize(
    ("stem", "entity", "fields"),
    [
        ("accounts", "client", 7),
        ("products", "product", 3),
        ("sales_teams", "rep", 3),
        ("sales_pipeline", "deal", 6),
    ],
)
def test_the_maven_files_would_be_understood_without_their_profiles(
    stem: str, entity: str, fields: int
) -> None:
    text = suggest_map(MAVEN / f"{stem}.csv")
    profile = parse_profile(text.encode(), name=stem, file="draft.toml")
    assert (profile.entity, len(profile.columns)) == (entity, fields)
    assert "# Needed" not in text


HEADER = st.one_of(
    st.sampled_from(["Name", "Stage", "Company", "Close date", "Amount", "ID", "Type", "Phone"]),
    st.text(max_size=8),
)
CELL = st.one_of(
    st.sampled_from(["Won", "won ", "Lost", "1.234", "03/04/2017"]), st.text(max_size=8)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(HEADER, CELL, CELL), min_size=1, max_size=6))
def test_any_file_gets_a_draft_that_is_toml_and_loads_if_nothing_lacks(
    tmp_path: Path, columns: list[tuple[str, str, str]]
) -> None:
    path = tmp_path / "any.csv"
    rows = zip(*columns, strict=True)
    quoted = (",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    path.write_bytes("\n".join(quoted).encode("utf-8", "replace"))
    try:
        text = suggest_map(path)
    except Refused:
        return
    tomllib.loads(text)
    if "# Needed" not in text:
        parse_profile(text.encode(), name="any", file="any.toml")


def test_every_synonym_is_folded_and_names_a_field() -> None:
    for entity, fields in SYNONYMS.items():
        assert entity in ENTITIES
        for path, listed in fields.items():
            assert find_field(entity, path) is not None, path
            assert all(fold(name) == name for name in listed.split("|")), listed
