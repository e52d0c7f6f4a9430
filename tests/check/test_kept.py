"""What is kept: the latest only, and one thing under one key."""

from threading import Thread

from guardedpersonalize.check.kept import Kept


def test_what_was_put_is_got():
    """Nothing is kept under another key."""
    kept = Kept(2)
    assert kept.put("a", 1) == 1
    assert (kept.get("a"), kept.get("b")) == (1, None)


def test_the_first_stays():
    """So all threads have the same."""
    kept = Kept(2)
    first, second = [1], [1]
    kept.put("a", first)
    assert kept.put("a", second) is first
    assert kept.get("a") is first


def test_the_oldest_goes():
    """There are never more than was said."""
    kept = Kept(2)
    for key in "abcd":
        kept.put(key, key)
    assert [kept.get(key) for key in "abcd"] == [None, None, "c", "d"]


def test_what_is_put_again_makes_nothing_go():
    """It is there already."""
    kept = Kept(2)
    for key in "abab":
        kept.put(key, key)
    assert [kept.get(key) for key in "ab"] == ["a", "b"]


def test_numbers_are_given_out_once():
    """They stand for things in keys."""
    kept = Kept(1)
    assert len({kept.number() for _ in range(100)}) == 100


def test_threads_may_share_it():
    """Each gets what was put first, and no more is held than was said."""
    kept, got = Kept(50), []

    def work(number):
        got.extend([(key, kept.put(key, (key, number))) for key in range(50)])

    threads = [Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got)) == 50
    assert all(kept.get(key) == value for key, value in got)
