"""Captured bytes to reports: clean text whose blocks know their place in the captured text, and where it is from."""

from heldby.document.captured import captured_text
from heldby.document.rules import DocumentRules, read_rules
from heldby.document.stage import RULES_VERSION, make_documents

__all__ = ["RULES_VERSION", "DocumentRules", "captured_text", "make_documents", "read_rules"]
