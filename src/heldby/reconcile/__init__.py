"""Weigh voices, and infer who held a place from when to when."""

from heldby.reconcile.control import Kept, control_days, find_and_keep, find_control
from heldby.reconcile.grades import letter_of
from heldby.reconcile.hearing import Case
from heldby.reconcile.track import Vote, learn_records, month_of, next_month, vote_of
from heldby.reconcile.weights import Weights

__all__ = [
    "Case",
    "Kept",
    "Vote",
    "Weights",
    "control_days",
    "find_and_keep",
    "find_control",
    "learn_records",
    "letter_of",
    "month_of",
    "next_month",
    "vote_of",
]
