"""Which documents repeat which: identical texts, and near copies by the share of word sequences in common."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from heldby.records import Document, Lineage
from heldby.records.ids import record_id

SHINGLE_WORDS = 5
NEAR_COPY_SHARE = 0.6
MIN_SHINGLES = 12
# A word sequence that this many texts share (a slogan, a standing footer) tells nothing about who copied whom.
COMMON_SHINGLE = 50


def relate_documents(documents: Iterable[Document]) -> tuple[Lineage, ...]:
    """Return for each document the earlier one that it repeats, if any.

    A text is compared without case, punctuation and page furniture. `identical`: the same words. `near_copy`: of
    the shorter text's sequences of five words at least the share NEAR_COPY_SHARE stands in the other (containment,
    Broder 1997). A document is only ever linked to one known before it, so what is found among the documents known
    by a day does not depend on later ones.
    """
    found: list[Lineage] = []
    firsts: dict[str, Document] = {}
    shingles: dict[str, frozenset[int]] = {}
    holders: dict[int, list[str]] = defaultdict(list)
    order: dict[str, int] = {}
    for document in sorted(documents, key=lambda d: (d.known_at, d.id)):
        words = normal_words(document)
        key = hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).hexdigest()
        if key in firsts and words:
            earlier = firsts[key]
            found.append(_lineage("identical", earlier.id, document.id, 1.0, "The two texts have the same words."))
            continue
        firsts[key] = document
        own = _shingles(words)
        near = _nearest(own, shingles=shingles, holders=holders, order=order)
        if near:
            earlier_id, share = near
            reason = f"{share:.0%} of the shorter text's sequences of {SHINGLE_WORDS} words stand in the other."
            found.append(_lineage("near_copy", earlier_id, document.id, round(share, 3), reason))
        shingles[document.id] = own
        order[document.id] = len(order)
        for shingle in own:
            holders[shingle].append(document.id)
    return tuple(found)


def normal_words(document: Document) -> list[str]:
    """Return the words of a document's headline and paragraphs, without case and punctuation."""
    body = document.body()
    text = " ".join(document.text[b.start : b.end] for b in body) if body else document.text
    return "".join(c if c.isalnum() else " " for c in text.casefold()).split()


def _shingles(words: Sequence[str]) -> frozenset[int]:
    joined = (" ".join(words[n : n + SHINGLE_WORDS]) for n in range(len(words) - SHINGLE_WORDS + 1))
    return frozenset(zlib.crc32(shingle.encode("utf-8", "surrogatepass")) for shingle in joined)


def _nearest(
    own: frozenset[int], *, shingles: dict[str, frozenset[int]], holders: dict[int, list[str]], order: dict[str, int]
) -> tuple[str, float] | None:
    """Return the earlier document that shares most, and the share; only documents with something in common are
    looked at."""
    if len(own) < MIN_SHINGLES:
        return None
    common: Counter[str] = Counter()
    for shingle in own:
        those = holders.get(shingle, ())
        if len(those) < COMMON_SHINGLE:
            common.update(those)
    shares = {
        document_id: count / min(len(own), len(shingles[document_id]))
        for document_id, count in common.items()
        if len(shingles[document_id]) >= MIN_SHINGLES
    }
    near = [(share, order[document_id], document_id) for document_id, share in shares.items()]
    near = [found for found in near if found[0] >= NEAR_COPY_SHARE]
    if not near:
        return None
    share, _, document_id = min(near, key=lambda found: (-found[0], found[1]))
    return document_id, share


def _lineage(kind: str, earlier_id: str, later_id: str, score: float, reason: str) -> Lineage:
    return Lineage(
        id=record_id("lineage", kind, earlier_id, later_id),
        kind="identical" if kind == "identical" else "near_copy",
        earlier_id=earlier_id,
        later_id=later_id,
        score=score,
        reason=reason,
    )
