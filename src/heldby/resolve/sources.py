"""Who is speaking: each link of a claim's chain of attribution, with its kind and the side whose interest it shares.

A voice is looked up in the book; where the book lacks it, the words that describe it tell its kind and side ("an SDF
commander", "Syrian state TV", "the Homs governor"). Pronouns and bare nouns ("he", "the group") take up the last
fitting voice of the document.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from heldby.records import Claim, Reading, SourceLink, Span
from heldby.resolve.actors import ActorBook
from heldby.resolve.phrases import Word, fold, words_of
from heldby.resolve.scene import Scene, read_scene
from heldby.resolve.source_book import SourceBook, SourceHit, SourceWords
from heldby.resolve.source_kinds import Tools, kind_of, side_of

__all__ = ["SourceBook", "SourceWords", "resolve_chain", "resolve_sources"]

ARTICLES = frozenset({"the", "a", "an"})
WINDOW = 70
PERSON_WORDS = 4


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
    tools = Tools(reading=reading, scene=scene, book=book, actors=actors, words=words)
    links: list[SourceLink] = []
    for link in claim.chain:
        found = _resolve_link(link, before=tuple(links), tools=tools)
        if not any(_is_same(found, other) for other in links):
            links.append(found)
    return tuple(links)


def _is_same(link: SourceLink, other: SourceLink) -> bool:
    """Tell whether a pronoun or short form only repeats a voice of its own chain ("Brown said that he ...")."""
    texts = {one.name_text or one.mention.text for one in (link, other)}
    return len(texts) == 1 or (link.mention.start == other.mention.start)


def _resolve_link(link: SourceLink, *, before: tuple[SourceLink, ...], tools: Tools) -> SourceLink:
    text = link.name_text or link.mention.text
    listed = words_of(text)
    if listed and all(word.folded in tools.words.pronouns for word in listed):
        return _pronoun(link, word=listed[0].folded, before=before, tools=tools)
    named = _named(link, text=text, tools=tools)
    if named:
        return named
    taken = _taken_up(link, text=text, before=before, tools=tools)
    return taken or _described(link, text=text, tools=tools)


def _named(link: SourceLink, *, text: str, tools: Tools) -> SourceLink | None:
    """Resolve a voice that the book has, unless the words speak of somebody else ("a Reuters witness")."""
    hits = [hit for hit in tools.book.hits(text) if not _only_helps(text, hit, tools=tools)]
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


def _only_helps(text: str, hit: SourceHit, *, tools: Tools) -> bool:
    """Tell whether a name only tells who backs the voice: "the UN-backed government", "rebels backed by the army"."""
    listed = words_of(text)
    after = listed[hit.last].folded if hit.last < len(listed) else ""
    backed = after in tools.words.helped and text[listed[hit.last - 1].end : listed[hit.last].start] == "-"
    return backed or any(0 < other.first < hit.first for other in tools.words.aside.hits(text))


def _is_bystander(text: str, *, tools: Tools) -> bool:
    return any(kind == "witness" for kind, _ in tools.words.kinds(text))


def _earlier_links(before: tuple[SourceLink, ...], *, start: int, tools: Tools) -> Iterable[SourceLink]:
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


def _pronoun(link: SourceLink, *, word: str, before: tuple[SourceLink, ...], tools: Tools) -> SourceLink:
    """Resolve "he" to the last person who spoke or was titled, "it" to the last organisation that spoke."""
    wanted = tools.words.pronouns[word]
    earlier = list(_earlier_links(before, start=link.mention.start, tools=tools))
    spoken = earlier[0].mention.start if earlier else -1
    titled = _last_person(link.mention, tools=tools, after=spoken) if wanted == "person" else ""
    if titled and words_of(titled)[0].folded in tools.words.person_titles:
        found = _described(replace(link, name_text=titled), text=titled, tools=tools)
        return replace(found, reason=f"“{word}” takes up {titled}. {found.reason}")
    for other in earlier:
        if wanted == "many" or _is_person(other, tools=tools) == (wanted == "person"):
            return _take_up(replace(link, name_text=other.name_text or other.mention.text), other, words=word)
    person = _last_person(link.mention, tools=tools) if wanted == "person" else None
    if person:
        found = _described(replace(link, name_text=person), text=person, tools=tools)
        return replace(found, reason=f"“{word}” takes up {person}. {found.reason}")
    return replace(link, kind="unnamed", reason=f"Nothing before “{word}” says whose voice it is.")


def _is_person(link: SourceLink, *, tools: Tools) -> bool:
    text = link.name_text or link.mention.text
    listed = words_of(text)
    if any(word.folded in tools.words.person_titles for word in listed):
        return True
    spans = [mention.span for mention in tools.reading.mentions if mention.kind == "person"]
    return any(span.text == text or span.text in text for span in spans)


def _last_person(mention: Span, *, tools: Tools, after: int = -1) -> str:
    """Return the last person named before a mention (and after a place), with the title in front of the name."""
    people = [
        found.span
        for found in tools.reading.mentions
        if found.kind == "person" and after < found.span.start and found.span.end <= mention.start
    ]
    if not people:
        return ""
    last = max(people, key=lambda span: span.start)
    return f"{_lead(last.start, tools=tools)}{last.text}"


def _lead(start: int, *, tools: Tools) -> str:
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


def _taken_up(link: SourceLink, *, text: str, before: tuple[SourceLink, ...], tools: Tools) -> SourceLink | None:
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


def _fits_description(listed: list[Word], other: SourceLink, *, tools: Tools) -> bool:
    """Tell whether words such as "military" in "the military source" fit the voice that may be taken up."""
    said = {word.folded for word in words_of(f"{other.name_text} {other.mention.text} {other.name}")}
    described = [kind for kind, _ in tools.words.kinds(" ".join(word.text for word in listed))]
    head = listed[-1].folded
    return head in said or not described or other.kind in {*described, *tools.words.takes_up.get(head, ())}


def _voice_in_text(mention: Span, *, kinds: frozenset[str], tools: Tools) -> str:
    """Return the last name of a listed voice of these kinds that the text has before a mention, "" for none."""
    text = tools.reading.document.text[: mention.start]
    listed = words_of(text)
    found = [hit for hit in tools.book.hits(text) if tools.book.sources[hit.source_id].kind in kinds]
    return text[listed[found[-1].first].start : listed[found[-1].last - 1].end] if found else ""


def _surname(link: SourceLink, *, listed: list[Word], tools: Tools) -> SourceLink | None:
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


def _described(link: SourceLink, *, text: str, tools: Tools) -> SourceLink:
    """Tell kind and side from the words alone; the description stays the name."""
    kind = kind_of(text, tools=tools)
    side, why = side_of(text, kind=kind, tools=tools)
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
