"""Trains the claim heads on the finished eight-bit encoder, which stays as it is.

python training/claims.py --shared ../shared --run build/reader --model src/heldby/language/model
python training/claims.py ... --folds 0 1 2 3 4     (each without a fifth of the documents, into build/reader/fold-N)

The three upper layers start as copies of the encoder's own and learn, over a few sentences at once, which words tell
a claim and which words fill its roles; the three lower layers are the encoder's, in eight bits, as heldby runs them.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from claim_corpus import Annotated, Lesson, Told, invented, lessons, paragraphs, place_names, renamed
from claim_network import HIDDEN, MODALITIES, RELATIONS, ROLES, ClaimNetwork, Telling
from export import write_module
from heldby.knowledge import read_knowledge
from heldby.language import Reader
from heldby.language.component import NAME, ReaderComponent
from heldby.language.links import Window, numbers, windows
from heldby.settings import load_settings
from heldby.stages import KNOWLEDGE, open_reader
from network import Labels, Network
from quantise import quantise

# Of each document, its lessons: see taught().
Taught = Sequence[Sequence[Lesson]]
FOLDS = 5
VARIANTS = 5
_WIDTH = 384


@dataclass(frozen=True, slots=True)
class Plan:
    """Settings of the claim heads' training."""

    seed: int = 20161211
    epochs: int = 8
    words_a_batch: int = 320
    layer_rate: float = 2e-4
    head_rate: float = 1e-3
    warmup: float = 0.05
    decay: float = 0.01
    average: float = 0.995
    # of a document as written, stripped, twice with other names, and with other names and stripped
    shares: tuple[float, ...] = (0.35, 0.25, 0.15, 0.1, 0.15)


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows side by side: words [batch, words, width], numbers and what is said of each word and each teller."""

    words: Tensor
    sentence: Tensor
    said: Tensor
    fresh: Tensor
    triggers: Tensor
    told: list[list[tuple[int, Told, dict[int, int]]]]
    encyclopedic: Tensor


def main() -> None:
    """Trains on all documents, or for each fold on those left in, and writes the heads into the model folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--reports", type=Path, default=Path(__file__).parent / "reports")
    parser.add_argument("--run", type=Path, required=True, help="folder with checkpoint.pt and labels.json")
    parser.add_argument("--model", type=Path, required=True, help="the model folder to complete")
    parser.add_argument(
        "--folds", type=int, nargs="*", help="leave out each of these fifths; written into RUN/fold-N"
    )
    parser.add_argument("--epochs", type=int, default=Plan().epochs)
    parser.add_argument("--variants", type=int, default=VARIANTS, help="how many variants of each document to read")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    plan = Plan(epochs=arguments.epochs, shares=Plan().shares[: arguments.variants])
    write_labels(arguments.model)
    if not (arguments.model / "heads" / "telling.onnx").exists():
        export(start(arguments.run, plan), arguments.model)
    documents, folds = annotated(arguments.shared, arguments.reports)
    lessons = taught(documents, arguments.model, plan)
    for fold in arguments.folds or [None]:
        kept = [lesson for lesson, number in zip(lessons, folds, strict=True) if number != fold]
        network = start(arguments.run, plan)
        history = train(network, kept, plan)
        folder = arguments.model
        if fold is not None:
            folder = arguments.run / f"fold-{fold}"
            shutil.copytree(arguments.model, folder, dirs_exist_ok=True)
        export(network, folder)
        course = {"plan": asdict(plan), "documents": len(kept), "history": history}
        name = "claims-all.json" if fold is None else f"claims-{fold}.json"
        (arguments.run / name).write_text(json.dumps(course, indent=1) + "\n", encoding="utf-8")


def annotated(shared: Path, reports: Path) -> tuple[list[Annotated], list[int]]:
    """Returns the annotated documents of both corpora, and the fold of each."""
    corpora = [paragraphs(shared / "gold"), invented(reports)]
    placed = [(one, place % FOLDS) for corpus in corpora for place, one in enumerate(corpus)]
    return [one for one, _ in placed], [fold for _, fold in placed]


def taught(documents: Sequence[Annotated], model: Path, plan: Plan) -> Taught:
    """Returns the lessons of each document: as it is written, with its commas, quotes and apostrophes stripped, and
    both again with other names for its places."""
    settings = load_settings()
    reader = keeping_reader(model)
    rng = random.Random(plan.seed)
    names = place_names(documents)
    variants = [list(documents), [one.stripped() for one in documents]]
    variants += [[renamed(one, names, rng) for one in documents] for _ in range(2)]
    variants.append([renamed(one, names, rng).stripped() for one in documents])
    read = [lessons(variant, reader, settings=settings) for variant in variants[: len(plan.shares)]]
    claims = sum(len(one.claims) for one in documents)
    print(f"{len(documents)} documents, {claims} claims, {sum(len(one.claims) for one in read[0])} found", flush=True)
    return list(zip(*read, strict=True))


def keeping_reader(model: Path) -> Reader:
    """Returns heldby's reader with the model of a folder, keeping the words of the middle layer."""
    tables = {name: read_knowledge(name) for name in KNOWLEDGE}
    reader = open_reader(load_settings(), tables, model=model)
    component = reader.nlp.get_pipe(NAME)
    if not isinstance(component, ReaderComponent):
        raise SystemExit("the claim heads are trained with heldby's own reader; leave spacy_pipeline unset")
    component.keep_middle = True
    return reader


def start(run: Path, plan: Plan) -> ClaimNetwork:
    """Returns claim heads whose layers are the upper layers of a trained reading model."""
    torch.manual_seed(plan.seed)
    labels = Labels(**{name: tuple(values) for name, values in json.loads((run / "labels.json").read_text()).items()})
    network = Network(labels)
    network.load_state_dict(torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True))
    return ClaimNetwork(network.encoder)


def write_labels(model: Path) -> None:
    """Names the outputs of the claim heads in the model's labels."""
    path = model / "labels.json"
    labels = json.loads(path.read_text(encoding="utf-8"))
    labels |= {"triggers": list(RELATIONS), "modalities": list(MODALITIES), "roles": list(ROLES)}
    path.write_text(json.dumps(labels, indent=1) + "\n", encoding="utf-8")


def train(network: ClaimNetwork, taught: Taught, plan: Plan) -> list[dict[str, float]]:
    """Learns in place (the weights end as their moving average) and returns the mean losses of each epoch."""
    rng = random.Random(plan.seed)
    layers = list(network.layers.parameters())
    known = {id(parameter) for parameter in layers}
    heads = [parameter for parameter in network.parameters() if id(parameter) not in known]
    groups = [{"params": layers, "lr": plan.layer_rate}, {"params": heads, "lr": plan.head_rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=plan.decay, fused=True)
    steps = plan.epochs * len(list(batches(taught, plan, random.Random(0))))
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps, plan.warmup))
    parameters = list(network.parameters())
    averaged = [parameter.detach().clone() for parameter in parameters]
    history, seen = [], 0
    for epoch in range(plan.epochs):
        began, totals = time.monotonic(), Counter[str]()
        network.train()
        count = 0
        for batch in batches(taught, plan, rng):
            found = losses(network, batch)
            sum(found.values(), torch.zeros(())).backward()
            torch.nn.utils.clip_grad_norm_(parameters, 2.0)
            optimizer.step()
            scheduler.step()
            optimizer.zero_grad()
            seen, count = seen + 1, count + 1
            kept = min(plan.average, (1 + seen) / (10 + seen))
            torch._foreach_lerp_(averaged, [parameter.detach() for parameter in parameters], 1 - kept)
            totals.update({name: value.item() for name, value in found.items()})
        means = {name: round(value / count, 4) for name, value in totals.items()}
        history.append({"epoch": epoch + 1, "seconds": round(time.monotonic() - began), **means})
        print(json.dumps(history[-1]), flush=True)
    with torch.no_grad():
        for parameter, mean in zip(parameters, averaged, strict=True):
            parameter.copy_(mean)
    network.eval()
    return history


def _rate(step: int, steps: int, warmup: float) -> float:
    warm = max(1, int(warmup * steps))
    return min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))


def batches(taught: Taught, plan: Plan, rng: random.Random) -> Iterator[Batch]:
    """Yields the windows of all documents, each document in one of its variants, those of like length together."""
    found: list[tuple[Lesson, Window, int]] = []
    for variants in taught:
        (lesson,) = rng.choices(variants, plan.shares)
        lengths = [len(sentence) for sentence in lesson.sentences]
        found += [(lesson, window, sum(lengths[window.first : window.last])) for window in windows(lengths)]
    found.sort(key=lambda one: one[2] + 10 * rng.random())
    groups: list[list[tuple[Lesson, Window, int]]] = []
    widest = 0
    for one in found:
        widest = max(widest, one[2])
        if not groups or (len(groups[-1]) + 1) * widest > plan.words_a_batch:
            groups.append([])
            widest = one[2]
        groups[-1].append(one)
    rng.shuffle(groups)
    for group in groups:
        yield collate([(lesson, window) for lesson, window, _ in group])


def collate(group: Sequence[tuple[Lesson, Window]]) -> Batch:
    """Pads windows into one batch."""
    rows = [np.concatenate(lesson.sentences[window.first : window.last]) for lesson, window in group]
    most = max(len(row) for row in rows)
    batch = Batch(
        words=torch.zeros(len(group), most, _WIDTH),
        sentence=torch.zeros(len(group), most, dtype=torch.long),
        said=torch.zeros(len(group), most, dtype=torch.bool),
        fresh=torch.zeros(len(group), most, dtype=torch.bool),
        triggers=torch.zeros(len(group), most, len(RELATIONS)),
        told=[],
        encyclopedic=torch.tensor([lesson.encyclopedic for lesson, _ in group]),
    )
    for place, (lesson, window) in enumerate(group):
        lengths = [len(sentence) for sentence in lesson.sentences]
        starts = np.cumsum([0, *lengths])
        first, fresh, last = (int(starts[edge]) for edge in (window.first, window.fresh, window.last))
        count = last - first
        batch.words[place, :count] = torch.from_numpy(rows[place])
        batch.sentence[place, :count] = torch.from_numpy(numbers(lengths[window.first : window.last]))
        batch.said[place, :count] = True
        batch.fresh[place, fresh - first : count] = True
        here = {word: word - first for word in range(first, last)}
        tellers: dict[int, list[Told]] = {}
        for claim in lesson.claims:
            for word in claim.trigger:
                if fresh <= word < last:
                    batch.triggers[place, word - first, claim.relation] = 1.0
                    tellers.setdefault(word, []).append(claim)
        batch.told.append([(word - first, claim, here) for word, claims in tellers.items() for claim in claims])
    return batch


def losses(network: ClaimNetwork, batch: Batch) -> dict[str, Tensor]:
    """Returns the loss of each head."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        bias = (~batch.said)[:, None, None, :].float() * HIDDEN
        hidden = network(batch.words, batch.sentence, bias)
        scores = network.triggers(hidden).float()
        found = {
            "triggers": 10
            * functional.binary_cross_entropy_with_logits(scores[batch.fresh], batch.triggers[batch.fresh])
        }
        pairs = [_pair_losses(network, hidden[row], batch, row) for row in range(len(batch.told)) if batch.told[row]]
        if not pairs:
            return found
        tellers = sum(len(told) for told in batch.told)
        for name in ("roles", "part", "modality", "background"):
            found[name] = sum((pair[name] for pair in pairs), torch.zeros(())) / tellers
    return found


def _pair_losses(network: ClaimNetwork, hidden: Tensor, batch: Batch, row: int) -> dict[str, Tensor]:
    """Returns the summed losses of one window's tellers."""
    told = batch.told[row]
    length = int(batch.said[row].sum())
    vectors = hidden[:length]
    anchors = torch.tensor([word for word, _, _ in told])
    scores, part = network.pairs(vectors, batch.sentence[row, :length], anchors)
    wanted = torch.zeros(len(told), 1 + length, len(ROLES), dtype=torch.bool)
    weight = torch.ones(len(told), len(ROLES))
    for place, (told_at, claim, here) in enumerate(told):
        for number, role in enumerate(ROLES):
            seen = [here[word] for word in claim.roles.get(role, ()) if word in here]
            inside = [1 + place for place in seen if batch.sentence[row, place] <= batch.sentence[row, told_at]]
            wanted[place, inside or [0], number] = True
            weight[place, number] = float(bool(inside) or not (claim.roles.get(role) or role in claim.unsaid))
    # any word of any mention is as right as another: their shares count together
    likely = scores.float().log_softmax(1)
    chosen = -likely.masked_fill(~wanted, -1e4).logsumexp(1)
    share = wanted[:, 1:, 0].float() / wanted[:, 1:, 0].sum(1, keepdim=True).clamp(min=1)
    parts = torch.tensor([[float(claim.part)] for _, claim, _ in told]).expand(-1, length)
    partly = functional.binary_cross_entropy_with_logits(part.float(), parts, reduction="none")
    modality = functional.cross_entropy(
        network.modality(vectors[anchors]).float(),
        torch.tensor([claim.modality for _, claim, _ in told]),
        reduction="sum",
    )
    background = functional.binary_cross_entropy_with_logits(
        network.background(vectors[anchors]).float()[:, 0],
        torch.tensor([float(claim.background) for _, claim, _ in told]),
        reduction="sum",
    )
    # in the encyclopedic paragraphs nearly all is told as history, and history means something else
    return {
        "roles": (chosen * weight).sum() / len(ROLES),
        "part": (partly * share).sum(),
        "modality": 0.5 * modality,
        "background": (0.0 if batch.encyclopedic[row] else 0.5) * background,
    }


def export(network: ClaimNetwork, model: Path) -> None:
    """Writes heads/telling.onnx, its layers in eight bits, and heads/linking.onnx."""
    network.eval()
    words, number = torch.randn(7, _WIDTH), torch.tensor([0, 0, 0, 1, 1, 1, 1])
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "telling.onnx"
        outputs = ["vectors", "triggers", "modality", "background"]
        axes = {name: {0: "words"} for name in ("words", "sentence", *outputs)}
        write_module(Telling(network), (words, number), whole, ["words", "sentence"], outputs, axes)
        quantise(whole, model / "heads" / "telling.onnx")
    anchors = torch.tensor([2, 5])
    axes = {"vectors": {0: "words"}, "sentence": {0: "words"}, "anchors": {0: "anchors"}}
    axes |= {"roles": {0: "anchors", 1: "places"}, "part": {0: "anchors", 1: "words"}}
    names = ["vectors", "sentence", "anchors"]
    write_module(
        network.pairs, (words, number, anchors), model / "heads" / "linking.onnx", names, ["roles", "part"], axes
    )


if __name__ == "__main__":
    main()
