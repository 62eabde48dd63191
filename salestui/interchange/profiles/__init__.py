"""Header profiles: data (TOML) that say how a file with certain headers is taken over."""

from salestui.interchange.profiles.loading import load_profile, parse_profile
from salestui.interchange.profiles.recognition import (
    missing_headers,
    recognise,
    required_headers,
    shipped_profiles,
    unknown_headers,
)
from salestui.interchange.profiles.schema import Column, PipelinePlan, Profile, StagePlan
from salestui.interchange.profiles.suggestion import suggest_map

__all__ = [
    "Column",
    "PipelinePlan",
    "Profile",
    "StagePlan",
    "load_profile",
    "missing_headers",
    "parse_profile",
    "recognise",
    "required_headers",
    "shipped_profiles",
    "suggest_map",
    "unknown_headers",
]
