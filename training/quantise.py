"""Eight-bit weights and activations whose results depend on a sentence alone.

onnxruntime's own dynamic quantisation takes one scale from a whole batch, so that what a sentence is read with would
change its result. Here each row of activations, that is each word piece, has a scale of its own. Weights stay within
7 bits (-63 to 63), so that the pairwise 16-bit sums of older processors (vpmaddubsw) cannot overflow and every
processor computes the same integers.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

WEIGHT_TOP = 63
ACTIVATION_TOP = 127.0
_DOMAIN = "com.microsoft"


def quantise(source: Path, target: Path, *, top: int = WEIGHT_TOP) -> None:
    """Rewrites each product with a constant matrix of the network at source and writes the result to target."""
    model = onnx.load(str(source))
    graph = model.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    nodes: list[NodeProto] = []
    ready: set[str] = set()
    for node in graph.node:
        if node.op_type != "MatMul" or node.input[1] not in constants:
            nodes.append(node)
            continue
        values, output = node.input[0], node.output[0]
        tensor = constants[node.input[1]]
        weights, scales = columns(numpy_helper.to_array(tensor), top)
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(weights, f"{output}_weights"))
        graph.initializer.append(numpy_helper.from_array(scales, f"{output}_scales"))
        if values not in ready:
            ready.add(values)
            nodes.extend(_rows(values))
        nodes.extend(_product(values, output))
    del graph.node[:]
    graph.node.extend(nodes)
    graph.initializer.extend(_shared_constants())
    model.opset_import.append(helper.make_opsetid(_DOMAIN, 1))
    onnx.save(model, str(target))


def columns(weights: NDArray[np.float32], top: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Returns whole-number weights and the scale of each column."""
    scales = np.maximum(np.abs(weights).max(0), 1e-8) / top
    return np.round(weights / scales).astype(np.int8), scales.astype(np.float32)


def _shared_constants() -> list[TensorProto]:
    return [
        helper.make_tensor("q_least", TensorProto.FLOAT, [], [1e-6]),
        helper.make_tensor("q_one", TensorProto.FLOAT, [], [1.0]),
        helper.make_tensor("q_middle", TensorProto.UINT8, [], [128]),
        helper.make_tensor("q_level", TensorProto.FLOAT, [], [1.0 / ACTIVATION_TOP]),
    ]


def _rows(values: str) -> list[NodeProto]:
    """Whole numbers (uint8, middle 128) and a scale [..., 1] for each row."""
    return [
        helper.make_node("Abs", [values], [f"{values}_size"]),
        helper.make_node("ReduceMax", [f"{values}_size"], [f"{values}_peak"], axes=[-1], keepdims=1),
        helper.make_node("Max", [f"{values}_peak", "q_least"], [f"{values}_most"]),
        helper.make_node("Mul", [f"{values}_most", "q_level"], [f"{values}_scale"]),
        helper.make_node("Reciprocal", [f"{values}_scale"], [f"{values}_inverse"]),
        helper.make_node("Mul", [values, f"{values}_inverse"], [f"{values}_scaled"]),
        helper.make_node("QuantizeLinear", [f"{values}_scaled", "q_one", "q_middle"], [f"{values}_rows"]),
    ]


def _product(values: str, output: str) -> list[NodeProto]:
    parts = [f"{values}_rows", f"{output}_weights", "q_one", f"{output}_scales", "q_middle"]
    return [
        helper.make_node("MatMulIntegerToFloat", parts, [f"{output}_unscaled"], domain=_DOMAIN),
        helper.make_node("Mul", [f"{output}_unscaled", f"{values}_scale"], [output]),
    ]
