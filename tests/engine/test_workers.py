"""Work over processes: in order, and no more of it ahead than is needed."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time

import pytest
from jobs import deadly, deadly_once, hopeless, slow, wrong

from guardedpersonalize.engine.workers import Spread, cores, in_order
from guardedpersonalize.errors import UsageError


def spread(work, jobs=2):
    """Return how *work* is spread; a lost item gives its negative."""
    return Spread(work, jobs, lambda item: -item, gc.collect)


def test_results_come_in_the_order_of_the_input():
    """Whichever process is done first."""
    found = in_order(spread(list), range(1000))
    assert list(found) == list(range(1000))


def test_input_is_read_as_it_is_needed():
    """A file of any size passes through."""
    read = []

    def numbers():
        for number in range(5000):
            read.append(number)
            yield number

    found = in_order(spread(list), numbers())
    assert next(found) == 0
    assert len(read) < 2000
    assert sum(1 for _ in found) == 4999


def test_there_is_a_core():
    """At least the one that this runs on."""
    assert cores() >= 1


def test_input_that_fails_ends_after_what_came_before():
    """As it would with one process."""

    def numbers():
        yield from range(100)
        raise OSError

    found = []
    with pytest.raises(OSError):  # noqa: PT011
        found.extend(in_order(spread(list), numbers()))
    assert found == list(range(100))


@pytest.mark.slow
def test_a_death_costs_one_item():
    """All others have their results, in order, those of the dead process too."""
    found = list(in_order(spread(deadly), range(1, 501)))
    assert [item for item in found if item < 0] == [-70, -300]
    assert [abs(item) for item in found] == list(range(1, 501))


@pytest.mark.slow
def test_what_works_by_itself_is_not_lost():
    """A chunk may be too much for a process where each of its items is not."""
    assert list(in_order(spread(deadly_once), range(1, 201))) == list(range(1, 201))


def test_an_error_is_raised_where_it_belongs():
    """A fault of the work is no death of a process."""
    with pytest.raises(ValueError, match="64"):
        list(in_order(spread(wrong), range(100)))


@pytest.mark.slow
def test_ctrl_c_loses_nothing_that_was_begun(tmp_path, monkeypatch):
    """What is under way is finished and yielded, in order; then the interrupt goes on."""
    monkeypatch.setenv("BEGUN", str(tmp_path))
    found = []

    def interrupt():
        while not any(tmp_path.iterdir()):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        found.extend(in_order(spread(slow), range(100_000)))  # keeps what came before
    assert found == list(range(len(found)))
    assert len(found) == sum(int(path.read_text()) for path in tmp_path.iterdir()) > 0


@pytest.mark.slow
def test_processes_that_cannot_work_at_all_are_told_of():
    """Nothing is lost item by item where the fault is in no item."""
    with pytest.raises(UsageError, match="GP505"):
        list(in_order(spread(hopeless), range(100)))
