"""Who repeats whom, and which claims tell one happening."""

from heldby.relate.copies import relate_documents
from heldby.relate.episodes import find_episodes
from heldby.relate.voices import Related, relate, related_by, voices

__all__ = ["Related", "find_episodes", "relate", "relate_documents", "related_by", "voices"]
