"""
How well names, places, companies and addresses are found, on sources that training never read.

    python benchmarks/quality/names.py FOLDER               # the shipped reader, and Presidio
    python benchmarks/quality/names.py FOLDER --baseline    # and a spaCy NER, trained here first
    python benchmarks/quality/names.py FOLDER --store       # keep the figures in names.json
    python benchmarks/quality/names.py FOLDER --check       # fail if they have got worse

FOLDER holds the named-entity texts as JSON lines; training/README.md says where they are published.
wikigold is wholly unseen; wnut17_dev is the development half of a source whose training half was
read; the addresses come from files of usaddress that were not.

A name is found when predictions of its kind cover at least half of its letters and digits; a
prediction is right when names of its kind cover half of it. F2 weighs recall four times.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from figures import add_options, settle  # noqa: E402
from training import data  # noqa: E402

from guardedpersonalize.check.reader import Reader  # noqa: E402

if TYPE_CHECKING:
    from spacy.language import Language

STORED = HERE / "names.json"
TOLERANCE = 0.01
KINDS = {"PER": "PERSON", "LOC": "LOCATION", "ADDRESS": "LOCATION", "ORG": "ORGANIZATION"}

Span = tuple[int, int, str]
Finder = Callable[[str], list[Span]]


def shipped() -> Finder:
    """Return what the shipped reader finds."""
    reader = Reader()

    def find(text: str) -> list[Span]:
        found = reader.detect(text, lang="en", regions=())
        return [(one.start, one.end, one.entity) for one in found if one.entity in KINDS.values()]

    return find


def presidio() -> Finder:
    """Return what Presidio finds with a blank spaCy pipeline, which is all it has offline."""
    import spacy  # noqa: PLC0415
    from presidio_analyzer import AnalyzerEngine  # noqa: PLC0415
    from presidio_analyzer.nlp_engine import SpacyNlpEngine  # noqa: PLC0415

    engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "blank"}])
    engine.nlp = {"en": spacy.blank("en")}
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])

    def find(text: str) -> list[Span]:
        found = analyzer.analyze(text, language="en", entities=sorted(set(KINDS.values())))
        return [(one.start, one.end, one.entity_type) for one in found]

    return find


def spacy_ner(folder: Path, seconds: float) -> Finder:
    """Train a spaCy NER (tok2vec 96 x 4, blank English) on what the reader was trained on."""
    import spacy  # noqa: PLC0415
    from spacy.training import Example  # noqa: PLC0415
    from spacy.util import fix_random_seed, minibatch  # noqa: PLC0415

    config = tomllib.loads((HERE.parents[1] / "training/config.toml").read_text(encoding="utf-8"))
    fix_random_seed(config["seed"])
    chance = random.Random(config["seed"])  # noqa: S311
    texts = data.name_texts(config["names"], folder, chance)
    nlp = spacy.blank("en")
    ner = nlp.add_pipe("ner")
    for label in sorted(set(KINDS.values())):
        ner.add_label(label)  # type: ignore[attr-defined]
    examples = []
    for text in texts:
        doc = nlp.make_doc(text.text)
        spans = [
            doc.char_span(a, b, KINDS[label], alignment_mode="expand") for a, b, label in text.spans
        ]
        doc.ents = spacy.util.filter_spans([span for span in spans if span is not None])
        examples.append(Example(nlp.make_doc(text.text), doc))
    optimizer = nlp.initialize(lambda: examples[:500])
    began, epoch = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        chance.shuffle(examples)
        losses: dict[str, float] = {}
        for batch in minibatch(examples, 64):
            nlp.update(batch, sgd=optimizer, losses=losses, drop=0.2)
            if time.monotonic() - began > seconds:
                break
        epoch += 1
        print(f"  spaCy NER: pass {epoch}, loss {losses['ner']:.0f}", file=sys.stderr)
    return _of_pipeline(nlp)


def _of_pipeline(nlp: Language) -> Finder:
    return lambda text: [(e.start_char, e.end_char, e.label_) for e in nlp(text).ents]


def scores(texts: Sequence[data.NamedText], find: Finder) -> dict[str, dict[str, float]]:
    """Return precision, recall and F2 for each kind that the source marks."""
    counts = {kind: [0, 0, 0, 0] for kind in sorted(set(KINDS.values()))}
    for text in texts:
        gold = [(a, b, KINDS[label]) for a, b, label in text.spans]
        found = find(text.text)
        for kind, count in counts.items():
            wanted = [(a, b) for a, b, k in gold if k == kind]
            seen = [(a, b) for a, b, k in found if k == kind]
            count[0] += sum(_is_covered(text.text, one, seen) for one in wanted)
            count[1] += len(wanted)
            count[2] += sum(_is_covered(text.text, one, wanted) for one in seen)
            count[3] += len(seen)
    scope = {KINDS[label] for text in texts for label in text.scope}
    return {kind: _figures(*counts[kind]) for kind in sorted(scope)}


def _is_covered(text: str, span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    signs = {at for at in range(*span) if text[at].isalnum()}
    covered = {at for a, b in others for at in range(max(a, span[0]), min(b, span[1]))}
    return bool(signs) and len(signs & covered) * 2 >= len(signs)


def _figures(hits: int, wanted: int, right: int, seen: int) -> dict[str, float]:
    recall = hits / wanted if wanted else 1.0
    precision = right / seen if seen else 0.0
    weighed = 4 * precision + recall
    f2 = 5 * precision * recall / weighed if weighed else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f2": round(f2, 4)}


def sets(folder: Path) -> dict[str, list[data.NamedText]]:
    """Return the texts that are reported on."""
    config = tomllib.loads((HERE.parents[1] / "training/config.toml").read_text(encoding="utf-8"))
    chance = random.Random(config["seed"])  # noqa: S311
    found = {}
    for name in config["names"]["report"]:
        texts = data.named_texts(folder, name)
        found[name] = [data.respaced(text) for text in texts]
    held = data.addresses(folder, config["names"]["addresses"], first=False)
    found["usaddress, other files"] = [data.framed(text, chance) for text in held]
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; return 1 where `--check` finds that something got worse."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--baseline", action="store_true", help="train a spaCy NER to compare")
    parser.add_argument("--seconds", type=float, default=600, help="how long that is trained")
    add_options(parser)
    options = parser.parse_args(argv)
    finders = {"reader": shipped(), "Presidio, blank spaCy": presidio()}
    if options.baseline:
        finders["spaCy NER"] = spacy_ner(options.folder, options.seconds)
    now = {}
    print(f"{'set':24} {'finder':24} {'kind':14} precision  recall     F2")
    for name, texts in sets(options.folder).items():
        for finder, find in finders.items():
            table = scores(texts, find)
            for kind, row in table.items():
                print(
                    f"{name:24} {finder:24} {kind:14} {row['precision']:9.3f}"
                    f"  {row['recall']:6.3f}  {row['f2']:5.3f}"
                )
            now[f"{name}, {finder}"] = table
    return settle(options, STORED, now, TOLERANCE)


if __name__ == "__main__":
    sys.exit(main())
