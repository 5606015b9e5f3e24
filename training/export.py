"""Writes a trained network as ONNX: the encoder in int8 and, for measuring, in float; one file for each head."""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from lemmas import lemma_table
from network import Encoder, Labels, Network
from quantise import quantise
from train import packaged_encoder

OPSET = 17


class SmallEmbedding(nn.Module):
    """An embedding table kept in eight bits, with one scale for each row."""

    def __init__(self, table: nn.Embedding) -> None:
        super().__init__()
        weight = table.weight.detach()
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("rows", (weight / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        """[batch, pieces] to [batch, pieces, width]."""
        rows = torch.index_select(self.rows, 0, ids.flatten()).to(torch.float32)
        scale = torch.index_select(self.scale, 0, ids.flatten())
        return (rows * scale).reshape(ids.shape[0], ids.shape[1], -1)


def main() -> None:
    """Exports a checkpoint folder made by train.py."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder with checkpoint.pt and labels.json")
    parser.add_argument("--out", type=Path, required=True, help="the model folder to write")
    parser.add_argument("--float", type=Path, required=True, help="folder for the encoder in float (measuring only)")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--encoder", type=Path, default=None)
    arguments = parser.parse_args()
    export(arguments.run, arguments.out, arguments.float, arguments.shared, arguments.encoder or packaged_encoder())


def export(run: Path, out: Path, float_out: Path, shared: Path, encoder: Path) -> None:
    """Writes encoder.int8.onnx, heads/*.onnx, labels.json, pieces.json and lemmas.json.gz into out."""
    labels = Labels(**{name: tuple(values) for name, values in json.loads((run / "labels.json").read_text()).items()})
    network = Network(labels)
    network.load_state_dict(torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True))
    network.eval()
    (out / "heads").mkdir(parents=True, exist_ok=True)
    float_out.mkdir(parents=True, exist_ok=True)
    write_encoder(network, float_out / "encoder.onnx")
    with tempfile.TemporaryDirectory() as scratch:
        small = Path(scratch) / "encoder.onnx"
        network.encoder.words = SmallEmbedding(network.encoder.words)
        write_encoder(network, small)
        quantise(small, out / "encoder.int8.onnx")
    for name in ("tags", "fine", "arcs", "relations"):  # entities: entities.py; claims: claims.py
        write_head(network, name, out / "heads" / f"{name}.onnx")
    (out / "labels.json").write_text(json.dumps({k: list(v) for k, v in vars_of(labels).items()}, indent=1) + "\n")
    shutil.copyfile(encoder / "tokenizer.json", out / "pieces.json")
    shutil.copyfile(Path(__file__).parent / "MODEL_CARD.md", out / "MODEL_CARD.md")
    table = json.dumps(lemma_table(shared), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (out / "lemmas.json.gz").write_bytes(gzip.compress(table.encode(), mtime=0))


def vars_of(labels: Labels) -> dict[str, tuple[str, ...]]:
    """Returns the label lists by name."""
    return {name: getattr(labels, name) for name in labels.__dataclass_fields__}


class BothEnds(nn.Module):
    """The encoder with both of its outputs."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Tensor, cases: Tensor, first: Tensor) -> tuple[Tensor, Tensor]:
        """See Encoder.both."""
        return self.encoder.both(ids, cases, first)


def write_encoder(network: Network, path: Path) -> None:
    """Exports ids, cases, first (int64) to words and middle (float32 [batch, words, width])."""
    ids = torch.tensor([[101, 2000, 2001, 102], [101, 2003, 102, 0]])
    example = (ids, torch.ones_like(ids), torch.tensor([[1, 2], [1, 0]]))
    batch_pieces = {0: "batch", 1: "pieces"}
    axes = {
        "ids": batch_pieces,
        "cases": batch_pieces,
        "first": {0: "batch", 1: "words"},
        "words": {0: "batch", 1: "words"},
        "middle": {0: "batch", 1: "words"},
    }
    write_module(BothEnds(network.encoder), example, path, ["ids", "cases", "first"], ["words", "middle"], axes)


def write_head(network: Network, name: str, path: Path) -> None:
    """Exports one head: words (and heads, for relations) to scores."""
    words = torch.randn(2, 5, 384)
    example: tuple[Tensor, ...] = (words,)
    names = ["words"]
    if name == "relations":
        example, names = (words, torch.tensor([[0, 1, 2, 3, 4], [2, 0, 2, 3, 1]])), ["words", "heads"]
    axes = {given: {0: "batch", 1: "words"} for given in names}
    axes["scores"] = {0: "batch", 1: "words", 2: "places"} if name == "arcs" else {0: "batch", 1: "words"}
    write_module(getattr(network, name), example, path, names, ["scores"], axes)


def write_module(
    module: nn.Module,
    example: tuple[Tensor, ...],
    path: Path,
    inputs: list[str],
    outputs: list[str],
    axes: dict[str, dict[int, str]],
) -> None:
    """Exports a module whose inputs and outputs change their length along the named axes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            example,
            str(path),
            input_names=inputs,
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
    onnx.checker.check_model(str(path))


if __name__ == "__main__":
    main()
