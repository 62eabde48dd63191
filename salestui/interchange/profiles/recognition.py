"""Which profile a file is for, told by the set of its headers."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from salestui.errors import Refused
from salestui.interchange.profiles.loading import parse_profile
from salestui.interchange.profiles.schema import Profile
from salestui.interchange.readers import header_key


@cache
def shipped_profiles() -> tuple[Profile, ...]:
    """The profiles that come with the program, by name."""
    folder = files(__package__)
    return tuple(
        parse_profile(item.read_bytes(), name=item.name.removesuffix(".toml"), file=item.name)
        for item in sorted(folder.iterdir(), key=lambda item: item.name)
        if item.name.endswith(".toml")
    )


def required_headers(profile: Profile) -> frozenset[str]:
    """The folded headers a file must have for the profile."""
    needed = [column.header for column in profile.columns if not column.is_optional]
    return frozenset(header_key(header) for header in (*needed, *profile.external_id))


def recognise(headers: Iterable[str], profiles: Iterable[Profile]) -> Profile | None:
    """Return the profile for a file with these headers, the one that knows most of them.

    A file has to have every required header of it. Raises `Refused` if two know equally many.
    """
    present = {header_key(header) for header in headers}
    fitting = [
        (len(present & _known_headers(profile)), profile)
        for profile in profiles
        if required_headers(profile) <= present
    ]
    most = max((known for known, _ in fitting), default=0)
    best = [profile for known, profile in fitting if known == most]
    if len(best) > 1:
        names = " and ".join(profile.name for profile in best)
        raise Refused(f"The headers fit the profiles {names}; say which with --map.")
    return best[0] if best else None


def missing_headers(profile: Profile, headers: Iterable[str]) -> list[str]:
    """The headers the profile needs that are not there, as the profile writes them."""
    present = {header_key(header) for header in headers}
    named = [*(column.header for column in profile.columns if not column.is_optional)]
    return [
        h for h in dict.fromkeys([*named, *profile.external_id]) if header_key(h) not in present
    ]


def unknown_headers(profile: Profile, headers: Iterable[str]) -> list[str]:
    """The headers that the profile says nothing about."""
    known = _known_headers(profile)
    return [header for header in headers if header_key(header) not in known]


def _known_headers(profile: Profile) -> set[str]:
    named = (column.header for column in profile.columns)
    return {header_key(header) for header in (*named, *profile.external_id, *profile.ignored)}
