"""The settings of lineage, as `knowledge/lineage.toml` gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from heldby.errors import KnowledgeError
from heldby.relate.names import fold_name

FILE = "lineage.toml"
CREDITED_KINDS = frozenset({"news_agency", "state_media"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """When two texts are copies; the fields are explained in `knowledge/lineage.toml`."""

    permutations: int = 128
    bands: int = 64
    far_bands: int = 12
    shingle_words: int = 3
    share: float = 0.3
    own_share: float = 0.2
    sure_share: float = 0.8
    fewest_shingles: int = 12
    candidates: int = 32
    longest_words: int = 20_000
    days: int = 7

    @classmethod
    def from_table(cls, table: Mapping[str, Any], *, name: str) -> Likeness:
        """Build from a table; raises KnowledgeError for unknown fields and for bands that do not fit."""
        strange = sorted(set(table) - {field.name for field in fields(cls)})
        if strange:
            raise KnowledgeError(f"[{name}] has no field {strange[0]!r}.", where=FILE, remedy="Correct or remove it.")
        likeness = cls(**table)
        if likeness.bands < 1 or likeness.permutations % likeness.bands:
            raise KnowledgeError(
                f"[{name}] cannot put {likeness.permutations} permutations into {likeness.bands} bands.",
                where=FILE,
                remedy="Make `permutations` a multiple of `bands`.",
            )
        if not 0 <= 2 * likeness.far_bands <= likeness.bands:
            raise KnowledgeError(
                f"[{name}] cannot make {likeness.far_bands} far bands of {likeness.bands}.",
                where=FILE,
                remedy="Make `far_bands` at most half of `bands`.",
            )
        return likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRule:
    """Patterns of a line that credits somebody; the group `name` holds the name of whom."""

    where: str
    weight: int
    reason: str
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerWords:
    """The words of [speakers], folded; `offices` and `same` lead from each spelling to the first of its row. Of the
    offices the `local` ones are held at a place, the others for a state."""

    local: frozenset[str] = frozenset()
    institutions: frozenset[str] = frozenset()
    offices: Mapping[str, str] = field(default_factory=dict)
    speaks_for: frozenset[str] = frozenset()
    nobody: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()
    same: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> SpeakerWords:
        """Build from the table."""
        offices = (*table.get("local_offices", ()), *table.get("offices", ()))
        return cls(
            local=frozenset(row[0] for row in table.get("local_offices", ())),
            institutions=frozenset(map(fold_name, table.get("institutions", ()))),
            offices={fold_name(name): row[0] for row in offices for name in row},
            speaks_for=frozenset(map(fold_name, table.get("speaks_for", ()))),
            nobody=frozenset(map(fold_name, table.get("nobody", ()))),
            titles=frozenset(map(fold_name, table.get("titles", ()))),
            empty=frozenset(map(fold_name, table.get("empty", ()))),
            same={fold_name(name): row[0] for row in table.get("same", ()) for name in row},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageRules:
    """All settings of lineage. Those of `LineageRules()` know no agency and no office, and compare texts as the
    file that heldby ships says."""

    seed: int = 1
    own_voice: str = "outlet"
    documents: Likeness = field(default_factory=Likeness)
    sentences: Likeness = field(
        default_factory=lambda: Likeness(
            shingle_words=2,
            share=0.7,
            own_share=0.6,
            sure_share=0.0,
            fewest_shingles=7,
            longest_words=400,
            days=30,
        )
    )
    credits: tuple[CreditRule, ...] = ()
    unnamed_agencies: CreditRule | None = None
    # What a line that credits an agency by name has in it, and what one that names none has in it (without case).
    agency_names: tuple[str, ...] = ()
    agency_words: tuple[str, ...] = ()
    speakers: SpeakerWords = field(default_factory=SpeakerWords)
    # Names of voices, folded, with the id of each; the names of those that a credit line may name stand in `credits`.
    source_ids: Mapping[str, str] = field(default_factory=dict)
    source_names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_tables(cls, table: Mapping[str, Any], *, sources: Mapping[str, Any]) -> LineageRules:
        """Build from the tables of `lineage.toml` and `sources.toml`.

        Raises KnowledgeError for a setting that makes no sense.
        """
        entries = sources.get("source", ())
        if table.get("own_voice", "outlet") not in {"outlet", "report"}:
            raise KnowledgeError("own_voice is neither outlet nor report.", where=FILE, remedy="Use one of them.")
        credited = [entry for entry in entries if entry.get("kind") in CREDITED_KINDS]
        names = sorted({name for entry in credited for name in _names(entry)}, key=lambda name: (-len(name), name))
        agency = f"(?P<name>{'|'.join(re.escape(name) for name in names) or '(?!)'})"
        unnamed = table.get("unnamed_agencies", {})
        nameless = f"(?P<name>{'|'.join(map(re.escape, unnamed.get('words', ()))) or '(?!)'})"
        rules = table.get("credit", ())
        return cls(
            seed=table.get("seed", 1),
            own_voice=table.get("own_voice", "outlet"),
            documents=Likeness.from_table(table.get("documents", {}), name="documents"),
            sentences=Likeness.from_table(table.get("sentences", {}), name="sentences"),
            credits=tuple(_credit(rule, agency=agency, flags=0) for rule in rules),
            agency_names=tuple(names),
            agency_words=tuple(word.casefold() for word in unnamed.get("words", ())),
            unnamed_agencies=_unnamed(rules, unnamed, agency=nameless) if unnamed else None,
            speakers=SpeakerWords.from_table(table.get("speakers", {})),
            source_ids={fold_name(name): entry["id"] for entry in entries for name in _names(entry)},
            source_names={entry["id"]: entry["name"] for entry in entries},
        )


def _names(entry: Mapping[str, Any]) -> Iterable[str]:
    """Return the names of a voice, and those in capitals as a sign-off has them."""
    names = (entry["name"], *entry.get("aliases", ()))
    return {*names, *(name.upper() for name in names)}


def _credit(rule: Mapping[str, Any], *, agency: str, flags: int) -> CreditRule:
    try:
        patterns = tuple(_compile(pattern, agency, flags) for pattern in rule["patterns"])
        return CreditRule(where=rule["where"], weight=rule["weight"], reason=rule["reason"], patterns=patterns)
    except (KeyError, re.error) as error:
        raise KnowledgeError(
            f"A [[credit]] cannot be used ({error!r}).", where=FILE, remedy="Correct its patterns and fields."
        ) from error


def _unnamed(rules: Iterable[Mapping[str, Any]], table: Mapping[str, Any], *, agency: str) -> CreditRule:
    patterns = [_compile(pattern, agency, re.IGNORECASE) for rule in rules for pattern in rule["patterns"]]
    return CreditRule(where="any", weight=1, reason=table["reason"], patterns=tuple(patterns))


def _compile(pattern: str, agency: str, flags: int) -> re.Pattern[str]:
    # Names count in their own case; the words around them in any.
    return re.compile(pattern.replace("{agency}", f"(?-i:{agency})" if not flags else agency), re.IGNORECASE)
