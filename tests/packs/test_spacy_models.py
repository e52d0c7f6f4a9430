"""A pack names a spaCy model of one's own."""

import shutil
from pathlib import Path

import pytest
import spacy

from guardedpersonalize import Engine
from guardedpersonalize.errors import DetectorError, PackError
from guardedpersonalize.packs import load_pack

GARDEN = Path(__file__).parents[2] / "examples" / "packs" / "garden-club"


def garden(tmp_path: Path, model: str) -> Path:
    """Return a copy of the example pack that names *model*."""
    root = tmp_path / "garden-club"
    shutil.copytree(GARDEN, root)
    path = root / "pack.toml"
    path.write_text(f'{path.read_text("utf-8")}\n[reader.spacy]\nen = "{model}"\n', "utf-8")
    return root


def test_a_model_that_is_not_there_is_a_mistake_in_the_pack(tmp_path: Path) -> None:
    """It is named by file and line, with all other mistakes."""
    with pytest.raises(PackError, match=r"pack\.toml:\d+.*GP107"):
        load_pack(garden(tmp_path, "en_core_web_nowhere"))


def test_a_model_of_the_pack_reads_besides(tmp_path: Path) -> None:
    """What it finds is found by the engine of the pack."""
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "zorblax"}])
    nlp.to_disk(tmp_path / "names")
    engine = Engine.from_pack(garden(tmp_path, "../names"))
    text = "The zorblax wrote: ann@example.org"
    assert "PERSON" in {finding.entity for finding in engine.check(text).report.findings}
    before = engine.checker.rules_digest
    nlp.meta["version"] = "0.0.1"
    nlp.to_disk(tmp_path / "names")
    assert Engine.from_pack(tmp_path / "garden-club").checker.rules_digest != before


def test_a_model_that_names_nobody_is_told_of_when_the_engine_is_made(tmp_path: Path) -> None:
    """Not by the first message, nor in silence."""
    spacy.blank("en").to_disk(tmp_path / "names")
    with pytest.raises(DetectorError, match="no label"):
        Engine.from_pack(garden(tmp_path, "../names"))
