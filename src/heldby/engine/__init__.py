"""Where batches are worked on."""

from heldby.engine.local import Engine, LocalEngine

__all__ = ["Engine", "LocalEngine"]
