"""Words of languages that are written without blanks."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check.patterns import Pattern
from guardedpersonalize.check.sentences import CAPITAL, SentenceReader
from guardedpersonalize.check.unspaced import cut, is_unspaced
from guardedpersonalize.check.wordlists import WordLists
from guardedpersonalize.errors import ConfigError

LISTS = WordLists(
    lists={"you": ("あなた", "お客様"), "twice": ("二度", "#回")},
    common=(*"あいうえおかきくけこさしすせそたちつてとなにのはまもよるをんがで", ",", ".", "#"),
    greetings=("こんにちは",),
    conjunctions=("でも",),
    spaced=False,
)
READER = SentenceReader(LISTS, "ja")


def words(text):
    return [normal for _, normal, _ in cut(text)]


def lines(text):
    return [sentence.line.replace(CAPITAL, "") for sentence in READER.read(text)]


def found(source, text):
    """What *source* finds in *text*, as the text has it."""
    pattern = Pattern.parse(source, LISTS, excuses=True)
    return [
        text[slice(*sentence.span_of(*match.span()))]
        for sentence in READER.read(text)
        for match in pattern.finditer(sentence)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("見ました", ["見", "ま", "し", "た"]),
        ("カートに", ["カート", "に"]),
        ("ｶｰﾄに", ["カート", "に"]),
        ("セール・お茶", ["セール", "・", "お", "茶"]),
        ("Tシャツ", ["t", "シャツ"]),
        ("ＡＩが", ["ai", "が"]),
        ("3,980円", ["3,980", "円"]),
        ("１２時", ["12", "時"]),
        ("はい。え？", ["は", "い", ".", "え", "?"]),
        ("あの……", ["あ", "の", "..."]),
        ("￥500、♪", ["$", "500", ",", "!"]),
        ("", []),
    ],
)
def test_each_character_is_a_word_but_for_runs(text, expected):
    """Runs of katakana, letters and digits are kept; wide forms are levelled."""
    assert words(text) == expected


def test_sentences_end_at_the_marks_of_the_script():
    """As does a break between paragraphs."""
    assert lines("見た。行く！「はい」") == [" 見 た . ", " 行 く ! ", " は い "]
    assert len(lines("見た\n\n行く")) == 2


def test_a_long_text_without_a_blank_keeps_its_marks():
    """Elsewhere a hundred characters without a blank are an address, and lose them."""
    assert len(lines("お茶を飲む。" * 40)) == 40


def test_quoted_words_are_known():
    """Both kinds of corner brackets count."""
    for text in ("「見ました」と", "『見ました』と"):
        (sentence,) = READER.read(text)
        assert sentence.quoted == (True, True, True, True, False)


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("見ました", "昨日見ました。", ["見ました"]),
        ("@you が ...4 見", "お客様が昨日見た", ["お客様が昨日見"]),
        ("@you が ...1 見", "お客様が昨日見た", []),
        ("@twice 見", "二度見た。12回見た", ["二度見", "12回見"]),
        ("カート", "ショッピングカート", []),
        ("~ 見た", "でも見た、行った", ["でも見た"]),
        ("^ 見た", "こんにちは、見た", ["こんにちは、見た"]),
        ("見る|見るよ", "見るよ", ["見るよ"]),
    ],
)
def test_patterns_are_cut_like_the_text(source, text, expected):
    """A gap counts characters, and the longest alternative is taken."""
    assert found(source, text) == expected


def test_a_gap_may_be_wider_than_between_words():
    """A word has two or three characters; there is a limit all the same."""
    assert found("見 ... 茶", "見たことのない新しいお茶") == ["見たことのない新しいお茶"]
    assert Pattern.parse("見 ...30 茶", LISTS).keys
    with pytest.raises(ConfigError, match=r"GP122.*1 to 30"):
        Pattern.parse("見 ...31 茶", LISTS)


def test_a_star_is_refused():
    """There is no start of a word for it to stand behind."""
    with pytest.raises(ConfigError, match=r"GP122.*a star stands for nothing"):
        Pattern.parse("見*", LISTS)


def test_three_common_characters_are_enough():
    """As three common words are elsewhere."""
    assert Pattern.parse("あなた", LISTS).keys
    with pytest.raises(ConfigError, match="nearly any text"):
        Pattern.parse("かに", LISTS)


@pytest.mark.parametrize(
    ("text", "expected"), [("茶の間", True), ("ひと休み", True), ("Tea Shed", False), ("", False)]
)
def test_scripts_without_blanks_are_known(text, expected):
    """Kanji and kana are; whatever else is in the text."""
    assert is_unspaced(text) is expected


@pytest.mark.parametrize("run", ["あ", "見。", "カ", "、", "…", "1,", "a'", "「", "😀"])
def test_a_long_text_is_cut_in_no_long_time(run):
    """100 KB take a moment."""
    start = time.process_time()
    READER.read(run * (100_000 // len(run)))
    assert time.process_time() - start < 5


@given(st.text(max_size=200))
def test_spans_lie_in_the_text_and_in_order(text):
    """Any text can be read."""
    assert "".join(token for token, _, _ in cut(text)) == text
    end = 0
    for sentence in READER.read(text):
        for start, stop in sentence.spans:
            assert end <= start < stop <= len(text)
            end = stop
