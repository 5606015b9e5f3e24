"""The rules of the knowledge file `furniture`, checked and ready for use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from heldby.errors import KnowledgeError
from heldby.records.document import BlockKind

FILE = "knowledge/furniture.toml"
PLACES = ("whole", "start", "anywhere")
KINDS: dict[str, BlockKind] = {"furniture": "furniture", "caption": "caption", "byline": "byline"}
# Longer blocks are paragraphs whatever their words: no pattern is run over them.
MAX_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of block that is not the report's own text, and the patterns by which it is known."""

    kind: BlockKind
    reason: str
    where: str
    max_words: int
    patterns: tuple[re.Pattern[str], ...]

    def fits(self, words: str) -> bool:
        """Tell whether a block's words (whitespace folded, ' written as ’) fall under the rule."""
        if self.where == "whole":
            return any(pattern.fullmatch(words) for pattern in self.patterns)
        if self.where == "start":
            return any(pattern.match(words) for pattern in self.patterns)
        return any(pattern.search(words) for pattern in self.patterns)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRules:
    """All word knowledge that the document stage needs, made once by `read_rules` and handed to it."""

    rules: tuple[Rule, ...]
    tails: tuple[Rule, ...]
    labels: re.Pattern[str]
    agencies: re.Pattern[str]
    after: re.Pattern[str]
    before: re.Pattern[str]
    languages: Mapping[str, frozenset[str]]
    coming: re.Pattern[str]

    def judge(self, text: str) -> tuple[BlockKind, str] | None:
        """Return kind and reason of a block that is not the report's own text, or None."""
        if len(text) > MAX_CHARACTERS:
            return None
        words = " ".join(text.split()).replace("'", "’")
        count = words.count(" ") + 1
        for rule in self.rules:
            if count <= rule.max_words and rule.fits(words):
                return rule.kind, rule.reason
        return None


def read_rules(tables: Mapping[str, Any]) -> DocumentRules:
    """Return the rules in the tables of `furniture.toml`; raises KnowledgeError for a missing or wrong one."""
    try:
        opening = tables["opening"]
        return DocumentRules(
            rules=tuple(_rule(table) for table in tables["rule"]),
            tails=tuple(_rule({"where": "anywhere", "max_words": 0, **table}) for table in tables["tail"]),
            labels=_any_of(opening["labels"]),
            agencies=_any_of([re.escape(name) for name in opening["agencies"]], flags=0),
            after=_any_of(opening["after"]),
            before=_any_of(opening["before"]),
            languages={code: frozenset(words) for code, words in tables["language"].items()},
            coming=re.compile(rf"\b(?:{'|'.join(map(re.escape, tables['time']['coming']))})\b", re.IGNORECASE),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise _wrong(f"a table or field is missing or of the wrong kind: {error}") from error


def _rule(table: Mapping[str, Any]) -> Rule:
    if table["kind"] not in KINDS or table["where"] not in PLACES:
        raise _wrong(f"kind must be one of {', '.join(KINDS)} and where one of {', '.join(PLACES)}")
    patterns = tuple(_pattern(text) for text in table["patterns"])
    return Rule(KINDS[table["kind"]], table["reason"], table["where"], table["max_words"], patterns)


def _any_of(alternatives: Sequence[str], *, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    return _pattern(f"(?:{'|'.join(alternatives)})(?![a-z])", flags=flags)


def _pattern(text: str, *, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    try:
        return re.compile(text, flags | re.DOTALL)
    except re.error as error:
        raise _wrong(f"the pattern {text!r} is no regular expression ({error})") from error


def _wrong(what: str) -> KnowledgeError:
    return KnowledgeError(f"The knowledge file cannot be used: {what}.", where=FILE, remedy="Correct or restore it.")
