"""Weigh voices, and infer who held a place from when to when."""

from heldby.reconcile.control import control_days, find_control
from heldby.reconcile.grades import letter_of
from heldby.reconcile.hearing import Case
from heldby.reconcile.track import learn_records, month_of, vote_of
from heldby.reconcile.weights import Weights

__all__ = ["Case", "Weights", "control_days", "find_control", "learn_records", "letter_of", "month_of", "vote_of"]
