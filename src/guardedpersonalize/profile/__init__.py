"""What the organisation holds: the catalogue of fields, and profiles that do not print."""

from guardedpersonalize.profile.catalogue import Catalogue, Field, FieldSpec, is_plain_name
from guardedpersonalize.profile.parse import FieldType, Value
from guardedpersonalize.profile.profile import Profile, is_blank

__all__ = [
    "Catalogue",
    "Field",
    "FieldSpec",
    "FieldType",
    "Profile",
    "Value",
    "is_blank",
    "is_plain_name",
]
