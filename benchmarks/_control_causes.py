"""Why heldby does not have a pair right: by what the claims near the day say, whatever the model made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from random import Random

from _control_ask import NEAR_DAYS, Known, event_day
from _control_baselines import read_votes
from _control_score import Judged
from _control_sides import CONTESTED, OTHER, UNKNOWN
from heldby.records import Claim

SHORT = 200
CLAIMS_SHOWN = 3


def report_causes(judged: Sequence[Judged], *, known: Sequence[Known], examples: int) -> str:
    """Return the causes with their counts, the commonest first, and for each some pairs with claims near them."""
    places = {one.name: one for one in known}
    found: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        if not one.right:
            found[find_cause(one, places[one.pair.place])].append(one)
    lines = [f"\nNot right: {sum(len(of) for of in found.values())} of {len(judged)} pairs"]
    for cause, of_cause in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
        lines.append(f"\n{len(of_cause):4d}  {cause}")
        # Seeded, so that the same answers give the same examples.
        for one in Random(1).sample(of_cause, min(examples, len(of_cause))):
            pair, answer = one.pair, one.answer
            lines.append(
                f"      {pair.place} {pair.day}: {pair.holder}; said {answer.holder} {answer.probability:.2f}"
            )
            lines += [f"          {_show(claim)}" for claim in _nearest(places[pair.place].claims, pair.day)]
    return "\n".join(lines)


def find_cause(one: Judged, known: Known) -> str:
    """Return why a pair is not right."""
    near = [claim for claim in known.claims if abs((event_day(claim) - one.pair.day).days) <= NEAR_DAYS]
    votes = {vote.state for vote in read_votes(near)}
    said, true = one.answer.holder, one.pair.holder
    if said == UNKNOWN:
        if not known.claims:
            return "no answer: no claim about the place"
        if not votes:
            return "no answer: no claim near that tells a holder"
        return "no answer: claims near tell a holder, too little or at odds"
    if said == OTHER:
        return "wrong: a side that is tied to no holder of the truth"
    if true == CONTESTED:
        if CONTESTED in votes or len(votes) > 1:
            return "wrong: contested; claims near speak of fighting, parts or two sides"
        return "wrong: contested; claims near name no second side"
    if said == CONTESTED:
        return "wrong: held, said contested"
    if not votes:
        return "wrong: another holder, carried from farther away"
    return "wrong: another holder; claims near tell of one"


def _nearest(claims: Sequence[Claim], day: date) -> list[Claim]:
    telling = [claim for claim in claims if read_votes([claim])] or list(claims)
    return sorted(telling, key=lambda claim: (abs((event_day(claim) - day).days), claim.id))[:CLAIMS_SHOWN]


def _show(claim: Claim) -> str:
    sentence = " ".join(claim.sentence.text.split())[:SHORT]
    sides = f"{claim.actor.name or '-'} > {claim.opponent.name or '-'}"
    what = f"{claim.relation}/{claim.modality}/{claim.extent}"
    return f"{event_day(claim)} {what} {sides} [{claim.trigger.text}] {sentence}"
