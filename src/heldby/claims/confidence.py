"""How likely a careful reader would accept a claim, from named pieces of evidence.

A logistic model: each piece of evidence is a number, its weight is data (`knowledge/confidence.toml`, fitted by
`training/confidence.py` on annotated reports that the reading model had not seen).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from typing import Any

from heldby.errors import KnowledgeError
from heldby.records.claim import Evidence

Features = Mapping[str, float]
# Contributions smaller than this are not told.
LEAST_TOLD = 0.2


@dataclass(frozen=True, slots=True)
class Weights:
    """A bias and a weight for each piece of evidence, on the scale of log odds."""

    bias: float
    each: Mapping[str, float]

    def probability(self, features: Features) -> float:
        """Return the probability (0 to 1); evidence without a weight does not count."""
        odds = self.bias + sum(self.each.get(name, 0.0) * value for name, value in features.items())
        return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, odds))))


@dataclass(frozen=True, slots=True)
class Scale:
    """Weights of the evidence for a claim and for its place, and the least probability of each and of both."""

    claim: Weights
    place: Weights
    least: float
    least_place: float
    further_place: float
    least_both: float


@dataclass(frozen=True, slots=True)
class Confidence:
    """The scale where the reading model's claim heads speak, and that where they do not."""

    read: Scale
    unread: Scale
    reasons: Mapping[str, str]

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Confidence:
        """Build it from confidence.toml; raises KnowledgeError where a table or a number is missing."""
        try:
            return cls(_scale(table["read"]), _scale(table["unread"]), dict(table["reasons"]))
        except (KeyError, TypeError, ValueError) as error:
            raise KnowledgeError(
                f"Not a table of weights ({error!r}).",
                where="confidence.toml",
                remedy="Restore the file, or write it anew with training/confidence.py.",
            ) from error

    def evidence(self, weights: Weights, features: Features) -> tuple[Evidence, ...]:
        """Return what spoke for and against, the strongest first; weights are shares of the log odds."""
        parts = [(weights.each.get(name, 0.0) * value, name) for name, value in features.items()]
        told = sorted(
            (part for part in parts if abs(part[0]) >= LEAST_TOLD), key=lambda part: (-abs(part[0]), part[1])
        )
        return tuple(
            Evidence(name=name, weight=round(weight, 3), reason=self.reasons.get(name, name)) for weight, name in told
        )


def _scale(table: Mapping[str, Any]) -> Scale:
    return Scale(
        claim=_weights(table["claim"]),
        place=_weights(table["place"]),
        least=float(table["least"]),
        least_place=float(table["least_place"]),
        further_place=float(table["further_place"]),
        least_both=float(table["least_both"]),
    )


def _weights(table: Mapping[str, Any]) -> Weights:
    return Weights(float(table["bias"]), {name: float(value) for name, value in table["weights"].items()})
