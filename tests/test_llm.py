"""Calls to a model: every way a server can behave ends in a named outcome, in time, with nothing leaked."""

import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from pipeline import llm
from pipeline.llm import manners, transport
from pipeline.llm.cache import key_of
from pipeline.llm.endings import unwrapped
from pipeline.settings import Settings, load
from tests.model_server import ModelServer, breaks_off, drips, fails, replies, resets, says, waits

KEY = "sk-secret-0123456789"
WORDS = "Budget at Orrin Mills is frozen"
MESSAGES = (("system", "Count."), ("user", WORDS))
GOOD = '{"count": 3, "why": null}'


class Count(BaseModel):
    """A count and a reason."""

    count: int
    why: str | None


@pytest.fixture(autouse=True)
def _strangers() -> Iterator[None]:
    """Every test meets its servers for the first time."""
    manners.forget()
    yield
    manners.forget()


def settings(server: ModelServer, **more: Any) -> Settings:
    given = {"model_url": server.url, "model": "m", "model_key": KEY, "model_deadline": 5.0, "model_retries": 0}
    return load(**{**given, **more})


def ask(server: ModelServer, **more: Any) -> llm.Reply[Count]:
    return llm.call(MESSAGES, Count, settings(server, **more))


def outcomes(reply: llm.Reply[Count]) -> list[str]:
    return [entry.outcome for entry in reply.usage]


def completion(**more: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": GOOD}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], **more}


# Endings


def test_a_good_answer_is_a_value_with_its_tokens_counted() -> None:
    with ModelServer(says(GOOD)) as server:
        reply = ask(server)
    assert reply.outcome == "ok"
    assert reply.value == Count(count=3, why=None)
    assert [(each.prompt_tokens, each.completion_tokens) for each in reply.usage] == [(5_000, 7)]
    assert reply.usage[0].seconds > 0


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{GOOD}\n```",
        f"```\n{GOOD}\n```\n",
        f"<think>it is\n3, no {{4}}</think>\n{GOOD}",
        f"<think>hm</think>```json\n{GOOD}\n```",
        f"\n  {GOOD}  \n",
    ],
)
def test_thoughts_in_front_and_a_fence_around_are_taken_off(text: str) -> None:
    with ModelServer(says(text)) as server:
        assert ask(server).value == Count(count=3, why=None)


def test_nothing_else_is_taken_off() -> None:
    for text in ("so: " + GOOD, GOOD + " done", "<think>no end " + GOOD, "```json\n" + GOOD):
        assert unwrapped(text) == text


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        (fails(429, "slow down"), "rate_limited"),
        (fails(429, "pay", "insufficient_quota"), "quota"),
        (fails(402, "pay"), "quota"),
        (fails(500), "unavailable"),
        (replies(503, "<html>Bad gateway</html>", kind="text/html"), "unavailable"),
        (fails(408), "unavailable"),
        (resets, "unavailable"),
        (breaks_off, "unavailable"),
        (fails(401, f"Incorrect API key provided: {KEY}", "invalid_api_key"), "auth"),
        (fails(403), "auth"),
        (fails(404, "no such model", "model_not_found"), "no_model"),
        (fails(400, "This model's maximum context length is 8192 tokens", "context_length_exceeded"), "too_long"),
        (fails(400, "the request exceeds the available context size"), "too_long"),
        (fails(413), "too_long"),
        (fails(400, "unknown parameter: messages"), "bad_request"),
        (replies(422, {"detail": [{"msg": "extra fields not permitted"}]}), "bad_request"),
        (says(None, refusal="I won't."), "refused"),
        (says(GOOD[:9], finish="length"), "truncated"),
        (says("", finish="length"), "truncated"),
        (says("", finish="content_filter"), "filtered"),
        (says(None), "empty"),
        (says("  "), "empty"),
        (says("Sure! There are three."), "bad_json"),
        (says(f"Sure! Here it is: {GOOD}"), "bad_json"),
        (says(GOOD[:9]), "bad_json"),
        (says('{"count": "many", "why": null}'), "bad_schema"),
        (says("[3]"), "bad_schema"),
        (replies(200, "<html>log in</html>", kind="text/html"), "protocol"),
        (replies(200, '{"id": "x", "choices": ['), "protocol"),
        (replies(200, completion(choices=[])), "protocol"),
        (replies(200, completion(choices=None)), "protocol"),
        (replies(200, {"id": "1", "object": "chat.completion"}), "protocol"),
        (replies(200, {"error": {"message": "CUDA out of memory"}}), "protocol"),
        (replies(200, "null"), "protocol"),
    ],
)
def test_each_failure_has_its_name(step: Any, outcome: str) -> None:
    with ModelServer(step) as server:
        reply = ask(server)
    assert reply.outcome == outcome
    assert reply.outcome in llm.ENDINGS
    assert reply.value is None
    assert reply.detail
    assert outcomes(reply)[-1] == outcome


@pytest.mark.parametrize("finish", [None, "eos_token", "tool_calls"])
def test_an_odd_reason_to_stop_does_not_matter_when_the_answer_fits(finish: str | None) -> None:
    with ModelServer(says(GOOD, finish=finish)) as server:
        assert ask(server).outcome == "ok"


def test_a_server_that_counts_nothing_is_charged_by_estimate() -> None:
    with ModelServer(says(GOOD, counted=False)) as server:
        entry = ask(server).usage[0]
    assert entry.prompt_tokens == llm.tokens(MESSAGES, llm.portable(Count))
    assert "estimated" in entry.detail


def test_a_server_that_read_only_part_of_the_question_is_noticed() -> None:
    with ModelServer(says(GOOD, prompt_tokens=2)) as server:
        assert ask(server).shortened
    with ModelServer(says(GOOD)) as server:
        assert not ask(server).shortened


def test_no_server_at_the_address_is_unavailable() -> None:
    with ModelServer(says(GOOD)) as server:
        chosen = settings(server)
    assert llm.call(MESSAGES, Count, chosen).outcome == "unavailable"


def test_without_a_configured_model_nothing_is_sent() -> None:
    reply = llm.call(MESSAGES, Count, load())
    assert reply.outcome == "bad_request"
    assert reply.usage == ()


# Time and tries


@pytest.mark.parametrize("step", [waits(3.0, says(GOOD)), drips])
def test_the_deadline_holds_however_slowly_a_server_drips(step: Any) -> None:
    with ModelServer(step) as server:
        start = time.monotonic()
        reply = ask(server, model_deadline=0.4, model_retries=3)
    assert reply.outcome == "timeout"
    assert time.monotonic() - start < 2.0


@pytest.mark.parametrize(
    "headers", [{"Retry-After": "1"}, {"retry-after-ms": "900"}, {"Retry-After": formatdate(time.time() + 1.5)}]
)
def test_a_pause_that_the_server_asks_for_is_kept(headers: dict[str, str]) -> None:
    if "GMT" not in str(headers) and "-0000" in str(headers):
        headers = {"Retry-After": formatdate(time.time() + 2, usegmt=True)}
    with ModelServer(fails(429, headers=headers), says(GOOD)) as server:
        start = time.monotonic()
        reply = ask(server, model_retries=1)
    assert outcomes(reply) == ["rate_limited", "ok"]
    assert 0.8 < time.monotonic() - start < 4.0


def test_a_pause_beyond_the_deadline_is_told_and_not_waited_for() -> None:
    with ModelServer(fails(429, headers={"Retry-After": "300"})) as server:
        start = time.monotonic()
        reply = ask(server, model_retries=2)
    assert (reply.outcome, reply.retry_after) == ("rate_limited", 300.0)
    assert time.monotonic() - start < 2.0
    assert len(server.bodies) == 1


def test_trouble_that_may_pass_is_tried_again_and_every_try_is_in_the_ledger() -> None:
    with ModelServer(fails(500), resets, says(GOOD)) as server:
        reply = ask(server, model_retries=2, model_deadline=20)
    assert outcomes(reply) == ["unavailable", "unavailable", "ok"]
    assert len(server.bodies) == 3


def test_tries_end_with_the_setting() -> None:
    with ModelServer(fails(500)) as server:
        reply = ask(server, model_retries=1)
    assert len(server.bodies) == len(reply.usage) == 2


@pytest.mark.parametrize("step", [fails(401), fails(404), fails(429, "pay", "insufficient_quota"), fails(400)])
def test_what_waiting_does_not_mend_is_not_tried_again(step: Any) -> None:
    with ModelServer(step) as server:
        ask(server, model_retries=3)
    assert len(server.bodies) == 1


@pytest.mark.parametrize("first", ["There are three.", '{"count": "many", "why": null}'])
def test_a_misformed_answer_is_repaired_once_even_without_retries(first: str) -> None:
    with ModelServer(says(first), says(GOOD)) as server:
        reply = ask(server)
    assert reply.outcome == "ok"
    again = server.bodies[1]["messages"]
    assert again[2] == {"role": "assistant", "content": first}
    assert "Answer again" in again[3]["content"]


def test_a_second_misformed_answer_ends_the_call() -> None:
    with ModelServer(says("three")) as server:
        assert outcomes(ask(server, model_retries=3)) == ["bad_json", "bad_json"]


def test_a_budget_is_asked_before_anything_is_sent() -> None:
    heard: list[int] = []

    def budget(tokens: int) -> str:
        heard.append(tokens)
        return "Nothing left for today."

    with ModelServer(says(GOOD)) as server:
        reply = llm.call(MESSAGES, Count, settings(server), budget=budget)
    assert (reply.outcome, reply.detail) == ("over_budget", "Nothing left for today.")
    assert server.bodies == []
    assert heard[0] > settings(server).model_max_tokens


def test_what_a_call_has_taken_counts_when_it_asks_again() -> None:
    heard: list[int] = []

    def budget(tokens: int) -> str:
        heard.append(tokens)
        return ""

    with ModelServer(says("three", prompt_tokens=70), says(GOOD)) as server:
        assert llm.call(MESSAGES, Count, settings(server), budget=budget).outcome == "ok"
    assert heard[1] >= heard[0] + 70 + 7


# Manners


def refuses_form(kind: str, then: str = GOOD) -> Any:
    def step(handler: Any) -> None:
        body = handler.server.bodies[-1]
        form = (body.get("response_format") or {}).get("type", "text")
        order = ("json_schema", "json_object", "text")
        refused = order.index(form) <= order.index(kind)
        (fails(400, f"'response_format.type' {form} is not supported") if refused else says(then))(handler)

    return step


@pytest.mark.parametrize(("refused", "used"), [("json_schema", {"type": "json_object"}), ("json_object", None)])
def test_a_server_without_schemas_is_asked_in_words_and_remembered(refused: str, used: Any) -> None:
    with ModelServer(refuses_form(refused)) as server:
        assert ask(server).outcome == "ok"
        first = len(server.bodies)
        assert ask(server).outcome == "ok"
        assert len(server.bodies) == first + 1
        assert server.bodies[-1].get("response_format") == used
        assert '"count"' in server.bodies[-1]["messages"][0]["content"]


def test_a_parameter_that_a_server_refuses_is_left_out_next_time() -> None:
    def step(handler: Any) -> None:
        body = handler.server.bodies[-1]
        if "temperature" in body:
            fails(400, "Unsupported value: 'temperature' does not support 0.0")(handler)
        elif "max_tokens" in body:
            fails(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")(handler)
        else:
            says(GOOD)(handler)

    with ModelServer(step) as server:
        assert ask(server).outcome == "ok"
        assert server.bodies[-1]["max_completion_tokens"] == 4_000
        assert ask(server).outcome == "ok"
        assert len(server.bodies) == 4


def test_the_cap_on_the_answer_is_sent_and_never_above_the_setting() -> None:
    with ModelServer(says(GOOD)) as server:
        llm.call(MESSAGES, Count, settings(server), max_tokens=300)
        llm.call(MESSAGES, Count, settings(server), max_tokens=90_000)
    assert [body["max_tokens"] for body in server.bodies] == [300, 4_000]


@pytest.mark.parametrize("name", ["gpt-5-codex", "gpt-5-pro", "o3"])
def test_no_name_of_a_model_changes_how_it_is_asked(name: str) -> None:
    with ModelServer(says(GOOD)) as server:
        assert ask(server, model=name).outcome == "ok"
    assert server.paths == ["/v1/chat/completions"]
    assert [each["content"] for each in server.bodies[0]["messages"]] == [text for _, text in MESSAGES]


# What must not get out


def test_a_redirect_is_not_followed() -> None:
    with ModelServer(says(GOOD)) as elsewhere:
        for status in (301, 302, 307, 308):
            with ModelServer(replies(status, "", {"Location": f"{elsewhere.url}/chat/completions"})) as server:
                assert ask(server).outcome == "protocol"
        assert elsewhere.bodies == []


def test_variables_of_other_products_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(says(GOOD)) as elsewhere, ModelServer(says(GOOD)) as server:
        for name, value in {
            "OPENAI_API_KEY": "sk-other",
            "OPENAI_BASE_URL": elsewhere.url,
            "OPENAI_API_BASE": elsewhere.url,
            "OPENAI_PROXY": elsewhere.url,
            "OPENAI_ORG_ID": "org-other",
            "OPENAI_PROJECT_ID": "proj-other",
            "HTTP_PROXY": elsewhere.url,
            "ALL_PROXY": elsewhere.url,
            "LANGSMITH_TRACING": "true",
            "LANGCHAIN_TRACING_V2": "true",
            "LANGSMITH_GATEWAY": "true",
            "LANGSMITH_API_KEY": "ls-other",
            "LANGSMITH_ENDPOINT": elsewhere.url,
        }.items():
            monkeypatch.setenv(name, value)
        assert ask(server).outcome == "ok"
        time.sleep(0.3)
        assert elsewhere.bodies == []
        assert len(server.bodies) == 1
        assert "other" not in json.dumps(server.headers[0])
        assert set(server.headers[0]) <= transport.HEADERS | {"user-agent", "accept-encoding"}
        assert server.headers[0]["authorization"] == f"Bearer {KEY}"


def test_without_a_key_none_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    with ModelServer(says(GOOD)) as server:
        assert ask(server, model_key="").outcome == "ok"
    assert "authorization" not in server.headers[0]


@pytest.mark.parametrize(
    "step", [says(GOOD), says("prose"), fails(401, f"Incorrect key {KEY}"), fails(400, f"can't read {WORDS}"), resets]
)
def test_neither_key_nor_words_reach_log_or_ledger(step: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with ModelServer(step) as server:
        reply = ask(server)
    told = caplog.text + repr(reply.usage) + reply.detail
    assert KEY not in told
    assert WORDS not in told


def test_the_debug_variable_of_the_client_library_prints_no_words() -> None:
    with ModelServer(says(GOOD)) as server:
        script = (
            "import logging; logging.basicConfig(level=logging.DEBUG)\n"
            "from pipeline import llm, settings\nfrom tests.test_llm import Count, MESSAGES\n"
            f"chosen = settings.load(model_url={server.url!r}, model='m', model_key={KEY!r})\n"
            "assert llm.call(MESSAGES, Count, chosen).outcome == 'ok'"
        )
        run = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=Path(__file__).resolve().parent.parent,
            env={"OPENAI_LOG": "debug", "HOME": "/nonexistent", "PATH": ""},
        )
    assert run.returncode == 0, run.stderr
    assert WORDS not in run.stdout + run.stderr
    assert KEY not in run.stdout + run.stderr


def test_importing_the_call_layer_loads_no_client_library() -> None:
    script = "import sys, pipeline.llm; print([n for n in ('openai', 'langchain_core', 'httpx2') if n in sys.modules])"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.strip() == "[]"


# Many callers


def test_calls_from_many_threads_share_one_loop() -> None:
    with ModelServer(waits(0.2, says(GOOD))) as server:
        found: list[str] = []
        callers = [threading.Thread(target=lambda: found.append(ask(server).outcome)) for _ in range(8)]
        for each in callers:
            each.start()
        for each in callers:
            each.join()
    assert found == ["ok"] * 8
    assert sum(thread.name == "model calls" for thread in threading.enumerate()) == 1


def test_a_caller_inside_an_event_loop_of_its_own_is_answered() -> None:
    import asyncio

    async def inside() -> str:
        return ask(server).outcome

    with ModelServer(says(GOOD)) as server:
        assert [asyncio.run(inside()) for _ in range(2)] == ["ok", "ok"]


# Cache


@pytest.fixture(params=["memory", "folder"])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> llm.Cache:
    return llm.MemoryCache() if request.param == "memory" else llm.FolderCache(tmp_path / "answers")


def cached(server: ModelServer, cache: llm.Cache, account: str = "a", **more: Any) -> llm.Reply[Count]:
    messages = more.pop("messages", MESSAGES)
    return llm.call(messages, Count, settings(server, **more), account=account, cache=cache, nonce="n0nce")


def test_an_equal_question_is_asked_once(cache: llm.Cache) -> None:
    with ModelServer(says(GOOD)) as server:
        assert not cached(server, cache).cached
        again = cached(server, cache)
        assert again.cached
        assert again.value == Count(count=3, why=None)
        assert [(each.cached, each.prompt_tokens) for each in again.usage] == [(True, 0)]
        assert len(server.bodies) == 1


def test_the_random_word_does_not_matter_to_the_cache(cache: llm.Cache) -> None:
    with ModelServer(says(GOOD)) as server:
        for nonce in ("aaaa", "bbbb"):
            messages = (("user", f"<{nonce}>{WORDS}<{nonce}>"),)
            llm.call(messages, Count, settings(server), account="a", cache=cache, nonce=nonce)
        assert len(server.bodies) == 1


def test_whatever_an_answer_depends_on_makes_another_question(cache: llm.Cache) -> None:
    class Other(BaseModel):
        count: int

    with ModelServer(says(GOOD)) as server, ModelServer(says(GOOD)) as other:
        cached(server, cache)
        cached(server, cache, account="b")
        cached(server, cache, model="m2")
        cached(server, cache, model_max_tokens=999)
        cached(server, cache, messages=(("user", "else"),))
        llm.call(MESSAGES, Other, settings(server), account="a", cache=cache, nonce="n0nce")
        cached(other, cache)
        assert (len(server.bodies), len(other.bodies)) == (6, 1)


def test_no_two_accounts_share_a_key_even_where_a_cache_knows_no_accounts() -> None:
    request = transport.Request("http://x/v1", "m", "", MESSAGES, {}, 100)
    assert key_of(request, "a", "") != key_of(request, "b", "")
    assert key_of(request, "a", "") == key_of(request, "a", "")


def test_only_good_answers_are_kept(cache: llm.Cache) -> None:
    with ModelServer(says("three"), says("three"), says(None, refusal="no"), says(GOOD)) as server:
        assert [cached(server, cache).outcome for _ in range(3)] == ["bad_json", "refused", "ok"]


def test_erasing_an_account_erases_its_answers(cache: llm.Cache, tmp_path: Path) -> None:
    with ModelServer(says(GOOD)) as server:
        for account in ("a", "b"):
            cached(server, cache, account)
        cache.forget("a")
        assert not cached(server, cache, "a").cached
        assert cached(server, cache, "b").cached
    cache.forget("a")
    cache.forget("b")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_spoilt_entry_is_asked_anew(tmp_path: Path) -> None:
    cache = llm.FolderCache(tmp_path)
    with ModelServer(says(GOOD)) as server:
        cached(server, cache)
        for path in tmp_path.rglob("*"):
            if path.is_file():
                path.write_bytes(b"\xff{")
        assert not cached(server, cache).cached


# The schema on the wire


class Kind(BaseModel):
    kind: Literal["one"]


class Many(BaseModel):
    size: Annotated[int, Field(gt=3, le=9)] = 4
    word: Annotated[str, Field(pattern="^a", max_length=9)]
    either: Kind | None = None
    several: list[Kind]


def test_the_schema_on_the_wire_holds_nothing_that_some_server_refuses() -> None:
    schema = llm.portable(Many)
    assert schema["required"] == ["size", "word", "either", "several"]
    assert schema["properties"]["either"]["anyOf"][1] == {"type": "null"}
    assert schema["properties"]["several"]["items"]["properties"]["kind"]["enum"] == ["one"]
    written = json.dumps(schema)
    for refused in ("$ref", "$defs", "oneOf", "const", "default", "title", "pattern", "maximum", "maxLength"):
        assert refused not in written
    assert written.count('"additionalProperties": false') == written.count('"properties"')


class Tree(BaseModel):
    below: list["Tree"]


class Free(BaseModel):
    anything: dict[str, str]


class Pair(BaseModel):
    pair: tuple[int, str]


@pytest.mark.parametrize("shape", [Tree, Free, Pair])
def test_what_has_no_portable_schema_is_refused_when_it_is_built(shape: type[BaseModel]) -> None:
    with pytest.raises(TypeError):
        llm.portable(shape)
