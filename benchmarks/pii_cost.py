"""
What reading a text for personal identifiers and for echoes costs.

    python benchmarks/pii_cost.py [--rounds N]

Prints milliseconds of CPU time for texts of 100, 500 and 2,000 characters: the pattern detector
with and without its cheap tests, on ordinary copy and on copy that is full of numbers, beside
Presidio's own engine with its pattern recognisers; the search for echoes of a profile of twelve
values; and the reading of an HTML part. The figures are medians.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final

from guardedpersonalize.check.context import CheckContext, KnownValue
from guardedpersonalize.check.echo import EchoIndex, find_echoes
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.pii import PatternDetector
from guardedpersonalize.profile import FieldType
from guardedpersonalize.render.draft import Chunk, Part, PartKind
from guardedpersonalize.vocabulary import Channel

SIZES: Final = (100, 500, 2000)
PLAIN: Final = (
    "Dear gardener, the days are getting longer and our beds are waiting. This spring we have new "
    "roses, old apples and everything that grows between them. Come and see us, or let us bring "
    "it to your door. The offer is for everyone who has ever kept a plant alive, and for all who "
    "mean to try. With kind regards, the Garden Club. "
)
NUMBERS: Final = (
    "Order 2125550147 of 12/05/2026 is on its way. You paid \u00a31,299.00 for 3 roses, size 38. "
    "Questions? Call 020 7946 0123 from 9 to 17, or write to help@garden.example. Use code "
    "SPRING20 until 31 May 2026. Garden Club Ltd, 12 Garden Lane, Exeter EX4 4QJ, company number "
    "01234567, VAT GB 123 4567 89. https://garden.example/?utm_campaign=2026_05 "
)
REGIONS: Final = ("GB", "US")
PROFILE: Final = (
    KnownValue("full_name", FieldType.TEXT, "Ada Lovelace"),
    KnownValue("birth_date", FieldType.DATE, date(1987, 5, 12)),
    KnownValue("phone", FieldType.TEXT, "+44 1632 960123"),
    KnownValue("email", FieldType.TEXT, "ada.l@example.org"),
    KnownValue("address", FieldType.TEXT, "7 Orchard Rise, Leeds LS1 4AP"),
    KnownValue("spend", FieldType.DECIMAL, Decimal("1234.50")),
    KnownValue("visits", FieldType.INT, 1250),
    KnownValue("tags", FieldType.LIST, ("ferns", "roses and lilies")),
    KnownValue("last_order", FieldType.DATE, date(2026, 3, 2)),
    KnownValue("employer", FieldType.TEXT, "Analytical Engines"),
    KnownValue("newsletter", FieldType.BOOL, True),  # noqa: FBT003 (a value)
    KnownValue("note", FieldType.TEXT, "asks for help with heavy bags and likes the side door"),
)


def sized(text: str, size: int) -> str:
    """Return *size* characters of *text*, repeated."""
    return (text * (size // len(text) + 1))[:size]


def presidio() -> Callable[[str], object]:
    """Return Presidio's own engine without a model, its phone recogniser for the same regions."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry  # noqa: PLC0415 (slow)
    from presidio_analyzer.nlp_engine import NoOpNlpEngine  # noqa: PLC0415 (the same)
    from presidio_analyzer.predefined_recognizers import PhoneRecognizer  # noqa: PLC0415

    engine = NoOpNlpEngine([{"lang_code": "en", "model_name": "none"}])
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
    registry.remove_recognizer("PhoneRecognizer")
    # Its e-mail recogniser asks the network for a list.
    registry.remove_recognizer("EmailRecognizer")
    registry.add_recognizer(PhoneRecognizer(supported_regions=REGIONS))
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine)
    return partial(analyzer.analyze, language="en")


def milliseconds(work: Callable[[], object], rounds: int) -> float:
    """Return the median time that *work* takes, in milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times) * 1000


def works(size: int) -> dict[str, Callable[[], object]]:
    """Return what is timed at *size* characters, by name."""
    plain, numbers = sized(PLAIN, size), sized(NUMBERS, size)
    html = sized(f"<p style='margin:0'>{PLAIN}<a href='https://garden.example/'>here</a></p>", size)
    detector, eager = PatternDetector(), PatternDetector(prefilter=False)
    engine = presidio()
    index = EchoIndex.of(PROFILE, regions=REGIONS)
    read = read_part(Part("text", PartKind.TEXT, (Chunk(plain),)))
    context = CheckContext(Channel.EMAIL)
    return {
        "patterns, ordinary copy": lambda: detector.detect(plain, lang="en", regions=REGIONS),
        "patterns, full of numbers": lambda: detector.detect(numbers, lang="en", regions=REGIONS),
        "  the same, no cheap tests": lambda: eager.detect(plain, lang="en", regions=REGIONS),
        "Presidio's engine, ordinary": lambda: engine(plain),
        "Presidio's engine, numbers": lambda: engine(numbers),
        "echoes of 12 values": lambda: find_echoes(read, context, index=index),
        "  their index, once a person": lambda: EchoIndex.of(PROFILE, regions=REGIONS),
        "reading HTML": lambda: read_part(Part("html", PartKind.HTML, (Chunk(html),))),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--rounds", type=int, default=50, help="times each is run")
    rounds = parser.parse_args().rounds
    tables = {size: works(size) for size in SIZES}
    print(f"{'ms a text of':<30}" + "".join(f"{size:>8}" for size in SIZES) + "  characters")
    for name in tables[SIZES[0]]:
        for size in SIZES:
            tables[size][name]()
        row = [milliseconds(tables[size][name], rounds) for size in SIZES]
        print(f"{name:<30}" + "".join(f"{cost:>8.3f}" for cost in row))


if __name__ == "__main__":
    main()
