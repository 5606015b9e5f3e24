"""How well names of places are found and resolved: on GeoVirus (Gritta et al. 2018), and on gold claims.

GeoVirus, names given: the names are given, with the coordinates of what they mean; a name counts as right where the
place found lies within 161 km (100 miles) of them, the usual measure for this corpus. GeoVirus, names found: heldby
finds the names too, with its reading model and its gazetteer; the corpus marks only names that Wikipedia has
coordinates for, so that precision is a lower bound. Gold claims: the share of claims (and of different mentions)
whose place is resolved, or left unresolved with the smallest area known.

    python benchmarks/places.py --shared PATH [--json OUT] [--errors N] [--given]
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from heldby.knowledge import read_knowledge
from heldby.language import load
from heldby.records import Block, Claim, Document, Party, Place, PlaceRef, Reading, Span
from heldby.resolve.gazetteer import Gazetteer
from heldby.resolve.place_context import Named, Resolved, read_names, resolve_names
from heldby.resolve.place_phrases import PlaceWords, read_place_words
from heldby.resolve.places import resolve_places
from heldby.settings import load_settings

NEAR_KM = 161.0
_DAY = datetime(2017, 1, 1, tzinfo=UTC)
_SENTENCE = re.compile(r"\S.*?(?:[.!?][\"”’]?(?=\s)|\Z)", re.DOTALL)


def main(argv: list[str] | None = None) -> int:
    """Run both measures and print them; 2 where the corpora are not there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--json", type=Path)
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument(
        "--given", action="store_true", help="leave out the names found, which need the reading model"
    )
    options = parser.parse_args(argv)
    if not (options.shared / "data" / "geovirus" / "GeoVirus.xml").is_file():
        print(f"No corpora under {options.shared}; give --shared.", file=sys.stderr)
        return 2
    gazetteer = Gazetteer.open(load_settings().cache_folder(), supplement=read_knowledge("places"))
    words = read_place_words(read_knowledge("place_words"))
    found = {} if options.given else {"geovirus_found": measure_found(options.shared, gazetteer, words)}
    figures = {
        **found,
        "geovirus": measure_geovirus(options.shared, gazetteer, words, errors=options.errors),
        "gold": {
            name: measure_gold(options.shared, name, gazetteer, words, errors=options.errors)
            for name in ("dev", "train")
        },
    }
    print(json.dumps(figures, indent=2))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 0


@dataclass(frozen=True, slots=True)
class Given:
    """A name of the corpus: what it was taken for, how far off that is, and the words for what went wrong."""

    kilometres: float
    small: bool
    cause: str
    wanted: str
    found: str


def measure_geovirus(shared: Path, gazetteer: Gazetteer, words: PlaceWords, *, errors: int = 0) -> dict[str, Any]:
    """Return names, share resolved, share within 161 km (of all, and of those resolved), median error, seconds."""
    started = time.perf_counter()
    given = [
        name
        for article in read_geovirus(shared)
        for name in _resolve_given(article, gazetteer=gazetteer, words=words)
    ]
    wrong = Counter((name.cause, name.wanted, name.found) for name in given if name.cause != "right")
    _print_examples(wrong, errors)
    resolved = [name.kilometres for name in given if name.kilometres < math.inf]
    right = sum(name.kilometres <= NEAR_KM for name in given)
    # the middle of a large country is a convention; towns and provinces tell more of the resolver
    small = [name.kilometres <= NEAR_KM for name in given if name.small]
    return {
        "names": len(given),
        "resolved": round(len(resolved) / len(given), 4),
        "within_161_km": round(right / len(given), 4),
        "within_161_km_of_resolved": round(right / len(resolved), 4),
        "names_of_smaller_places": len(small),
        "smaller_within_161_km": round(sum(small) / len(small), 4),
        "median_km": round(sorted(resolved)[len(resolved) // 2], 1),
        "causes": dict(Counter(name.cause for name in given).most_common()),
        "seconds": round(time.perf_counter() - started, 1),
    }


def _resolve_given(article: Article, *, gazetteer: Gazetteer, words: PlaceWords) -> Iterator[Given]:
    text = article.text
    names = read_names(text, [location[:2] for location in article.locations], gazetteer=gazetteer, words=words)
    found = {
        (entry.named.start, entry.named.end): entry
        for entry in resolve_names(text, names, gazetteer=gazetteer, words=words)
    }
    for start, end, *at in article.locations:
        entry = found[start, end]
        place = _meant(entry)
        kilometres = _kilometres(place, *at)
        first = gazetteer.find(text[start:end])[:1]
        yield Given(
            kilometres=kilometres,
            small=not any(one.precision == "country" or one.country == "" for one in first),
            cause=_cause(place, [score.homonym.place for score in entry.scores], kilometres, (at[0], at[1])),
            wanted=f"{text[start:end]} ({at[0]}, {at[1]})",
            found=f"{place.id} {place.name} {place.country} {kilometres:.0f} km" if place else "-",
        )


def _meant(entry: Resolved) -> Place | None:
    """Return the place of a name; for a site that no source lists, the town that it is named after."""
    if entry.place is None and entry.scores and entry.named.phrase.kind == "site":
        return entry.scores[0].homonym.place
    return entry.place


def measure_found(shared: Path, gazetteer: Gazetteer, words: PlaceWords) -> dict[str, Any]:
    """Return for the places that heldby reads, and for those with the lands that it reads as sides ("Russia said"),
    how many of the corpus' names are found, in the same words or in part, and right, and how many found are names."""
    started = time.perf_counter()
    articles = list(read_geovirus(shared))
    counts: dict[str, Counter[str]] = {"places": Counter(), "places_and_lands": Counter()}
    for article, doc in zip(articles, load().read([article.text for article in articles]), strict=True):
        entities = [(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]
        lands = [
            span for span in entities if span[2] == "ORG" and _is_land(article.text[slice(*span[:2])], gazetteer)
        ]
        acting = [(start, end, "PLACE") for start, end, _ in lands]
        for name, read in (("places", entities), ("places_and_lands", [*(set(entities) - set(lands)), *acting])):
            spans = [(start, end) for start, end, label in read if label == "PLACE"]
            others = [(start, end) for start, end, label in read if label in {"PERSON", "ORG"}]
            names = read_names(article.text, spans, without=others, gazetteer=gazetteer, words=words)
            resolved = resolve_names(article.text, names, gazetteer=gazetteer, words=words)
            counts[name] += _matches([one for one in resolved if one.named.phrase.name], article.locations)
    return {
        **{name: _shares(count) for name, count in counts.items()},
        "seconds": round(time.perf_counter() - started, 1),
    }


def _is_land(name: str, gazetteer: Gazetteer) -> bool:
    """Tell whether an organisation's name is, as a whole, that of a country or a first-level area."""
    return any(homonym.place.precision in {"country", "province"} for homonym in gazetteer.homonyms(name))


def _matches(found: list[Resolved], locations: tuple[Location, ...]) -> Counter[str]:
    """Count names found and names of the corpus: all, those with a partner of the same words or of some of them, and
    those whose partner lies near."""
    counts = Counter({"found": len(found), "wanted": len(locations)})
    for entry in found:
        named = entry.named
        partners = [one for one in locations if _overlap(named, *one[:2])]
        counts["found exact"] += any((named.start, named.end) == one[:2] for one in partners)
        counts["found overlapping"] += bool(partners)
        counts["found right"] += any(_kilometres(_meant(entry), *one[2:]) <= NEAR_KM for one in partners)
    for start, end, *at in locations:
        own = [entry for entry in found if _overlap(entry.named, start, end)]
        counts["wanted exact"] += any((entry.named.start, entry.named.end) == (start, end) for entry in own)
        counts["wanted overlapping"] += bool(own)
        counts["wanted right"] += any(_kilometres(_meant(entry), *at) <= NEAR_KM for entry in own)
    return counts


def _shares(counts: Counter[str]) -> dict[str, Any]:
    measures = (("precision", "found"), ("recall", "wanted"))
    return {
        "names": counts["wanted"],
        "found": counts["found"],
        **{
            f"{how}_{measure}": round(counts[f"{of} {how}"] / counts[of], 4)
            for how in ("exact", "overlapping", "right")
            for measure, of in measures
        },
    }


def _overlap(named: Named, start: int, end: int) -> bool:
    return named.start < end and start < named.end


Location: TypeAlias = tuple[int, int, float, float]


@dataclass(frozen=True, slots=True)
class Article:
    """A text of GeoVirus and its names: start, end, latitude, longitude."""

    text: str
    locations: tuple[Location, ...]


def read_geovirus(shared: Path) -> Iterator[Article]:
    """Yield the articles of the corpus."""
    for article in ET.parse(shared / "data" / "geovirus" / "GeoVirus.xml").getroot():
        yield Article(article.findtext("text") or "", tuple(_locations(article)))


def _locations(article: ET.Element) -> Iterator[Location]:
    for location in article.iter("location"):
        # The corpus counts characters from one.
        start, end = int(location.findtext("start") or 0) - 1, int(location.findtext("end") or 0) - 1
        yield start, end, float(location.findtext("lat") or 0), float(location.findtext("lon") or 0)


def _kilometres(place: Place | None, latitude: float, longitude: float) -> float:
    if place is None or place.latitude is None or place.longitude is None:
        return math.inf
    north, east = math.radians(place.latitude - latitude), math.radians(place.longitude - longitude)
    chord = math.sin(north / 2) ** 2 + math.cos(math.radians(latitude)) * math.cos(math.radians(place.latitude)) * (
        math.sin(east / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(chord)))


def _cause(place: Place | None, candidates: list[Place], error: float, at: tuple[float, float]) -> str:
    if error <= NEAR_KM:
        return "right"
    if any(_kilometres(candidate, *at) <= NEAR_KM for candidate in candidates):
        return "another of the name was chosen" if place else "the right one was not believed"
    if place is None:
        return "no candidate" if not candidates else "no right candidate, none believed"
    if place.precision in {"country", "province", "region"}:
        return "an area whose middle lies elsewhere, or another place"
    return "no right candidate, a wrong one chosen"


def _print_examples(examples: Counter[tuple[str, str, str]], number: int) -> None:
    for (cause, wanted, found), times in examples.most_common(number):
        print(f"{times:4d}  {cause}: {wanted} -> {found}")


def measure_gold(
    shared: Path, name: str, gazetteer: Gazetteer, words: PlaceWords, *, errors: int = 0
) -> dict[str, Any]:
    """Return the number of claims, the shares resolved and resolved or with a larger area, and the seconds."""
    started = time.perf_counter()
    outcomes: Counter[str] = Counter()
    unresolved: Counter[tuple[str, str, str]] = Counter()
    mentions: dict[tuple[str, int, int], bool] = {}
    for reading in gold_readings(shared, name):
        for claim in resolve_places(reading, gazetteer=gazetteer, words=words).claims:
            ref = claim.place
            outcome = ref.place.precision if ref.place else ("larger area" if ref.within else "unknown")
            outcomes[outcome] += 1
            mentions[reading.document.id, ref.mention.start, ref.mention.end] = ref.place is not None
            if ref.place is None:
                unresolved[outcome, ref.mention.text, f"{ref.within} {ref.reason}"] += 1
    _print_examples(unresolved, errors)
    claims = sum(outcomes.values())
    resolved = claims - outcomes["larger area"] - outcomes["unknown"]
    return {
        "claims": claims,
        "resolved": round(resolved / claims, 4),
        "resolved_or_larger_area": round((claims - outcomes["unknown"]) / claims, 4),
        "mentions": len(mentions),
        "mentions_resolved": round(sum(mentions.values()) / len(mentions), 4),
        "outcomes": dict(outcomes.most_common()),
        "seconds": round(time.perf_counter() - started, 1),
    }


def gold_readings(shared: Path, name: str) -> Iterator[Reading]:
    """Yield the gold documents as readings whose claims have their place's words, and nothing resolved."""
    folder = shared / "gold"
    documents = {entry["id"]: entry for entry in json.loads((folder / f"{name}-docs.json").read_text("utf-8"))}
    for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        text = str(documents[gold["id"]]["text"])
        sentences = tuple(Span.of(text, *match.span()) for match in _SENTENCE.finditer(text))
        claims = tuple(
            claim
            for number, entry in enumerate(gold["claims"])
            for claim in _gold_claim(gold["id"], number, entry, text)
        )
        block = Block(kind="paragraph", start=0, end=len(text))
        document = Document(id=gold["id"], capture_id="", text=text, blocks=(block,), known_at=_DAY)
        yield Reading(document=document, sentences=sentences, mentions=(), claims=claims, quantities=())


def _gold_claim(document_id: str, number: int, entry: dict[str, Any], text: str) -> Iterator[Claim]:
    start = text.find(entry["sentence"])
    at = text.find(entry["place"], max(start, 0)) if entry["place"] else -1
    if at < 0:
        return
    sentence = Span.of(text, max(start, 0), max(start, 0) + len(entry["sentence"]))
    yield Claim(
        id=f"{document_id}-{number}",
        document_id=document_id,
        sentence=sentence,
        trigger=sentence,
        relation=entry["relation"],
        actor=Party(),
        opponent=Party(),
        place=PlaceRef(mention=Span.of(text, at, at + len(entry["place"])), name_text=entry["place"]),
        known_at=_DAY,
    )


if __name__ == "__main__":
    sys.exit(main())
