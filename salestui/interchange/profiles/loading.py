"""A profile read from TOML and checked, so that a mistake in it is found before any row is read."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from salestui.errors import Refused
from salestui.interchange.fields import ENTITIES, Field, Kind, field_paths, find_field
from salestui.interchange.profiles.schema import (
    Column,
    Filled,
    PipelinePlan,
    Profile,
    StagePlan,
)
from salestui.interchange.profiles.section import Section, nearest
from salestui.interchange.readers import header_key
from salestui.interchange.source import source_of
from salestui.interchange.values import DATE_ORDERS, read_day, read_whole
from salestui.models.vocabulary import StageKind
from salestui.text import inert, is_currency, parse_duration, parse_number

_MAX_BYTES = 1024 * 1024
_KEYS = (
    "title", "entity", "source", "external_id", "ignore", "constants", "pipeline", "columns",
    "dates", "decimal", "currency", "time_zone", "encoding", "delimiter", "amount_from_list_price",
)  # fmt: skip
_COLUMN_KEYS = ("field", "values", "repairs", "blank", "by", "stage", "split", "unit", "optional")
_STAGE_KEYS = ("name", "kind", "probability", "idle_days")
_REFERENCE_KEYS = ("name", "email", "external_id")
_DECIMALS = {"point": ".", "comma": ","}
_MAX_UNIT = 1_000_000_000
_READERS: dict[Kind, Callable[[str], object]] = {
    Kind.DAY: lambda text: read_day(text, "iso"),
    Kind.MOMENT: lambda text: read_day(text, "iso"),
    Kind.WHOLE: read_whole,
    Kind.QUANTITY: lambda text: parse_number(text, 3, decimal="."),
    Kind.PERCENT: lambda text: parse_number(text.rstrip("% "), 2, decimal="."),
    Kind.MINUTES: parse_duration,
}


def load_profile(path: Path | str) -> Profile:
    """Read a profile file. Raises `Refused` with the file, the key, and how to mend it."""
    source = source_of(path)
    with source.open() as stream:
        data = stream.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise Refused(f"{source.name} is no profile: it has more than 1 MB.")
    return parse_profile(data, name=Path(path).stem, file=source.name)


def parse_profile(data: bytes, *, name: str, file: str) -> Profile:
    """Read a profile from TOML; `file` is what messages call it. Raises `Refused`."""
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused(f"{file} is not UTF-8 text; save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{file} is not TOML: {inert(str(error))}.") from None
    except RecursionError:
        raise Refused(f"{file} is no profile: it is nested too deeply.") from None
    return _profile(Section(file, "", table), name)


def _profile(top: Section, name: str) -> Profile:
    top.know(_KEYS)
    top.needed("entity", '"client" (or ' + ", ".join(ENTITIES) + ")")
    entity = top.word("entity", ENTITIES) or ""
    columns = _columns(top, entity)
    external_id = top.texts("external_id")
    source = top.needed("source", '"the name of the system"') if external_id else top.text("source")
    profile = Profile(
        name=name,
        entity=entity,
        columns=columns,
        title=top.text("title"),
        source=source,
        external_id=external_id,
        ignored=top.texts("ignore"),
        constants=_filled(top.section("constants"), entity),
        pipeline=_pipeline(top) if "pipeline" in top.table else None,
        dates=top.word("dates", DATE_ORDERS),  # type: ignore[arg-type]
        decimal=_DECIMALS.get(top.word("decimal", _DECIMALS) or ""),  # type: ignore[arg-type]
        currency=_currency(top),
        time_zone=_time_zone(top),
        encoding=top.text("encoding") or None,
        delimiter=top.table.get("delimiter") and _delimiter(top),
        amount_from_list_price=top.flag("amount_from_list_price"),
    )
    _check_whole(top, profile)
    return profile


def _columns(top: Section, entity: str) -> tuple[Column, ...]:
    section = top.section("columns")
    columns = tuple(_column(section, header, entity) for header in section.table)
    if not columns:
        raise top.refuse("columns", 'missing; add [columns] and lines such as "Header" = "name"')
    return columns


def _column(columns: Section, header: str, entity: str) -> Column:
    if isinstance(columns.table[header], str):
        columns = Section(columns.file, columns.place, {header: {"field": columns.table[header]}})
    section = columns.section(header)
    section.know(_COLUMN_KEYS)
    path = section.needed("field", '"name"')
    field = find_field(entity, path)
    if field is None:
        known = field_paths(entity)
        raise section.refuse("field", f'"{path}" is no field of a {entity}; {nearest(path, known)}')
    column = Column(
        header=header,
        path=path,
        field=field,
        values=_values(section, path, entity),
        repairs={key.casefold(): text for key, text in _texts_of(section, "repairs").items()},
        blank=frozenset(text.casefold() for text in section.texts("blank")),
        by=section.word("by", _REFERENCE_KEYS) or "name",
        stage=section.text("stage"),
        split=section.text("split"),
        unit=section.whole("unit", 1, 1, _MAX_UNIT),
        is_optional=section.flag("optional"),
    )
    _check_column(section, column)
    return column


def _check_column(section: Section, column: Column) -> None:
    """Refuse a key that has no meaning for the kind of the field."""
    kind, name = column.field.kind, column.path.rpartition(".")[2]
    if column.stage and name != "entered_on":
        raise section.refuse("stage", "only a date in the field entered_on is about a stage")
    if "by" in section.table and kind is not Kind.REFERENCE:
        raise section.refuse("by", f"{column.path} refers to nothing; leave it out")
    if column.unit != 1 and kind is not Kind.MONEY:
        raise section.refuse("unit", f"{column.path} is no amount; leave it out")
    if column.split and not column.field.many:
        raise section.refuse("split", f"{column.path} takes one value only; leave it out")


def _values(column: Section, path: str, entity: str) -> Mapping[str, Filled]:
    """Each value, in lower case, with the fields it fills; a bare text fills the column's own."""
    section = column.section("values")
    return MappingProxyType(
        {
            value.casefold(): _bare(section, value, path, entity)
            if isinstance(meant, str)
            else _filled(section.section(value), entity)
            for value, meant in section.table.items()
        }
    )


def _bare(section: Section, value: str, path: str, entity: str) -> Filled:
    field = find_field(entity, path)
    if field is not None:
        _check_text(section, value, field)
    return {path: section.text(value)}


def _filled(section: Section, entity: str) -> Filled:
    """Fields and texts, checked as if a cell held them."""
    for path in section.table:
        field = find_field(entity, path)
        if field is None:
            known = field_paths(entity)
            raise section.refuse(path, f"no field of a {entity}; {nearest(path, known)}")
        if path == "entered_on":
            raise section.refuse(path, "only a column of dates can fill it")
        _check_text(section, path, field)
    return {path: section.text(path) for path in section.table}


def _check_text(section: Section, key: str, field: Field) -> None:
    """Refuse a text that its field cannot hold. Amounts wait for their currency."""
    text = section.text(key)
    if field.words is not None:
        section.word(key, (word.value for word in field.words))
    elif field.kind is Kind.CURRENCY and not is_currency(text):
        raise section.refuse(key, f'"{text}" is no currency; write it like EUR')
    elif field.kind in _READERS:
        try:
            _READERS[field.kind](text)
        except Refused as refusal:
            raise section.refuse(key, f'"{text}": {refusal}') from None


def _texts_of(section: Section, key: str) -> dict[str, str]:
    table = section.section(key)
    return {item: table.text(item) for item in table.table}


def _pipeline(top: Section) -> PipelinePlan:
    section = top.section("pipeline")
    section.know(("name", "currency", "stages"))
    listed: Any = section.table.get("stages", [])
    if not isinstance(listed, list) or not all(isinstance(item, str | dict) for item in listed):
        raise section.refuse("stages", 'give a list, such as stages = ["Offer", "Negotiation"]')
    stages = tuple(_stage(section, position, item) for position, item in enumerate(listed, 1))
    names = [stage.name.casefold() for stage in stages]
    if len(set(names)) < len(names):
        raise section.refuse("stages", "two stages have the same name; give each its own")
    return PipelinePlan(section.needed("name", '"Sales"'), _currency(section), stages)


def _stage(pipeline: Section, position: int, item: str | dict[str, Any]) -> StagePlan:
    table = {"name": item} if isinstance(item, str) else item
    section = Section(pipeline.file, f"{pipeline.at('stages')}[{position}]", table)
    section.know(_STAGE_KEYS)
    return StagePlan(
        name=section.needed("name", '"Offer"'),
        kind=section.word("kind", (kind.value for kind in StageKind)) or StageKind.SALE,
        probability=section.whole("probability", 0, 0, 100),
        idle_days=section.whole("idle_days", 0, 1, 3650) if "idle_days" in table else None,
    )


def _currency(section: Section) -> str | None:
    if "currency" not in section.table:
        return None
    _check_text(section, "currency", Field(Kind.CURRENCY))
    return section.text("currency")


def _time_zone(top: Section) -> str:
    name = top.text("time_zone", "UTC")
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise top.refuse("time_zone", f'"{name}" is none; write it like "Europe/Vilnius"') from None
    return name


def _delimiter(top: Section) -> str:
    # Not cleaned: a tab is a delimiter.
    value = top.table["delimiter"]
    if not isinstance(value, str) or len(value) != 1:
        raise top.refuse("delimiter", 'give one sign, such as delimiter = ";"')
    return value


def _check_whole(top: Section, profile: Profile) -> None:
    """What no single key is wrong about: needed fields, columns that collide."""
    columns = top.section("columns")
    own = {column.path for column in profile.columns} | set(profile.constants)
    own |= {
        path for column in profile.columns for meant in column.values.values() for path in meant
    }
    for names in () if profile.has_changes else ENTITIES[profile.entity].needed:
        if own.isdisjoint(names):
            raise top.refuse(
                "columns", f"a {profile.entity} needs {' or '.join(names)}; map a column to it"
            )
    for path in own:
        of, dot, _ = path.partition(".")
        if dot and of not in own:
            raise top.refuse("columns", f"{path} belongs to a {of}; map a column to {of} too")
    headers = [header_key(column.header) for column in profile.columns]
    for column, key in zip(profile.columns, headers, strict=True):
        if headers.count(key) > 1:
            raise columns.refuse(column.header, "the header is there twice")
    filled: dict[tuple[str, str], str] = {}
    for column in profile.columns:
        # A day won and a day lost often have a column each.
        if column.path != "closed_on" and (not column.field.many or column.stage):
            before = filled.setdefault((column.path, column.stage), column.header)
            if before != column.header:
                raise columns.refuse(
                    column.header,
                    f'"{before}" fills {column.path} already; leave one of them out',
                )
    _check_stages(columns, profile)
    _check_changes(columns, profile)


def _check_stages(columns: Section, profile: Profile) -> None:
    """Every stage a column speaks of is one of the pipeline's, where the profile lists them."""
    if profile.pipeline is None or not profile.pipeline.stages:
        return
    known = [stage.name for stage in profile.pipeline.stages]
    meant = [(column.header, column.stage) for column in profile.columns if column.stage]
    meant += [
        (column.header, filled["stage"])
        for column in profile.columns
        for filled in column.values.values()
        if "stage" in filled
    ]
    for header, stage in meant:
        if stage not in known:
            raise columns.refuse(
                header, f'"{stage}" is no stage of [pipeline]; {nearest(stage, known)}'
            )


def _check_changes(columns: Section, profile: Profile) -> None:
    """A day without a stage of its own is that of the row's stage: one, of a deal that has an id."""
    own = [each.header for each in profile.columns if each.path == "entered_on" and not each.stage]
    if not own:
        return
    is_mixed = len(own) > 1 or any(each.stage for each in profile.columns)
    has_stage = any(each.path == "stage" for each in profile.columns)
    if is_mixed or not has_stage or not profile.external_id:
        raise columns.refuse(
            own[0],
            'say which stage was entered: { field = "entered_on", stage = "…" }. Where each row is a '
            "change of stage, map one column so, another to stage, and name the deal's id in external_id",
        )
