"""Which decisions a person can take on which records."""

from __future__ import annotations

from datetime import datetime

from heldby.errors import ResolveError
from heldby.look_up import find_record
from heldby.records import Judgement
from heldby.records.ids import record_id as new_id
from heldby.records.judgement import Decision
from heldby.store import Store

TYING = ("merge", "split")
JUDGED_KINDS = ("claim", "document")
# What the keys of voices begin with that no book has an id for.
VOICE_PREFIXES = ("name:", "nameless:", "outlet:", "report:", "claim:")


def check_decision(store: Store, record_id: str, decision: str, *, other: str) -> None:
    """Raise ResolveError, saying what can be decided, where a decision makes no sense."""
    if decision in TYING:
        _check_pair(store, record_id, other)
        return
    kind, _ = find_record(store, record_id)
    valid = ("accept", "reject", "correct") if kind == "claim" else ("accept", "reject")
    if kind not in JUDGED_KINDS or decision not in valid:
        raise ResolveError(
            f"A {kind} cannot be judged with {decision!r}.",
            where=record_id,
            remedy="Claims can be judged with accept, reject, correct, merge, split; documents with all but correct.",
        )
    if decision == "correct":
        return
    if other:
        raise ResolveError(
            f"{decision!r} takes no other record.", where=other, remedy="Only merge and split name another one."
        )


def _check_pair(store: Store, record_id: str, other: str) -> None:
    if not other or other == record_id:
        raise ResolveError(
            "Merge and split need another record.", where=record_id, remedy="Give the id of the other one."
        )
    kinds = [_kind(store, record_id), _kind(store, other)]
    if kinds[0] != kinds[1] or kinds[0] not in {*JUDGED_KINDS, "voice"}:
        raise ResolveError(
            f"A {kinds[0]} and a {kinds[1]} cannot be merged or split.",
            where=f"{record_id} {other}",
            remedy="Give two documents, two claims, or two voices.",
        )


def _kind(store: Store, record_id: str) -> str:
    if record_id.startswith(VOICE_PREFIXES) or store.knows_voice(record_id):
        return "voice"
    return find_record(store, record_id)[0]


def same_question(judgement: Judgement, decision: str, record_id: str, other: str) -> bool:
    """Tell whether an earlier judgement answers the question that a decision answers."""
    if decision in TYING:
        return judgement.decision in TYING and {judgement.record_id, judgement.value} == {record_id, other}
    if judgement.decision in TYING or judgement.record_id != record_id:
        return False
    return (judgement.decision == "correct") == (decision == "correct")


def make_judgement(
    store: Store, record_id: str, decision: Decision, *, author: str, reason: str, value: str, now: datetime
) -> Judgement:
    """Return a decision that has been checked, with the one that it supersedes."""
    before = [one for one in store.judgements(record_id) if same_question(one, decision, record_id, value)]
    return Judgement(
        id=new_id("judgement", record_id, decision, author, now.isoformat(), reason, *filter(None, [value])),
        record_id=record_id,
        decision=decision,
        author=author,
        made_at=now,
        reason=reason,
        value=value,
        supersedes=before[-1].id if before else "",
    )
