"""The long runs, short: each of them on a real store, so that they work when somebody needs them at length."""

import random
from collections.abc import Iterator

import pytest

from evals.benchmarks import plan_store
from evals.long import concurrency, kills, stage, state_machine


@pytest.fixture(scope="module")
def where() -> Iterator[stage.Stage]:
    with stage.stage(postgres=False) as made:
        yield made


def test_random_work_of_several_people_breaks_nothing(where: stage.Stage) -> None:
    state_machine.run(where, runs=4, steps=25, number=7, shrink=False)


def test_deciders_that_are_killed_leave_whole_decisions(where: stage.Stage) -> None:
    assert kills.during_decisions(where, 4, random.Random(3)) >= 0  # killed too early on a busy machine, none is made


def test_workers_that_are_killed_lose_no_delivery_and_double_no_proposal(where: stage.Stage) -> None:
    assert kills.during_work(where, 3, random.Random(3)) >= 0


def test_fifty_decisions_at_once_are_all_made_once(where: stage.Stage) -> None:
    assert concurrency.at_once(where, processes=2) > 0


def test_what_several_notes_claim_is_answered_once_whoever_decides_first(where: stage.Stage) -> None:
    assert concurrency.twins_at_once(where) > 0


@pytest.mark.postgres
def test_the_same_on_postgresql() -> None:
    try:
        opened = stage.stage(postgres=True)
        with opened as made:
            state_machine.run(made, runs=1, steps=20, number=9, shrink=False)
            assert kills.during_decisions(made, 2, random.Random(5)) >= 0
            assert concurrency.twins_at_once(made) > 0
    except (ImportError, OSError) as error:
        pytest.skip(f"NOT RUN: no PostgreSQL here ({error})")


def test_the_benchmark_of_the_plan_store_measures_growth() -> None:
    rows = [plan_store.measured(30, 5), plan_store.measured(60, 10)]
    assert "merge" in plan_store.report(rows)
