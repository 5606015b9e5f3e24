"""Fits the weights by which a doer that no words name is implied or left open; prints them for resolve/opponents.py.

python training/implied.py --shared ../shared --model src/heldby/language/model

Every side around a claim is a choice, leaving the doer open is one more: a softmax over their evidence, penalised.
The documents are those of training/reports with its further ones, and the annotated paragraphs; the claim heads have
seen all but the further ones. Annotators differ in how much they imply, so that no group of documents is left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claim_corpus import Annotated, invented, paragraphs, read_documents
from claims import keeping_reader
from heldby.claims import read_claims
from heldby.knowledge import read_knowledge
from heldby.records import Claim, Party, Reading
from heldby.resolve.actors import ActorBook
from heldby.resolve.opponents import ACTOR_EVIDENCE, OPEN_ACTOR, Case, actor_cases
from heldby.resolve.parties import says_nobody
from heldby.resolve.scene import Scene, read_scene
from heldby.resolve.stage import resolve_readings
from heldby.settings import load_settings
from heldby.stages import KNOWLEDGE, open_lexicon, open_resolver

_PENALTY = 3.0
_STEPS = 400
_RATE = 0.1
Row = dict[str, Any]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """One doer to imply: evidence of each side [sides, evidence], which are right, evidence for leaving it open."""

    sides: Numbers
    right: NDArray[np.bool_]
    open: Numbers


def main() -> None:
    """Reads, fits and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--reports", type=Path, default=Path(__file__).parent / "reports")
    parser.add_argument("--model", type=Path, required=True)
    arguments = parser.parse_args()
    documents = [*paragraphs(arguments.shared / "gold"), *invented(arguments.reports)]
    documents += invented(arguments.reports / "further")
    settings = load_settings()
    tables = {name: read_knowledge(name) for name in KNOWLEDGE}
    resolver = open_resolver(settings, tables=tables)
    read = read_documents(documents, keeping_reader(arguments.model), settings=settings)
    readings = resolve_readings(read_claims(read, lexicon=open_lexicon(tables, resolver)), resolver=resolver)
    pairs = zip(documents, readings, strict=True)
    choices = [choice for one, reading in pairs for choice in choices_of(one, reading, book=resolver.actors)]
    report(choices, fitted(choices))


def choices_of(one: Annotated, reading: Reading, *, book: ActorBook) -> Iterator[Choice]:
    """Yields the doers of a document that resolution has to imply, where an annotated claim tells the answer."""
    countries = [claim.place.place.country for claim in reading.claims if claim.place.place]
    scene = read_scene(reading, book=book, countries=countries)
    claims = tuple(_bare(claim) for claim in reading.claims)
    for claim in claims:
        wanted = next((row for row in one.claims if _same(claim, row)), None)
        if wanted is None or not says_nobody(claim.actor, book=book):
            continue
        cases = actor_cases(claim, claims=claims, scene=scene, book=book)
        yield Choice(
            sides=np.array([[measure(case) for _, _, measure in ACTOR_EVIDENCE] for case in cases]).reshape(
                len(cases), len(ACTOR_EVIDENCE)
            ),
            right=np.array([_is_meant(case, wanted, scene) for case in cases], dtype=np.bool_),
            open=np.array([float(holds(claim)) for _, holds in OPEN_ACTOR]),
        )


def _bare(claim: Claim) -> Claim:
    def told(party: Party) -> Party:
        return Party(mention=party.mention) if party.reason.startswith("Implied:") else party

    return replace(claim, actor=told(claim.actor), opponent=told(claim.opponent))


def _same(claim: Claim, row: Row) -> bool:
    place = claim.place.name_text or claim.place.mention.text
    return (
        claim.relation == row["relation"]
        and (claim.trigger.text in row["trigger"] or row["trigger"] in claim.trigger.text)
        and (place in row["place"] or row["place"] in place)
        and (claim.sentence.text in row["sentence"] or row["sentence"] in claim.sentence.text)
    )


def _is_meant(case: Case, row: Row, scene: Scene) -> bool:
    if not row["actor"]:
        return False
    found = {match.actor_id for match in case.book.find(row["actor"], on=scene.day)}
    plain = {name.casefold() for name in row["actor"].split(" and ")}
    general = "rebels" in plain and "rebel" in case.book.classes(case.candidate)
    return case.candidate in found or case.book.name(case.candidate).casefold() in plain or general


def fitted(choices: Sequence[Choice]) -> Numbers:
    """Returns the weights of the sides' evidence, then those of leaving the doer open, by Adam on all choices."""
    split = len(ACTOR_EVIDENCE)
    weights = np.zeros(split + len(OPEN_ACTOR))
    mean, spread = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        slope = -_PENALTY * weights
        for choice in choices:
            shares = _shares(choice, weights)
            wanted = np.append(shares[:-1] * choice.right, 0.0)
            wanted = wanted / wanted.sum() if choice.right.any() else np.append(np.zeros(len(choice.right)), 1.0)
            miss = wanted - shares
            slope[:split] += choice.sides.T @ miss[:-1]
            slope[split:] += choice.open * miss[-1]
        mean, spread = 0.9 * mean + 0.1 * slope, 0.99 * spread + 0.01 * slope * slope
        pace = _RATE * (1 - step / _STEPS) / (1 - 0.9**step)
        weights += pace * mean / (np.sqrt(spread / (1 - 0.99**step)) + 1e-8)
    return weights


def _shares(choice: Choice, weights: Numbers) -> Numbers:
    split = len(ACTOR_EVIDENCE)
    scores = np.append(choice.sides @ weights[:split], choice.open @ weights[split:])
    shares = np.exp(scores - scores.max())
    result: Numbers = shares / shares.sum()
    return result


def report(choices: Sequence[Choice], weights: Numbers) -> None:
    """Prints the weights, and how many doers they and the present ones tell right."""
    split = len(ACTOR_EVIDENCE)
    for (name, old, _), new in zip(ACTOR_EVIDENCE, weights[:split], strict=True):
        print(f"{new:6.2f}  (now {old:5.2f})  {name}")
    for number, ((old, _), new) in enumerate(zip(OPEN_ACTOR, weights[split:], strict=True)):
        print(f"{new:6.2f}  (now {old:5.2f})  open, row {number}")
    now = np.array([weight for _, weight, _ in ACTOR_EVIDENCE] + [weight for weight, _ in OPEN_ACTOR])
    print(f"{len(choices)} doers; right now {right(choices, now)}, fitted {right(choices, weights)}")


def right(choices: Iterable[Choice], weights: Numbers) -> int:
    """Returns how many doers some weights tell right."""
    count = 0
    for choice in choices:
        best = int(_shares(choice, weights).argmax())
        count += bool(choice.right[best]) if best < len(choice.right) else not choice.right.any()
    return count


if __name__ == "__main__":
    main()
