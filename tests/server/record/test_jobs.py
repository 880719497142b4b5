from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from server.record import jobs, sequences, statuses
from server.record.jobs import Job
from server.record.store import Record

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
A, B = "a" * 32, "b" * 32


def add(record: Record, kind: str, dossier: str, minutes: float = 0) -> None:
    at = NOW + timedelta(minutes=minutes)
    record.now(partial(jobs.add, kind=kind, run_at=at, dossier=dossier))


def claim(record: Record, minutes: float = 0, worker: str = "w") -> Job | None:
    return record.now(partial(jobs.claim, now=NOW + timedelta(minutes=minutes), worker=worker))


def kind(job: Job | None) -> str | None:
    return job.kind if job else None


def test_one_at_a_time_a_dossier_and_in_order(record: Record) -> None:
    add(record, "validate", A)
    add(record, "publish", A)
    add(record, "publish", B)
    first = claim(record)
    assert first is not None
    assert kind(first) == "validate"
    other = claim(record)
    assert other is not None
    assert (other.kind, other.dossier) == ("publish", B)
    assert claim(record) is None
    record.now(partial(jobs.finish, job=first.id))
    assert kind(claim(record)) == "publish"


def test_what_waits_does_not_hold_up_the_rest(record: Record) -> None:
    add(record, "forward", A, minutes=30)
    add(record, "publish", A)
    assert kind(claim(record)) == "publish"
    assert claim(record) is None
    assert record.now(jobs.next_due) == NOW + timedelta(minutes=30)


def test_a_second_one_of_a_kind_joins_the_first(record: Record) -> None:
    add(record, "publish", A, minutes=5)
    add(record, "publish", A)
    job = claim(record)
    assert job is not None
    add(record, "publish", A)  # the first runs already: what changes now needs another
    record.now(partial(jobs.finish, job=job.id))
    assert kind(claim(record)) == "publish"
    assert claim(record, minutes=5) is None


def test_a_dead_workers_job_is_taken_up_after_its_lease(record: Record) -> None:
    add(record, "validate", A)
    assert claim(record) is not None
    assert claim(record, minutes=4) is None
    assert kind(claim(record, minutes=6, worker="v")) == "validate"


def test_the_same_worker_takes_up_its_own_at_once(record: Record) -> None:
    add(record, "validate", A)
    assert claim(record) is not None
    record.now(partial(jobs.release, worker="other"))
    assert claim(record) is None
    record.now(partial(jobs.release, worker="w"))
    assert kind(claim(record)) == "validate"


def test_parked_until_a_person_says_now(record: Record) -> None:
    add(record, "forward", A)
    job = claim(record)
    assert job is not None
    record.now(partial(jobs.park, job=job.id, at=NOW, error="forward: KeyError"))
    assert claim(record, minutes=60 * 24) is None
    assert record.now(jobs.next_due) is None
    assert record.now(partial(jobs.parked, dossier=A)) == [("forward", "forward: KeyError")]
    assert record.now(partial(jobs.hurry, dossier=A, at=NOW)) == 1
    again = claim(record)
    assert again is not None
    assert again.attempts == 0


def test_numbers_are_given_once(record: Record) -> None:
    draw = partial(sequences.next_number, name="dossier", day=NOW.date())
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: record.now(draw), range(40)))
    assert sorted(numbers) == list(range(1, 41))
    other_day = partial(sequences.next_number, name="dossier", day=NOW.date() + timedelta(days=1))
    assert record.now(other_day) == 1


def test_two_workers_never_hold_the_same_dossier(record: Record) -> None:
    for i in range(30):
        add(record, "validate", f"{i % 5:032x}")
        add(record, "publish", f"{i % 5:032x}")

    def work(name: str) -> list[str]:
        held = []
        while job := claim(record, worker=name):
            held.append(f"{job.dossier}:{job.kind}")
            record.now(partial(jobs.finish, job=job.id))
        return held

    with ThreadPoolExecutor(4) as pool:
        done = [line for held in pool.map(work, "wxyz") for line in held]
    assert len(done) == len(set(done)) == 10


def test_the_counter_of_a_status_only_rises(record: Record) -> None:
    for expected in (1, 2, 3):
        record.now(partial(statuses.announce, at=NOW, dossier=A))
        assert record.now(partial(statuses.counter, dossier=A)) == expected
    assert kind(claim(record)) == "publish"
    assert claim(record) is None


def test_a_clock_that_is_ahead_claims_no_second_job_of_a_dossier(record: Record) -> None:
    """One server finds the younger job due; before it commits, another whose clock is ahead finds
    the older one due too."""
    add(record, "publish", A, minutes=1)
    add(record, "validate", A)

    def first(conn: Connection) -> tuple[Job | None, Future[Job | None]]:
        job = jobs.claim(conn, NOW, "w")
        other = pool.submit(claim, record, 2, "x")
        wait([other], timeout=0.5)  # it must wait for this transaction's end
        return job, other

    with ThreadPoolExecutor(1) as pool:
        job, other = record.now(first)
        assert kind(job) == "validate"
        assert other.result(timeout=30) is None


def test_servers_that_start_at_once_make_one_sweep(record: Record) -> None:
    sweep = partial(jobs.ensure, kind="sweep", run_at=NOW)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: record.now(sweep), range(8)))
    assert kind(claim(record, worker="w")) == "sweep"
    assert claim(record, worker="x") is None
