"""The error tree: what an error says, that it travels, and what `sealed` lets through."""

import pickle
import re
import traceback
from pathlib import Path

import pytest

from guardedpersonalize import errors
from guardedpersonalize.errors import (
    CODES,
    ConfigError,
    GuardError,
    InternalError,
    PackError,
    Problem,
    sealed,
)

CANARY = "Zebedee-7f3a"
TREE = [
    error
    for name in errors.__all__
    if isinstance(error := getattr(errors, name), type) and issubclass(error, GuardError)
]
PROBLEMS = (
    Problem("templates/hello/body.txt.j2", 3, "GP301", "a brace is left open.", "Close it."),
    Problem("pack.toml", 0, "GP101", "the file is missing."),
)


def make(error: type[GuardError]) -> GuardError:
    """Return an error of any class of the tree."""
    if error is PackError:
        return PackError(PROBLEMS)
    return error("GP104", "a number is too big.", where="pack.toml:7", remedy="Use a smaller one.")


def raises(fault: Exception) -> Exception:
    """Return what leaves a sealed function that meets *fault* while it holds a value."""

    @sealed
    def work(secret: str) -> str:
        held = secret.upper()
        if held:
            raise fault
        return held

    with pytest.raises(type(fault) if isinstance(fault, GuardError) else InternalError) as caught:
        work(CANARY)
    return caught.value


@pytest.mark.parametrize("error", TREE, ids=lambda error: error.__name__)
def test_every_error_is_a_guard_error(error: type[GuardError]) -> None:
    """One `except GuardError` catches whatever this package raises."""
    assert issubclass(error, GuardError)


@pytest.mark.parametrize("error", TREE, ids=lambda error: error.__name__)
def test_every_error_pickles(error: type[GuardError]) -> None:
    """An error that crosses a process keeps its class, its words and its attributes."""
    before = make(error)
    after = pickle.loads(pickle.dumps(before))  # noqa: S301  # our own bytes
    assert type(after) is type(before)
    assert (str(after), vars(after)) == (str(before), vars(before))


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    """The picture at the top of the module shows every class, in the order of the code."""
    defined = [name for name, value in vars(errors).items() if value in TREE]
    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    assert ["GuardError", *drawn] == defined


@pytest.mark.parametrize(
    ("where", "remedy", "text"),
    [
        (None, None, "[GP104] a number is too big."),
        ("pack.toml:7", None, "[GP104] a number is too big. (pack.toml:7)"),
        (None, "Use less.", "[GP104] a number is too big. Use less."),
        ("pack.toml:7", "Use less.", "[GP104] a number is too big. (pack.toml:7) Use less."),
    ],
)
def test_an_error_says_what_where_and_what_to_do(
    where: str | None, remedy: str | None, text: str
) -> None:
    """Code first, then the sentence, the place and the remedy, as far as they are known."""
    assert str(ConfigError("GP104", "a number is too big.", where=where, remedy=remedy)) == text


def test_a_pack_error_lists_its_problems_in_order_and_once() -> None:
    """Files and lines in order, each problem once, and the first one's code for the whole."""
    error = PackError([*PROBLEMS, PROBLEMS[0]])
    assert [problem.path for problem in error.problems] == [
        "pack.toml",
        "templates/hello/body.txt.j2",
    ]
    assert error.code == "GP101"
    assert str(error).splitlines() == [
        "[GP101] 2 problems:",
        "pack.toml: [GP101] the file is missing.",
        "templates/hello/body.txt.j2:3: [GP301] a brace is left open. Close it.",
    ]


def test_one_problem_is_not_two() -> None:
    """A single problem is announced in the singular."""
    assert str(PackError(PROBLEMS[:1])).startswith("[GP301] 1 problem:\n")


def test_codes_are_sorted_and_say_a_sentence() -> None:
    """Codes stand in order, two letters and three digits, each with one sentence."""
    assert list(CODES) == sorted(CODES)
    assert all(re.fullmatch(r"GP\d{3}", code) for code in CODES)
    assert all(re.fullmatch(r"[A-Z].*\.", sentence) for sentence in CODES.values())


def test_sealed_returns_what_the_function_returns() -> None:
    """A function that works is left alone, its name and docstring too."""

    @sealed
    def double(number: int, *, times: int = 2) -> int:
        """Multiply."""
        return number * times

    assert (double(3), double(3, times=5)) == (6, 15)
    assert (double.__name__, double.__doc__) == ("double", "Multiply.")


def test_sealed_lets_our_own_errors_through() -> None:
    """An error of the tree leaves as it is, the same object."""
    fault = ConfigError("GP105", "no channel 'pigeon'.")
    assert raises(fault) is fault


@pytest.mark.parametrize(
    "fault", [ValueError(CANARY), KeyError(CANARY), RecursionError(), MemoryError(CANARY)]
)
def test_sealed_turns_any_other_error_into_a_defect(fault: Exception) -> None:
    """A defect names the type and the place of the fault, and nothing that it held."""
    error = raises(fault)
    assert isinstance(error, InternalError)
    assert error.code == "GP901"
    assert type(fault).__name__ in error.message
    assert (error.where or "").partition(":")[0] == Path(__file__).name
    assert CANARY not in str(error) + repr(error)


@pytest.mark.parametrize("fault", [ValueError(CANARY), ConfigError("GP105", "no such channel.")])
def test_no_value_is_in_the_traceback_of_a_sealed_call(fault: Exception) -> None:
    """Neither a chained error nor a frame of ours holds the arguments."""
    error = raises(fault)
    assert error.__context__ is None
    assert error.__cause__ is None
    # The last frame is the seal itself; those before it are this test's.
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    assert CANARY not in str(shown.stack[-1].locals)


def test_a_seal_lets_an_interruption_pass() -> None:
    """Ctrl-C is not an error of anybody's."""

    @sealed
    def work() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
