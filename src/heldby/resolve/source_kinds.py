"""What kind of voice a description tells, and on whose side it is: "a rebel spokesman", "the ministry in Moscow"."""

from __future__ import annotations

from dataclasses import dataclass

from heldby.records import Reading
from heldby.records.source import SourceKind
from heldby.resolve.actors import ActorBook, ActorMention
from heldby.resolve.phrases import fold, words_of
from heldby.resolve.scene import Scene
from heldby.resolve.source_book import SourceBook, SourceWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What voices are looked up in, and the reading that they stand in."""

    reading: Reading
    scene: Scene
    book: SourceBook
    actors: ActorBook
    words: SourceWords


def kind_of(text: str, *, tools: Tools) -> SourceKind:
    """Return the kind that the nouns of a description tell; a named side decides where no noun does."""
    text = _before_clause(_without_friends(text, tools=tools), tools=tools)
    kinds = [kind for kind, _ in tools.words.kinds(text)]
    sides = tools.actors.mentions(text)
    media = {fold(word.text) for word in words_of(text)} & tools.words.outlet_like
    armed = [side for side in sides if side.form == "name" and not _is_state(side.actor_ids[0], tools=tools)]
    linked = {word.folded for word in words_of(text)} & tools.words.linked
    owned = armed and _owns(text, armed[0], tools=tools)
    if media and armed and (linked or owned or "armed_group_outlet" in kinds or "news_agency" in kinds):
        return "armed_group_outlet"
    specific = [kind for kind in kinds if kind not in {"unnamed", "other", "government", "military"}]
    if armed and not specific:
        return "military" if _is_coalition(armed[0].actor_ids[0], tools=tools) else "armed_group"
    if kinds and kinds[0] == "other":
        # "photographs sent by a monk": the photographs, not the monk
        return next((kind for kind in kinds if kind not in {"other", "witness", "unnamed"}), "other")
    if kinds:
        return min(kinds, key=lambda kind: tools.words.ranks[kind])
    if sides:
        return "government" if _is_state(sides[0].actor_ids[0], tools=tools) else "armed_group"
    return "unnamed"


def _owns(text: str, side: ActorMention, *, tools: Tools) -> bool:
    """Tell whether a side stands as the owner of what follows: "the militia's television"."""
    return text[side.span.end : side.span.end + 2] in {"'s", "’s"} or text[: side.span.end][-2:] in {"'s", "’s"}


def _before_clause(text: str, *, tools: Tools) -> str:
    """Return a description without the relative clause that ends it ("a correspondent who met the commander")."""
    cut = next((word.start for word in words_of(text)[1:] if word.folded in tools.words.clauses), len(text))
    return text[:cut] if tools.words.kinds(text[:cut]) or tools.actors.mentions(text[:cut]) else text


def _without_friends(text: str, *, tools: Tools) -> str:
    """Return a description without the words for the side that it is friendly to ("pro-government sources")."""
    listed = words_of(text)
    for at in range(len(listed) - 2, -1, -1):
        if tools.actors.words.prefixes.get(listed[at].folded) == "friend":
            text = text[: listed[at].start] + text[listed[at + 1].end :]
    return text


def _is_coalition(actor_id: str, *, tools: Tools) -> bool:
    actor = tools.actors.actors[actor_id]
    return actor.kind == "coalition" and not actor.country


def _is_state(actor_id: str, *, tools: Tools) -> bool:
    return tools.actors.actors[actor_id].state


def side_of(text: str, *, kind: SourceKind, tools: Tools) -> tuple[str, str]:
    """Return the side whose interest a described voice shares, and the end of a sentence that says why."""
    if kind in {"witness", "un_or_ngo", "analyst", "outlet", "news_agency", "other", "rights_monitor"}:
        friendly = _friend_of(text, tools=tools)
        return (friendly, f", by its own side {tools.actors.name(friendly)}") if friendly else ("", "")
    sides = tools.actors.read_phrase(text, on=tools.scene.day, countries=frozenset(tools.scene.countries[:2]))
    named = sides.meant[0].actor_id if sides.meant else (sides.peoples[0] if sides.peoples else "")
    friendly = _friend_of(text, tools=tools) if kind in {"activist_group", "unnamed"} else ""
    if kind in {"activist_group", "unnamed"} and not (
        friendly or (sides.meant and not _is_state(named, tools=tools))
    ):
        return "", ""
    if friendly or named:
        found = friendly or named
        return found, f" on the side of {tools.actors.name(found)}"
    state = _state_in(text, tools=tools) if kind in {"government", "military", "state_media"} else ""
    if state:
        return state, f" of {tools.actors.name(state)}, which is named"
    if tools.words.elsewhere.hits(text):
        return "", ""
    coalition = tools.actors.words.classes["coalition"].default.get(tools.scene.country, "")
    if coalition and any(word.folded == "coalition" for word in words_of(text)):
        return coalition, f" of the {tools.actors.name(coalition)}"
    if kind in {"government", "military", "state_media"}:
        home = tools.actors.state_of(tools.scene.country, on=tools.scene.day)
        return home, f" of {tools.actors.name(home)}, the state spoken of" if home else ""
    if kind in {"armed_group", "armed_group_outlet"}:
        default = _usual_side(text, tools=tools)
        return (default, f" of the {tools.actors.name(default)}") if default else ("", "")
    return "", ""


def _usual_side(text: str, *, tools: Tools) -> str:
    """Return the side that "rebels", "separatists" or "jihadists" are where the report tells of, "" for none."""
    for word in words_of(text):
        classed = tools.actors.words.nouns.get((word.folded.removesuffix("s"),))
        default = tools.actors.words.classes[classed].default.get(tools.scene.country, "") if classed else ""
        if default:
            return default
    return ""


def _state_in(text: str, *, tools: Tools) -> str:
    """Return the state that an office belongs to: "Georgia's interior ministry", "the defence ministry in Moscow"."""
    for mention in tools.actors.mentions(text):
        states = [one for one in mention.actor_ids if _is_state(one, tools=tools)]
        if states and not mention.stance:
            home = tools.actors.state_of(tools.actors.actors[states[0]].country, on=tools.scene.day)
            return home if home in states else states[0]
    return ""


def _friend_of(text: str, *, tools: Tools) -> str:
    """Return the side that a voice is called friendly to: "pro-opposition", "ISIS-linked", "pro-government"."""
    listed = words_of(text)
    for mention in tools.actors.mentions(text):
        if mention.stance in {"friend", "holder", "helper"}:
            return mention.actor_ids[0]
    for at, word in enumerate(listed[:-1]):
        if tools.actors.words.prefixes.get(word.folded) == "friend":
            noun = listed[at + 1].folded
            classed = tools.actors.words.nouns.get((noun,)) or tools.actors.words.nouns.get((noun.removesuffix("s"),))
            if classed == "state":
                return tools.actors.state_of(tools.scene.country, on=tools.scene.day)
            if classed:
                return tools.actors.words.classes[classed].default.get(tools.scene.country, "")
    return ""
