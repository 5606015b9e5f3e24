"""Weigh voices, and infer who held a place from when to when."""

from heldby.reconcile.control import Case, control_days, find_control
from heldby.reconcile.weights import Weights

__all__ = ["Case", "Weights", "control_days", "find_control"]
