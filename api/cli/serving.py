"""`serve` opens the pages and the API; `demo` does so on a fictional account that the real pipeline has filled."""

import json
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from api.cli.desk import desk
from pipeline import embed, flow, jobs, settings
from pipeline.desk import Desk
from pipeline.imports import json_plan
from pipeline.views.words import many

DEMO = settings.ROOT / "evals" / "cases" / "demo"
REP = "Jo Hale"
"""Who brings the demo's notes: the rep who says "me" in them."""

NO_BROWSER = click.option("--browser/--no-browser", default=False, help="Open the pages in your browser.")


@click.command()
@click.option("--host", help="Address to bind; the loopback by default (NOTES2PLAN_HOST).")
@click.option("--port", type=int, help="Port to bind (NOTES2PLAN_PORT).")
@NO_BROWSER
def serve(host: str | None, port: int | None, browser: bool) -> None:
    """Open the pages and the API on this machine, with a worker inside."""
    _serve(desk(), host, port, browser)


@click.command()
@click.option("--port", type=int, help="Port to bind (NOTES2PLAN_PORT).")
@click.option("--serve/--no-serve", "serving", default=True, help="Open the pages when the account is filled.")
@NO_BROWSER
def demo(port: int | None, serving: bool, browser: bool) -> None:
    """Set up a fictional account in a fresh data folder, run two notes and a filing through it, open the inbox."""
    started = time.monotonic()
    at = Desk(_fresh(click.get_current_context().find_root().obj))
    click.echo(f"Data folder: {at.settings.home}")
    if missing := embed.why_missing(at.settings):
        click.echo(missing)
    told = json.loads((DEMO / "account.json").read_text(encoding="utf-8"))
    given = json_plan.plan_of(told)
    new = flow.NewAccount(name=given.account, vendor=given.vendor, domains=tuple(told["domains"]))
    account = flow.set_up(at, new, given.plan)
    click.echo(f"{account.name} is set up with {len(given.plan.items)} entries.")
    for path in sorted(DEMO.glob("20*")):
        delivery = flow.deliver(at.as_(REP), account.id, path.read_bytes(), path.name, "file")
        jobs.run_all(at)
        click.echo(f"  {path.name}: {_proposed(at, account.id, delivery.id)}")
    click.echo(f"Ready in {time.monotonic() - started:.1f} s.")
    if serving:
        _serve(at, None, port, browser)


def _proposed(at: Desk, account: str, delivery: str) -> str:
    with at.account(account).read() as tx:
        told = tx.delivery(delivery)
        proposals = [found for source in tx.sources(delivery=delivery) for found in tx.proposals(source=source.id)]
    if told.problem:
        return told.problem
    return f"{many(len(proposals[-1].news), 'change')} proposed" if proposals else "no proposal"


def _fresh(home: Path | None) -> settings.Settings:
    """Settings with a data folder that holds nothing yet, beside the usual one."""
    wanted = home or settings.load().home / f"demo-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    if wanted.exists() and any(wanted.iterdir()):
        raise click.UsageError(f"{wanted} is not empty; the demo wants a fresh folder.")
    return settings.load(home=wanted)


def _serve(at: Desk, host: str | None, port: int | None, browser: bool) -> None:
    import uvicorn

    from api.app import create_app

    loaded = at.settings.model_copy(
        update={name: value for name, value in {"host": host, "port": port}.items() if value is not None}
    )
    server = uvicorn.Server(uvicorn.Config(create_app(loaded), host=loaded.host, port=loaded.port, log_level="warning"))
    threading.Thread(target=_announce, args=(server, browser), daemon=True).start()
    server.run()


def _announce(server: object, browser: bool) -> None:
    while not getattr(server, "started", False):
        time.sleep(0.02)
    (listening,) = [each.getsockname() for found in server.servers for each in found.sockets][:1]  # type: ignore[attr-defined]
    address = f"http://{listening[0]}:{listening[1]}/"
    click.echo(f"Open {address} (stop with Ctrl+C)")
    if browser:
        click.launch(address)
