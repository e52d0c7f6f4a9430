"""Work over processes: in order, and no more of it ahead than is needed."""

import gc

from guardedpersonalize.cli.workers import cores, in_order


def test_results_come_in_the_order_of_the_input():
    """Whichever process is done first."""
    found = in_order(list, range(1000), jobs=2, start=gc.collect, given=())
    assert list(found) == list(range(1000))


def test_input_is_read_as_it_is_needed():
    """A file of any size passes through."""
    read = []

    def numbers():
        for number in range(5000):
            read.append(number)
            yield number

    found = in_order(list, numbers(), jobs=2, start=gc.collect, given=())
    assert next(found) == 0
    assert len(read) < 2000
    assert sum(1 for _ in found) == 4999


def test_there_is_a_core():
    """At least the one that this runs on."""
    assert cores() >= 1
