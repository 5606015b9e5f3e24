"""heldby: who holds which place, when, and according to whom."""
