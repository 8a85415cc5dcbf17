"""The app: JSON under /api/v1, pages everywhere else, one desk and one worker for both."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from api import pages, problems, routes
from api.guard import Guard
from api.pages.proposals import MOST_FIELDS
from pipeline.desk import Desk
from pipeline.jobs import Worker
from pipeline.settings import Settings

STATIC = Path(__file__).with_name("static")
ENVELOPE = 1_000_000
"""Bytes that a form or JSON needs around a file of the largest size."""


def create_app(settings: Settings, *, worker: bool = True) -> FastAPI:
    """The app at one data folder. `worker` says whether this process does the jobs too, while the app runs."""
    largest = int(settings.max_file_mb * 1_000_000) + ENVELOPE
    app = FastAPI(
        title="notes2plan",
        version=_version(),
        summary="Notes in, changes to an account plan with their proof out, a person decides.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        form_limits={"max_part_size": largest, "max_fields": MOST_FIELDS},
        lifespan=_running,
    )
    app.state.desk = Desk(settings)
    app.state.worker = Worker(app.state.desk) if worker else None
    app.include_router(routes.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    problems.install(app)
    app.add_middleware(Guard, hosts=(settings.host,), largest=largest)
    return app


@asynccontextmanager
async def _running(app: FastAPI) -> AsyncIterator[None]:
    """Opens the store before the first request, so that a setting that can't be is told at once."""
    desk: Desk = app.state.desk
    store, worker = desk.store, app.state.worker
    if worker is not None:
        worker.start()
    yield
    if worker is not None:
        worker.stop()
    store.close()


def _version() -> str:
    try:
        return version("notes2plan")
    except PackageNotFoundError:
        return "0"
