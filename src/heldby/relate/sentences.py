"""Which sentences of claims stood in an earlier report, so that what they tell is that report's."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import combinations, groupby

from heldby.records import Claim, Lineage
from heldby.relate.alike import find_alike
from heldby.relate.copies import Shelved, common_share, link_nearest
from heldby.relate.rules import Likeness, LineageRules
from heldby.relate.shingles import Signed, Signer, normal_words
from heldby.relate.sketches import MICROSECOND, microseconds

EVER = timedelta(days=200 * 365)


def sentence_id(claim: Claim) -> str:
    """Return the name of the sentence that a claim stands in."""
    return f"{claim.document_id}:{claim.sentence.start}"


def find_sentences(
    claims: Sequence[Claim], *, homes: Mapping[str, str], rules: LineageRules
) -> dict[str, tuple[str, Lineage]]:
    """Return for the sentences that are copies the sentence that they repeat, with the link (between sentences).

    `homes` gives the original of each document that is a copy. A sentence of a report that is no copy is one only
    of a sentence of the days before it.
    """
    return _find(claims, homes=homes, rules=rules, repeated={}, asked=None)


def find_new_sentences(
    claims: Sequence[Claim],
    *,
    since: int,
    homes: Mapping[str, str],
    rules: LineageRules,
    repeated: Mapping[str, str],
) -> dict[str, tuple[str, Lineage]]:
    """Return what `find_sentences` finds for the sentences of the claims from number `since` on, which became known
    after those before them; `repeated` is what lineage tells of those before.

    What lineage does not tell of them, because the claims of a sentence stand before those of another one of the same
    moment that it repeats, is returned too, as far as it can matter.
    """
    signed = _Signing(rules)
    near = _Near(claims, homes=homes, days=timedelta(days=rules.sentences.days))
    near.add(claims[since:])
    asked = {sentence_id(claim) for claim in claims[since:]}
    turned = [pair for pair in _turned(claims[:since]) if sentence_id(pair[1]) not in repeated]
    while turned:
        # In the same report a copy tells nothing of voices: it matters only where others may repeat it.
        met = [(a, b) for a, b in turned if a.document_id != b.document_id or b.id in near.ids]
        hidden = [later for earlier, later in met if signed.alike(earlier, later)]
        turned = [pair for pair in turned if pair not in met]
        if not hidden:
            break
        asked.update(map(sentence_id, hidden))
        near.add(hidden)
    around = [claim for claim in claims if claim.id in near.ids]
    return _find(around, homes=homes, rules=rules, repeated=repeated, asked=asked) if around else {}


class _Near:
    """The ids of the claims of which the sentences of others may be copies: those known some days before them, and
    those of their reports' copies."""

    def __init__(self, claims: Sequence[Claim], *, homes: Mapping[str, str], days: timedelta) -> None:
        self._claims = claims
        self._known = [claim.known_at for claim in claims]
        self._days = days
        self._homes = homes
        self._of_home: dict[str, list[str]] = defaultdict(list)
        for claim in claims:
            self._of_home[self._home(claim)].append(claim.id)
        self.ids: set[str] = set()

    def add(self, claims: Iterable[Claim]) -> None:
        """Take in what is near to some claims, and themselves."""
        for known_at in {claim.known_at for claim in claims}:
            first, last = bisect_left(self._known, known_at - self._days), bisect_right(self._known, known_at)
            self.ids.update(claim.id for claim in self._claims[first:last])
        for home in {self._home(claim) for claim in claims}:
            self.ids.update(self._of_home[home])

    def _home(self, claim: Claim) -> str:
        return self._homes.get(claim.document_id, claim.document_id)


class _Signing:
    """Compares sentences of claims, each signed once."""

    def __init__(self, rules: LineageRules) -> None:
        self._likeness = rules.sentences
        self._signer = Signer(rules.sentences, seed=rules.seed)
        self._signed: dict[str, Signed] = {}

    def alike(self, earlier: Claim, later: Claim) -> bool:
        """Tell whether one may be a copy of the other."""
        one, other = self._of(earlier.sentence.text), self._of(later.sentence.text)
        return one.words_key == other.words_key or common_share(one, other, likeness=self._likeness) > 0.0

    def _of(self, text: str) -> Signed:
        if text not in self._signed:
            self._signed[text] = self._signer.sign(normal_words(text), bands=False)
        return self._signed[text]


def _turned(claims: Sequence[Claim]) -> list[tuple[Claim, Claim]]:
    """Return the sentences of one moment, each by a claim of it, of which the later one by name has all its claims
    before those of the earlier one."""
    found: list[tuple[Claim, Claim]] = []
    for _, told in groupby(claims, key=lambda claim: claim.known_at):
        together: dict[str, list[Claim]] = defaultdict(list)
        for claim in told:
            together[sentence_id(claim)].append(claim)
        pairs = combinations(sorted(together), 2) if len(together) > 1 else ()
        found += [
            (together[one][0], together[other][0])
            for one, other in pairs
            if together[other][-1].id < together[one][0].id
        ]
    return found


def _find(
    claims: Sequence[Claim],
    *,
    homes: Mapping[str, str],
    rules: LineageRules,
    repeated: Mapping[str, str],
    asked: set[str] | None,
) -> dict[str, tuple[str, Lineage]]:
    """Return for the sentences asked for (None: all) those that they repeat."""
    firsts = {sentence_id(claim): claim for claim in reversed(claims)}
    if len({claim.document_id for claim in firsts.values()}) < 2:
        return {}
    signer = Signer(rules.sentences, seed=rules.seed)
    words = {claim.sentence.text for claim in firsts.values()}
    signed = {text: signer.sign(normal_words(text), bands=False) for text in words}
    texts = {
        id_: Shelved(known_at=claim.known_at, signed=signed[claim.sentence.text]) for id_, claim in firsts.items()
    }
    within = {id_: homes.get(claim.document_id, claim.document_id) for id_, claim in firsts.items()}
    found: dict[str, tuple[str, Lineage]] = {}
    for id_, earlier in _meeting(texts, homes=within, likeness=rules.sentences).items():
        if asked is not None and id_ not in asked:
            continue
        originals = {other: texts[other] for other in earlier if other not in found and other not in repeated}
        link = link_nearest(id_, texts[id_], originals=originals, likeness=rules.sentences) if originals else None
        if link:
            found[id_] = (link.earlier_id, link)
    return found


def _meeting(texts: Mapping[str, Shelved], *, homes: Mapping[str, str], likeness: Likeness) -> dict[str, list[str]]:
    """Return for each sentence, in order of time, the earlier ones that it may repeat: those of copies of its own
    report, and those that are long enough to tell and became known within some days."""
    days = timedelta(days=likeness.days)
    ordered = sorted(texts, key=lambda id_: (texts[id_].known_at, id_))
    met: dict[str, list[str]] = {}
    for id_, earlier in _alike(ordered, texts, likeness=likeness, within=days):
        met[id_] = [
            other
            for other in earlier
            if homes[other] == homes[id_] or len(texts[other].signed.shingles) >= likeness.fewest_shingles
        ]
    of_home: dict[str, list[str]] = defaultdict(list)
    for id_ in ordered:
        of_home[homes[id_]].append(id_)
    for ids in of_home.values():
        if texts[ids[-1]].known_at - texts[ids[0]].known_at > days:
            for id_, earlier in _alike(ids, texts, likeness=likeness, within=EVER):
                met[id_] += [other for other in earlier if other not in met[id_]]
    return met


def _alike(
    ids: Sequence[str], texts: Mapping[str, Shelved], *, likeness: Likeness, within: timedelta
) -> Iterator[tuple[str, list[str]]]:
    """Yield each text with the earlier ones of which it may be a copy."""
    signed, times = [texts[id_].signed for id_ in ids], [microseconds(texts[id_].known_at) for id_ in ids]
    found = find_alike(signed, times, likeness=likeness, within=within // MICROSECOND)
    for id_, earlier in zip(ids, found, strict=True):
        yield id_, [ids[n] for n in earlier]
