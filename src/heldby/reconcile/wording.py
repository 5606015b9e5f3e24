"""The plain words for what is weighed."""

from __future__ import annotations

from heldby.records import Claim

VERBS = {
    "takes": ("took", "take"),
    "withdraws": ("left", "leave"),
    "holds": ("held", "hold"),
    "contests": ("fought for", "fight for"),
    "besieges": ("besieged", "besiege"),
    "enters": ("entered", "enter"),
    "advances": ("advanced on", "advance on"),
    "attacks": ("attacked", "attack"),
    "repels": ("beat off an attack on", "beat off an attack on"),
    "strikes": ("struck", "strike"),
}
VOICE_WORDS = {
    "rights_monitor": "a rights monitor",
    "un_or_ngo": "a UN body or aid group",
    "news_agency": "a news agency",
    "outlet": "another outlet",
    "activist_group": "an activist group",
    "witness": "a witness",
    "analyst": "an analyst",
    "government": "an official of a government",
    "military": "a military",
    "state_media": "a state's media",
    "armed_group": "an armed group",
    "armed_group_outlet": "an armed group's outlet",
    "other": "a voice of no known kind",
    "unnamed": "a voice without a name",
    "report": "the report itself",
}


def strength(weight: float) -> str:
    """Return a weight in one word."""
    if weight >= 0.6:
        return "strong"
    return "fair" if weight >= 0.3 else "weak"


def say(claim: Claim) -> str:
    """Return in plain words what the claim says."""
    actor, (past, infinitive) = claim.actor.name or "somebody", VERBS[claim.relation]
    what = "a part of it" if claim.extent == "part" else "it"
    match claim.modality:
        case "asserted":
            return f"says that {actor} {past} {what}"
        case "denied":
            return f"denies that {actor} {past} {what}"
        case "attempted":
            return f"says that {actor} tried to {infinitive} {what}"
        case "planned":
            return f"says that {actor} means to {infinitive} {what}"
        case "possible":
            return f"says that perhaps {actor} {past} {what}"
