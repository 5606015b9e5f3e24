"""Who is speaking: each link of a claim's chain of attribution, with its kind and the side whose interest it shares.

A voice is looked up in the book; where the book lacks it, the words that describe it tell its kind and side ("an SDF
commander", "Syrian state TV", "the Homs governor"). Pronouns and bare nouns ("he", "the group") take up the last
fitting voice of the document.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from heldby.records import Claim, Reading, SourceLink, Span
from heldby.records.source import SourceKind
from heldby.resolve.actors import ActorBook
from heldby.resolve.phrases import Word, fold, words_of
from heldby.resolve.scene import Scene, read_scene
from heldby.resolve.source_book import SourceBook, SourceWords

__all__ = ["SourceBook", "SourceWords", "resolve_chain", "resolve_sources"]

ARTICLES = frozenset({"the", "a", "an"})
WINDOW = 70
PERSON_WORDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tools:
    reading: Reading
    scene: Scene
    book: SourceBook
    actors: ActorBook
    words: SourceWords


def resolve_sources(
    reading: Reading,
    *,
    book: SourceBook,
    actors: ActorBook,
    words: SourceWords,
    countries: Iterable[str] = (),
    scene: Scene | None = None,
) -> Reading:
    """Return the reading with the chain of every claim resolved, in text order.

    `countries` holds the country codes of the document's resolved places, one for each mention, where known. `scene`
    may be handed in where it has been read before; `countries` then has no effect.
    """
    scene = read_scene(reading, book=actors, countries=countries) if scene is None else scene
    done: list[Claim] = []
    for claim in reading.claims:
        earlier = replace(reading, claims=tuple(done))
        chain = resolve_chain(claim, earlier, book=book, actors=actors, words=words, scene=scene)
        done.append(replace(claim, chain=chain))
    return replace(reading, claims=tuple(done))


def resolve_chain(
    claim: Claim,
    reading: Reading,
    *,
    book: SourceBook,
    actors: ActorBook,
    words: SourceWords,
    scene: Scene | None = None,
) -> tuple[SourceLink, ...]:
    """Return the links of a claim's chain with source id, name, kind, side and reason filled.

    Links of the reading's other claims that are resolved already serve "he" and "the group" as what they take up.
    `scene` may be handed in where it has been read before.
    """
    scene = read_scene(reading, book=actors) if scene is None else scene
    tools = _Tools(reading=reading, scene=scene, book=book, actors=actors, words=words)
    links: list[SourceLink] = []
    for link in claim.chain:
        links.append(_resolve_link(link, before=tuple(links), tools=tools))
    return tuple(links)


def _resolve_link(link: SourceLink, *, before: tuple[SourceLink, ...], tools: _Tools) -> SourceLink:
    text = link.name_text or link.mention.text
    listed = words_of(text)
    if listed and all(word.folded in tools.words.pronouns for word in listed):
        return _pronoun(link, word=listed[0].folded, before=before, tools=tools)
    named = _named(link, text=text, tools=tools)
    if named:
        return named
    taken = _taken_up(link, text=text, before=before, tools=tools)
    return taken or _described(link, text=text, tools=tools)


def _named(link: SourceLink, *, text: str, tools: _Tools) -> SourceLink | None:
    """Resolve a voice that the book has, unless the words speak of somebody else ("a Reuters witness")."""
    hits = tools.book.hits(text)
    if not hits or _is_bystander(text, tools=tools):
        return None
    best = max(hits, key=lambda hit: (hit.last - hit.first, -hit.first))
    source = tools.book.sources[best.source_id]
    day = tools.scene.day
    out = day is not None and ((source.since and day < source.since) or (source.until and source.until < day))
    side = "" if out else source.side
    words = f"“{text}” names {source.name}"
    return replace(
        link,
        source_id=source.id,
        name=source.name,
        kind=source.kind,
        side=side,
        reason=f"{words}, whose side on that day is not known." if out else f"{words}.",
    )


def _is_bystander(text: str, *, tools: _Tools) -> bool:
    return any(kind == "witness" for kind, _ in tools.words.kinds(text))


def _earlier_links(before: tuple[SourceLink, ...], *, start: int, tools: _Tools) -> Iterable[SourceLink]:
    """Yield the voices resolved before a place in the text, the nearest first."""
    found = [link for claim in tools.reading.claims for link in claim.chain if link.kind]
    found += [link for link in before if link.kind]
    yield from sorted(
        (link for link in found if link.mention.start < start), key=lambda link: link.mention.start, reverse=True
    )


def _take_up(link: SourceLink, other: SourceLink, *, words: str) -> SourceLink:
    """Return a link that is the same voice as an earlier one; its own words stay as they are in the text."""
    return replace(
        link,
        source_id=other.source_id,
        name=other.name,
        kind=other.kind,
        side=other.side,
        reason=f"“{words}” takes up {other.name or other.mention.text}.",
    )


def _pronoun(link: SourceLink, *, word: str, before: tuple[SourceLink, ...], tools: _Tools) -> SourceLink:
    """Resolve "he" to the last person who spoke or was titled, "it" to the last organisation that spoke."""
    wanted = tools.words.pronouns[word]
    for other in _earlier_links(before, start=link.mention.start, tools=tools):
        if wanted == "many" or _is_person(other, tools=tools) == (wanted == "person"):
            return _take_up(replace(link, name_text=other.name_text or other.mention.text), other, words=word)
    person = _last_person(link.mention, tools=tools) if wanted == "person" else None
    if person:
        found = _described(replace(link, name_text=person), text=person, tools=tools)
        return replace(found, reason=f"“{word}” takes up {person}. {found.reason}")
    return replace(link, kind="unnamed", reason=f"Nothing before “{word}” says whose voice it is.")


def _is_person(link: SourceLink, *, tools: _Tools) -> bool:
    text = link.name_text or link.mention.text
    listed = words_of(text)
    if any(word.folded in tools.words.person_titles for word in listed):
        return True
    spans = [mention.span for mention in tools.reading.mentions if mention.kind == "person"]
    return any(span.text == text or span.text in text for span in spans)


def _last_person(mention: Span, *, tools: _Tools) -> str:
    """Return the last person named before, with the title in front of the name."""
    people = [
        found.span for found in tools.reading.mentions if found.kind == "person" and found.span.end <= mention.start
    ]
    if not people:
        return ""
    last = max(people, key=lambda span: span.start)
    return f"{_lead(last.start, tools=tools)}{last.text}"


def _lead(start: int, *, tools: _Tools) -> str:
    """Return the title words right before a name ("Governor ", "SDF spokesman "), as they stand."""
    text = tools.reading.document.text
    listed = words_of(text[max(0, start - WINDOW) : start])[-PERSON_WORDS:]
    titles = [at for at, word in enumerate(listed) if word.folded in tools.words.person_titles]
    if not titles:
        return ""
    first = titles[0]
    while first and listed[first - 1].text[:1].isupper():
        first -= 1
    return text[max(0, start - WINDOW) + listed[first].start : start]


def _taken_up(link: SourceLink, *, text: str, before: tuple[SourceLink, ...], tools: _Tools) -> SourceLink | None:
    """Resolve a bare noun ("the group", "the UK-based monitor") or a surname to an earlier voice."""
    listed = [word for word in words_of(text) if word.folded not in ARTICLES]
    if not listed:
        return None
    head = listed[-1].folded
    kinds = tools.words.takes_up.get(head) or tools.words.takes_up.get(head.removesuffix("s"))
    if not kinds or not text.lower().startswith("the ") or tools.actors.find(text):
        return _surname(link, listed=listed, tools=tools)
    fitting = [
        other
        for other in _earlier_links(before, start=link.mention.start, tools=tools)
        if other.kind in kinds and _fits_description(listed, other, tools=tools)
    ]
    # A person or an unnamed source is the nearest one; an organisation is rather the one that is known by name.
    known = fitting if head in tools.words.nearest else [other for other in fitting if other.source_id]
    if known:
        return _take_up(link, known[0], words=text)
    name = _voice_in_text(link.mention, kinds=kinds, tools=tools)
    found = _named(link, text=name, tools=tools) if name else None
    if found:
        return replace(found, reason=f"“{text}” takes up {name}.")
    return _take_up(link, fitting[0], words=text) if fitting else None


def _fits_description(listed: list[Word], other: SourceLink, *, tools: _Tools) -> bool:
    """Tell whether words such as "military" in "the military source" fit the voice that may be taken up."""
    said = {word.folded for word in words_of(f"{other.name_text} {other.mention.text} {other.name}")}
    described = [kind for kind, _ in tools.words.kinds(" ".join(word.text for word in listed))]
    head = listed[-1].folded
    return head in said or not described or other.kind in {*described, *tools.words.takes_up.get(head, ())}


def _voice_in_text(mention: Span, *, kinds: frozenset[str], tools: _Tools) -> str:
    """Return the last name of a listed voice of these kinds that the text has before a mention, "" for none."""
    text = tools.reading.document.text[: mention.start]
    listed = words_of(text)
    found = [hit for hit in tools.book.hits(text) if tools.book.sources[hit.source_id].kind in kinds]
    return text[listed[found[-1].first].start : listed[found[-1].last - 1].end] if found else ""


def _surname(link: SourceLink, *, listed: list[Word], tools: _Tools) -> SourceLink | None:
    """Resolve "Zoubi" through the earlier "Information Minister Omran al-Zoubi"."""
    names = [word for word in listed if word.text[:1].isupper()]
    if len(names) != len(listed) or len(listed) > PERSON_WORDS or tools.actors.find(link.mention.text):
        return None
    last = fold(listed[-1].text)
    for claim in reversed(tools.reading.claims):
        for other in claim.chain:
            spoken = words_of(other.mention.text)
            if other.kind and len(spoken) > len(listed) and any(word.folded == last for word in spoken):
                return _take_up(link, other, words=link.mention.text)
    text = tools.reading.document.text
    at = text.find(listed[-1].text)
    while 0 <= at < link.mention.start:
        window = text[max(0, at - WINDOW) : at + len(listed[-1].text)]
        window = window.rsplit(". ", 1)[-1]
        if any(word.folded in tools.words.person_titles for word in words_of(window)):
            found = _described(link, text=window, tools=tools)
            if found.kind not in {"unnamed", "other"}:
                return replace(found, name=link.mention.text)
        at = text.find(listed[-1].text, at + 1)
    return None


def _described(link: SourceLink, *, text: str, tools: _Tools) -> SourceLink:
    """Tell kind and side from the words alone; the description stays the name."""
    kind = _kind_of(text, tools=tools)
    side, why = _side_of(text, kind=kind, tools=tools)
    listed = words_of(text)
    first = next((word.start for word in listed if word.folded not in ARTICLES), 0)
    filled = replace(
        link,
        name=text[first:].strip(),
        kind=kind,
        side=side,
        reason=f"“{text}” describes a voice of kind {kind}{why}.",
    )
    if kind == "state_media":
        tail = tuple(word.folded for word in listed)[-2:]
        country = tools.actors.actors[side].country if side else tools.scene.country
        source = tools.book.state_media(country, tail=tail) if len(tail) > 1 else None
        if source:
            return replace(filled, source_id=source.id, name=source.name, side=source.side)
    return filled


def _kind_of(text: str, *, tools: _Tools) -> SourceKind:
    """Return the kind that the nouns of a description tell; a named side decides where no noun does."""
    text = _without_friends(text, tools=tools)
    kinds = [kind for kind, _ in tools.words.kinds(text)]
    sides = tools.actors.mentions(text)
    media = {fold(word.text) for word in words_of(text)} & tools.words.outlet_like
    armed = [side for side in sides if side.form == "name" and not _is_state(side.actor_ids[0], tools=tools)]
    linked = {word.folded for word in words_of(text)} & tools.words.linked
    if media and armed and (linked or "armed_group_outlet" in kinds or "news_agency" in kinds):
        return "armed_group_outlet"
    specific = [kind for kind in kinds if kind not in {"unnamed", "other", "government", "military"}]
    if armed and not specific:
        return "military" if _is_coalition(armed[0].actor_ids[0], tools=tools) else "armed_group"
    if kinds:
        return min(kinds, key=lambda kind: tools.words.ranks[kind])
    if sides:
        return "government" if _is_state(sides[0].actor_ids[0], tools=tools) else "armed_group"
    return "unnamed"


def _without_friends(text: str, *, tools: _Tools) -> str:
    """Return a description without the words for the side that it is friendly to ("pro-government sources")."""
    listed = words_of(text)
    for at in range(len(listed) - 2, -1, -1):
        if tools.actors.words.prefixes.get(listed[at].folded) == "friend":
            text = text[: listed[at].start] + text[listed[at + 1].end :]
    return text


def _is_coalition(actor_id: str, *, tools: _Tools) -> bool:
    actor = tools.actors.actors[actor_id]
    return actor.kind == "coalition" and not actor.country


def _is_state(actor_id: str, *, tools: _Tools) -> bool:
    return tools.actors.actors[actor_id].state


def _side_of(text: str, *, kind: SourceKind, tools: _Tools) -> tuple[str, str]:
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
    if tools.words.elsewhere.hits(text):
        return "", ""
    coalition = tools.actors.words.classes["coalition"].default.get(tools.scene.country, "")
    if coalition and any(word.folded == "coalition" for word in words_of(text)):
        return coalition, f" of the {tools.actors.name(coalition)}"
    if kind in {"government", "military", "state_media"}:
        home = tools.actors.state_of(tools.scene.country, on=tools.scene.day)
        return home, f" of {tools.actors.name(home)}, the state spoken of" if home else ""
    if kind == "armed_group":
        default = tools.actors.words.classes["rebel"].default.get(tools.scene.country, "")
        rebel = any(
            tools.actors.words.nouns.get((word.folded.removesuffix("s"),)) == "rebel" for word in words_of(text)
        )
        return (default, f" of the {tools.actors.name(default)}") if default and rebel else ("", "")
    return "", ""


def _friend_of(text: str, *, tools: _Tools) -> str:
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
