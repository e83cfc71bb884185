"""One manager of what runs in the background: what holds for every kind of job, and for a process of its own."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.address import Settings
from dashboard.jobs import FullError, Job, Jobs, OneEachError, Work, process_work
from dashboard.pages.compare.question import asked
from dashboard.pages.compare.results import KeptBlocks, work_of
from dashboard.pages.sweep import library
from dashboard.runs import chosen
from dashboard.sensitivity_process import from_text

SECONDS = 60


class Contract:
    """What every kind of job keeps to. A kind gives work that ends soon, work that takes long, and what fails."""

    tells = True
    """Whether it says how far it is."""

    def short(self) -> Work[Any]:
        raise NotImplementedError

    def long(self) -> Work[Any]:
        raise NotImplementedError

    def failing(self) -> tuple[Work[Any], str]:
        raise NotImplementedError

    @pytest.fixture
    def jobs(self) -> Iterator[Jobs]:
        jobs = Jobs("example", workers=1, most=2)
        yield jobs
        for job in [job for begun in jobs._turns.values() for job in begun]:
            job.cancel()

    def test_it_ends_with_what_was_found_and_another_may_begin(self, jobs: Jobs) -> None:
        job = jobs.start(self.short(), owner="me")
        assert job.ended.wait(SECONDS)
        assert (job.error, job.cancelled, len(jobs)) == ("", False, 0)
        assert job.found is not None
        assert (job.done == job.total > 0) == self.tells
        job.cancel()
        assert job.found is not None, "what is done can't be cancelled"
        assert jobs.start(self.short(), owner="me") is not job

    def test_a_cancel_ends_it_soon_with_nothing_found(self, jobs: Jobs) -> None:
        job = jobs.start(self.long(), owner="me")
        wait_for(lambda: job.done > 0 if self.tells else bool(job._kills))
        job.cancel()
        assert job.ended.wait(5)
        told = job.done
        assert (job.found, job.cancelled, job.error, len(jobs)) == (None, True, "", 0)
        assert not self.tells or told < job.total
        assert jobs.start(self.short(), owner="me").ended.wait(SECONDS)
        assert job.done == told

    def test_what_goes_wrong_is_told(self, jobs: Jobs) -> None:
        work, words = self.failing()
        job = jobs.start(work, owner="me")
        assert job.ended.wait(SECONDS)
        assert job.error == words
        assert (job.found, job.cancelled, len(jobs)) == (None, False, 0)

    def test_one_each_so_many_at_once_and_none_holds_up_the_others(self, jobs: Jobs) -> None:
        one = jobs.start(self.long(), owner="one")
        with pytest.raises(OneEachError):
            jobs.start(self.short(), owner="one")
        jobs.start(self.short(), owner="two")
        with pytest.raises(FullError):
            jobs.start(self.short(), owner="three")
        one.cancel()
        assert one.ended.wait(5)
        assert jobs.start(self.short(), owner="one").ended.wait(SECONDS)

    def test_those_who_ask_for_the_same_share_it_until_nobody_waits_and_the_answer_is_kept(self, jobs: Jobs) -> None:
        job = jobs.ask("key", self.long)
        job.join()
        assert jobs.ask("key", self.long) is job is jobs.known("key")
        job.join()
        job.leave()
        assert not job.stopped
        job.leave()
        assert job.ended.wait(5)
        assert job.cancelled
        again = jobs.ask("key", self.short)
        assert again is not job
        assert again.ended.wait(SECONDS)
        again.leave()
        assert jobs.ask("key", self.short) is again
        assert again.found is not None


def wait_for(true: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(100 * SECONDS):
        if true():
            return
        pause.wait(0.01)
    pytest.fail("it did not come about")


class TestComparison(Contract):
    SMALL = Settings(paired=20, months=6, compare=("none", "manifesto-led"))

    def made(self, settings: Settings) -> Work[Any]:
        return work_of(asked(settings, chosen(settings).scenario), KeptBlocks())

    def short(self) -> Work[Any]:
        return self.made(self.SMALL)

    def long(self) -> Work[Any]:
        return self.made(self.SMALL.changed(paired=200, months=600))

    def failing(self) -> tuple[Work[Any], str]:
        work = self.short()

        def fail(_: Job[Any]) -> None:
            msg = "no luck"
            raise ArithmeticError(msg)

        return Work(work.asked, [*work.pieces, fail], work.result), "A run could not be carried out: no luck"

    @pytest.mark.slow
    def test_a_long_one_does_not_hold_up_a_short_one(self, jobs: Jobs) -> None:
        long = jobs.start(self.long(), owner="one")
        short = jobs.start(self.short(), owner="two")
        assert short.ended.wait(SECONDS)
        assert short.found is not None
        assert not long.ended.is_set()


class TestExample(Contract):
    def short(self) -> Work[Any]:
        return library.work_of("example")

    long = short

    def failing(self) -> tuple[Work[Any], str]:
        def fail(job: Job[Any]) -> None:
            job.hear(self)

        return (Work("x", (fail,), dict, trouble="The example could not be made"),
                "The example could not be made: 'TestExample' object has no attribute 'done'")  # fmt: skip


class TestProcess(Contract):
    tells = False

    @pytest.fixture(autouse=True)
    def module(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program = """
            import json, sys, time
            def main():
                asked = json.loads(sys.stdin.read())
                time.sleep(asked["seconds"])
                if "wrong" in asked:
                    sys.exit(asked["wrong"])
                print(json.dumps(asked))
        """
        (tmp_path / "answering.py").write_text(program.replace("\n            ", "\n"), encoding="utf-8")
        monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    def made(
        self, sleep: float, *, read: Callable[[str], Any] = json.loads, most: float = SECONDS, **asked: Any
    ) -> Any:
        return process_work("answering", {"seconds": sleep, **asked}, read, trouble="No", seconds=most)

    def short(self) -> Work[Any]:
        return self.made(0)

    def long(self) -> Work[Any]:
        return self.made(600)

    def failing(self) -> tuple[Work[Any], str]:
        return self.made(0, wrong="long story\nshort words"), "No: short words"

    def test_it_is_given_up_after_a_while_and_an_answer_that_can_t_be_read_is_told(self, jobs: Jobs) -> None:
        late = jobs.start(self.made(600, most=0.5), owner="one")
        odd = jobs.start(self.made(0, read=from_text), owner="two")
        assert late.ended.wait(SECONDS)
        assert late.error == "No: it took longer than 0 minutes"
        assert odd.ended.wait(SECONDS)
        assert odd.error == "No: what its process answered can't be read"
