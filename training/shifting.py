"""A rearrangement of the quantised graph: quantise before a convolution's shifted copies are made, not after.

``quantize_dynamic`` puts the quantisation in front of the matrix product, behind the three shifted copies that
the convolution lays side by side. Quantising once and copying bytes instead gives the same numbers to the last
bit (the padding is the zero point; scale and zero point of a tensor and of its zero-padded copies are the same)
for a third of the work and a quarter of the memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from onnx import GraphProto, ModelProto, NodeProto


@dataclass(frozen=True, slots=True)
class _Shifting:
    """Pad → two slices → concatenation → quantisation, all of one convolution."""

    pad: NodeProto
    concat: NodeProto
    quantise: NodeProto
    source: str  # the tensor that is shifted


def quantise_before_shifting(model: ModelProto) -> int:
    """Rearrange ``model`` in place; returns the number of convolutions found."""
    graph = model.graph
    found = list(_shiftings(graph))
    for it in found:
        quantised, *scale_and_zero = it.quantise.output
        inner = f"{it.source}_quantised"
        shifted = {it.source: inner}
        early = NodeProto(op_type="DynamicQuantizeLinear", name=f"{it.quantise.name}_early")
        early.input.append(it.source)
        early.output.extend([inner, *scale_and_zero])
        it.pad.input[0] = inner
        it.pad.input[2] = scale_and_zero[1]
        it.concat.input[:] = [shifted.get(name, name) for name in it.concat.input]
        it.concat.output[0] = quantised
        graph.node.insert(list(graph.node).index(it.pad), early)
        graph.node.remove(it.quantise)
    del graph.value_info[:]  # the types noted there for the copies hold no longer
    return len(found)


def _shiftings(graph: GraphProto) -> Iterator[_Shifting]:
    makers = {name: node for node in graph.node for name in node.output}
    users: dict[str, list[NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    for quantise in [n for n in graph.node if n.op_type == "DynamicQuantizeLinear"]:
        concat = makers.get(quantise.input[0])
        if concat is None or concat.op_type != "Concat" or len(users[concat.output[0]]) != 1:
            continue
        before, source, after = concat.input if len(concat.input) == 3 else ("", "", "")
        slices = [makers.get(before), makers.get(after)]
        pads = {s.input[0] for s in slices if s is not None and s.op_type == "Slice"}
        pad = makers.get(next(iter(pads))) if len(pads) == 1 else None
        if pad is not None and pad.op_type == "Pad" and pad.input[0] == source:
            yield _Shifting(pad, concat, quantise, source)
