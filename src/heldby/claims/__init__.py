"""Parsed reports to claims: relations, roles, attribution, modality, quantities."""

from heldby.claims.lexicon import Lexicon
from heldby.claims.read import RULES_VERSION, candidates_of, read_claims, silence

__all__ = ["RULES_VERSION", "Lexicon", "candidates_of", "read_claims", "silence"]
