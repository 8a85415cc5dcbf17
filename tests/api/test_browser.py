"""The main job in a real browser: by keyboard, without scripts, on a phone in the dark.

A console message, a violation of the content security policy, or a request that leaves the loopback fails the test.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect, sync_playwright

from api.app import create_app
from pipeline import jobs, propose
from pipeline.proposers import Proposer, Tools
from pipeline.records import Answer, Context, Draft, Op, Outcome
from pipeline.settings import Settings
from tests.api.scripted import NOTE

pytestmark = pytest.mark.browser

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield started
        started.close()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The app on a free port of the loopback, in a thread."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=30)


@pytest.fixture
def worker() -> bool:
    """Whether the site works off what is due by itself."""
    return True


@pytest.fixture
def app(settings: Settings, worker: bool) -> FastAPI:
    return create_app(settings, worker=worker)


@pytest.fixture
def site(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Open]:
    """Opens a page in a fresh context; at the end nothing may have been said on a console or asked elsewhere.

    It asks for the site so that pages close before that ends.
    """
    complaints: list[str] = []
    contexts = []

    def opened(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("requestfailed", lambda asked: complaints.append(f"failed: {asked.url} {asked.failure}"))
        page.on("request", lambda asked: complaints.extend(elsewhere(asked.url)))
        return page

    yield opened
    said = list(complaints)  # what closing interrupts is no complaint
    for context in contexts:
        context.close()
    assert said == []


def elsewhere(url: str) -> list[str]:
    """A complaint about an address beyond the loopback."""
    parts = urlsplit(url)
    return [] if parts.hostname == "127.0.0.1" or parts.scheme == "data" else [f"asked elsewhere: {url}"]


def set_up(page: Page, site: str) -> None:
    """The first account, by the way the empty inbox shows."""
    page.goto(site)
    page.get_by_role("link", name="Set up the first account").click()
    page.get_by_label("Customer").fill("Weston Pump Works")
    page.get_by_label("Departments").fill("Production\nFinance")
    page.get_by_label("Offerings").fill("PumpGuard")
    page.get_by_role("button", name="Set up the account").click()
    expect(page.locator("h1")).to_have_text("Weston Pump Works")
    expect(page.locator("#revision")).to_have_text("1")


def paste(page: Page, text: str = NOTE) -> None:
    page.get_by_label("Note, transcript or mail").fill(text)
    page.get_by_role("button", name="Propose changes").click()
    page.wait_for_url("**/proposals/prp_*")


def test_from_an_empty_inbox_to_the_next_revision_by_keyboard(open_page: Open, site: str) -> None:
    page = open_page()
    set_up(page, site)
    paste(page)
    expect(page.locator("#left")).to_have_text("5 to decide")
    page.keyboard.press("j")
    expect(page.locator("#c1")).to_be_focused()
    expect(page.locator("mark.lit")).to_have_text("Marta Lindqvist runs production")
    page.keyboard.press("a")
    expect(page.locator("#c2")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#c3 h3")).to_have_text("Karin Holm")
    page.keyboard.press("r")
    page.keyboard.press("a")
    expect(page.locator("#left")).to_have_text("3 of 5 marked")
    page.keyboard.press("k")
    page.keyboard.press("u")
    expect(page.locator("#left")).to_have_text("2 of 5 marked")
    page.keyboard.press("s")
    expect(page.locator("#saved")).to_contain_text("Saved: 1 approved, 1 rejected.")
    page.get_by_role("link", name="revision 2").click()
    expect(page.locator("#revision")).to_have_text("2")
    expect(page.get_by_role("main")).not_to_contain_text("Karin Holm")


def test_an_edit_by_keyboard(open_page: Open, site: str) -> None:
    page = open_page()
    set_up(page, site)
    paste(page)
    for key in ("j", "j", "e"):
        page.keyboard.press(key)
    expect(page.locator("#c2 .edit")).to_be_visible()
    page.locator("#c2 .edit input[type=date]").fill("2026-11-25")
    page.keyboard.press("Escape")
    expect(page.locator("#c2")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.locator("#saved")).to_contain_text("1 edited")
    page.goto(site)
    expect(page.get_by_role("main")).to_contain_text("4 of 6 to decide")


def test_without_scripts_the_same_job_is_done(open_page: Open, site: str) -> None:
    page = open_page(java_script_enabled=False)
    set_up(page, site)
    paste(page)
    expect(page.locator("#help-open")).to_be_hidden()
    page.locator("#c1").get_by_text("Approve", exact=True).click()
    page.locator("#c3").get_by_text("Reject", exact=True).click()
    page.locator("#c3 .why input").fill("Only hearsay.")
    page.get_by_role("button", name="Save decisions").click()
    expect(page.locator("#saved")).to_contain_text("Saved: 1 approved, 1 rejected.")
    page.get_by_role("button", name="Approve the safe 3").click()
    expect(page.locator("#saved")).to_contain_text("3 approved")
    page.get_by_role("link", name="revision 3").click()
    expect(page.locator(".cell.need_identified")).to_contain_text("need identified")


def many(context: Context, _tools: Tools) -> Answer:
    """One new person for each line of the text."""
    lines = [context.document.words(line) for line in context.document.lines if line.number > 1]
    drafts = tuple(
        Draft(section="stakeholders", op=Op.add, fields={"name": words}, quotes=((words, None),)) for words in lines
    )
    return Answer(outcome=Outcome.changes, drafts=drafts)


FIRST, LAST = ("Ada", "Bo", "Cleo", "Dag"), ("Lind", "Moss", "Nyk", "Orr", "Pim")
PEOPLE = "\n".join(f"{first} {last}" for first in FIRST for last in LAST)


def test_twenty_changes_clear_with_a_key_each(open_page: Open, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(propose, "proposer", lambda name: Proposer(name, many))
    page = open_page()
    set_up(page, site)
    paste(page, f"Who was there on 3 November 2026\n{PEOPLE}")
    started = time.monotonic()
    page.keyboard.press("j")
    for number in range(20):
        page.keyboard.press("r" if number % 5 == 4 else "a")
    expect(page.locator("#left")).to_have_text("20 of 20 marked")
    page.keyboard.press("s")
    expect(page.locator("#saved")).to_contain_text("Saved: 16 approved, 4 rejected.")
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("worker", [False])
def test_a_page_that_waits_moves_on_by_itself(
    open_page: Open, site: str, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.desk.LONGEST_WAIT", 0.0)
    page = open_page()
    set_up(page, site)
    page.get_by_label("Note, transcript or mail").fill(NOTE)
    page.get_by_role("button", name="Propose changes").click()
    expect(page.locator("#wait")).to_contain_text("It is being read")
    jobs.run_all(app.state.desk)
    page.wait_for_url("**/proposals/prp_*")


CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const over = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const poor = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(element);
    const grounds = [];
    for (let each = element; each; each = each.parentElement) grounds.unshift(getComputedStyle(each).backgroundColor);
    const ground = over(["white", ...grounds]);
    const ink = over([`rgb(${ground})`, style.color]);
    const [low, high] = [light(ink), light(ground)].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) poor.push(`${walk.currentNode.data.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_phone_and_can_be_read_in_light_and_dark(open_page: Open, site: str, scheme: str) -> None:
    page = open_page(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    set_up(page, site)
    account = page.url
    paste(page)
    proposal = page.url
    page.get_by_role("button", name="Approve the safe 4").click()
    page.locator("#c3").get_by_text("Ask", exact=True).click()
    page.get_by_role("button", name="Save decisions").click()
    expect(page.locator("#saved")).to_contain_text("4 approved")
    for place in (site, f"{site}/accounts", account, f"{account}/notes/new", proposal):
        page.goto(place)
        for summary in page.locator("details:not([open]) > summary").all():
            summary.click()
        for choice in page.locator(".v-edit span, .v-reject span").all():
            choice.click()
            assert page.evaluate(CONTRAST) == [], place
        assert page.evaluate(CONTRAST) == [], place
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, place
        page.evaluate("document.getElementById('decide')?.reset()")


def test_everything_can_be_reached_with_the_tab_key_and_shows_where_it_is(open_page: Open, site: str) -> None:
    page = open_page()
    set_up(page, site)
    paste(page)
    page.evaluate("document.activeElement.blur()")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "() => { const e = document.activeElement; const shown = e.matches('.choice input') ? e.nextElementSibling"
            " : e; return [e.id || e.value || e.textContent.trim(), getComputedStyle(shown).outlineStyle, e.tagName]; }"
        )
        reached.add(found[0])
        assert found[1] != "none" or found[2] == "BODY", found
    assert {"Inbox", "Accounts", "safe", "save"} <= reached
