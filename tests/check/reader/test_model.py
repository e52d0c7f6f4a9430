"""The shipped model: what it says, and what becomes of a damaged one."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from guardedpersonalize.check.reader import MODEL_FOLDER, ReaderModel
from guardedpersonalize.errors import DetectorError
from guardedpersonalize.vocabulary import IntrusiveCategory

MODEL = ReaderModel()
BLUNT = "We saw you linger over the blue pram last night."
FINE = "The blue pram folds flat and fits any boot."


def test_it_tells_a_blunt_line_from_its_twin():
    """With the clause that carries it."""
    blunt, _ = MODEL.read(BLUNT)
    fine, _ = MODEL.read(FINE)
    assert blunt.probability > MODEL.sure > MODEL.warn > fine.probability
    assert blunt.category in set(IntrusiveCategory)
    assert 0 <= blunt.start < blunt.end <= len(BLUNT)


def test_it_names_people_and_places():
    """Spans are those of the text, whole words."""
    text = "Ask Maya Lund about the cottage near Otley."
    _, names = MODEL.read(text)
    assert {(text[n.start : n.end], n.label) for n in names} == {
        ("Maya Lund", "PER"),
        ("Otley", "LOC"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "a" * 100_000,
        "\ud800 lone",
        "🎉" * 3000,
        "\x00\x07",
        "日本語の文です。",
        "a b " * 5000,
    ],
    ids=["empty", "blank", "word", "surrogate", "emoji", "control", "script", "long"],
)
def test_whatever_it_is_given_it_answers(text):
    """With a probability and spans that lie inside."""
    verdict, names = MODEL.read(text)
    assert 0 <= verdict.probability <= 1
    assert 0 <= verdict.start <= verdict.end <= len(text)
    assert all(0 <= name.start < name.end <= len(text) for name in names)


def test_threads_read_the_same():
    """One session serves them all."""
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(MODEL.read, [BLUNT, FINE] * 8))
    assert found == [MODEL.read(BLUNT), MODEL.read(FINE)] * 8


def test_a_text_of_many_tokens_is_read_in_pieces():
    """The gravest piece is the verdict, wherever it stands."""
    verdict, _ = MODEL.read("seeds and bulbs and pots and " * 60 + BLUNT)
    assert verdict.probability > MODEL.warn


@pytest.mark.parametrize("name", ["reader.onnx", "reader.toml", "tokenizer.json"])
@pytest.mark.parametrize("is_damaged", [True, False], ids=["damaged", "missing"])
def test_a_model_that_is_not_whole_is_an_error(tmp_path, name, is_damaged):
    """Never a weaker check in silence."""
    folder = shutil.copytree(MODEL_FOLDER, tmp_path / "model")
    if is_damaged:
        (folder / name).write_bytes((folder / name).read_bytes()[:-100])
    else:
        (folder / name).unlink()
    with pytest.raises(DetectorError) as caught:
        ReaderModel(folder)
    assert caught.value.code == "GP402"
    assert str(tmp_path) not in str(caught.value)
