"""Packs: folders of templates that a marketer and an engineer share."""

from guardedpersonalize.packs.loader import load_pack
from guardedpersonalize.packs.pack import Pack, PackTemplate, Persona

__all__ = ["Pack", "PackTemplate", "Persona", "load_pack"]
