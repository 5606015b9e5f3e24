"""Reads English text into spaCy Docs: words, tags, a dependency tree, entities and words that carry claims."""

from heldby.language.component import READ, TRIGGER, TRIGGER_LABELS
from heldby.language.reader import Reader, build, load
from heldby.language.relevance import carries

__all__ = ["READ", "TRIGGER", "TRIGGER_LABELS", "Reader", "build", "carries", "load"]
