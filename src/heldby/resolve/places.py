"""Which place every claim of a report is about."""

from __future__ import annotations

from dataclasses import replace

from heldby.records import Candidate, Claim, Place, PlaceRef, Reading, Span
from heldby.resolve.gazetteer import Gazetteer
from heldby.resolve.place_antecedents import best_antecedent
from heldby.resolve.place_context import LEAST_SHARE_BY_SOUND, Resolved, read_names, resolve_names
from heldby.resolve.place_evidence import Score, Surroundings, ranked
from heldby.resolve.place_names import fold
from heldby.resolve.place_phrases import PlaceWords, parse_phrase
from heldby.resolve.place_report import ReportNames, pointer_to

CANDIDATES_KEPT = 5
# Of these a side is a place of its own ("northern Syria").
WIDE = frozenset({"country", "province", "region"})
_CLEARLY_MORE = 1.25


def resolve_places(reading: Reading, *, gazetteer: Gazetteer, words: PlaceWords) -> Reading:
    """Return the reading with every claim's place resolved, or left unresolved with the area that it lies in.

    A place that cannot be told keeps its mention; `within` then names the smallest area known. Places that lost
    stand in `candidates`. What other sentences say about other countries does not move a name that only one place
    bears.
    """
    text = reading.document.text
    spans = [span for mention in reading.mentions if mention.kind == "place" for span in [mention.span]]
    targets = {claim.id: _target(claim, text) for claim in reading.claims}
    wanted = [(span.start, span.end) for span in spans if not _covers_other(span, list(targets.values()))]
    wanted += [(span.start, span.end) for span in targets.values()]
    without = [(m.span.start, m.span.end) for m in reading.mentions if m.kind in {"person", "organisation"}]
    names = read_names(text, wanted, without=without, gazetteer=gazetteer, words=words)
    resolved = resolve_names(text, names, gazetteer=gazetteer, words=words)
    report = ReportNames(reading, resolved, words=words)
    by_span = {(entry.named.start, entry.named.end): entry for entry in resolved}
    claims = []
    for claim in reading.claims:
        span = targets[claim.id]
        entry = by_span[span.start, span.end]
        if entry.named.phrase.name and claim.place.name_text:
            ref = _named_ref(claim, entry, gazetteer=gazetteer)
            report.note(entry)
        else:
            ref = _pointing_ref(claim, entry, report, gazetteer=gazetteer, words=words)
            claim = _of_site(claim, ref, words=words)
        claims.append(replace(claim, place=ref))
    return replace(reading, claims=tuple(claims))


def resolve_place_name(name: str, *, gazetteer: Gazetteer, words: PlaceWords, country: str = "") -> tuple[Place, ...]:
    """Return the places that a name given by a person may mean, the likeliest first; () where there is none.

    "Homs province" and "Palmyra, Syria" are understood. `country` is an ISO 3166 alpha-2 code.
    """
    direct = gazetteer.by_id(name)
    if direct is not None:
        return (direct,)
    phrase = parse_phrase(name, gazetteer=gazetteer, words=words)
    called = phrase.name or name
    homonyms = gazetteer.homonyms(called) or gazetteer.sounding_like(called)
    containers = frozenset(
        homonym.place.id
        for homonym in gazetteer.homonyms(phrase.container)
        if homonym.place.precision in {"country", "province", "region", "district"}
    )
    around = Surroundings(
        countries={country.upper(): 1.0} if country else {}, containers=containers, kind=phrase.kind
    )
    places = [entry.homonym.place for entry in ranked(homonyms, around)]
    places = [place for place in places if not country or place.country == country.upper()] or places
    if phrase.side:
        places = [
            gazetteer.side_of(place, phrase.side) if place.precision in {"country", "province"} else place
            for place in places
        ]
    return tuple(places)


def _target(claim: Claim, text: str) -> Span:
    """Return the words to resolve: the mention, at its place in the text."""
    mention = claim.place.mention
    return mention if text[mention.start : mention.end] == mention.text else Span(mention.start, mention.end, "")


def _covers_other(span: Span, targets: list[Span]) -> bool:
    return any(span.start < target.end and target.start < span.end for target in targets)


def _named_ref(claim: Claim, entry: Resolved, *, gazetteer: Gazetteer) -> PlaceRef:
    mention = claim.place.mention
    name = entry.named.phrase.name
    if entry.place is None:
        within, reason = _larger_area(entry, gazetteer=gazetteer)
        return PlaceRef(
            mention=mention,
            name_text=name,
            within=within,
            candidates=_candidates(entry.scores),
            reason=reason,
        )
    reason = f"“{name}” is {_label(entry.place)}: {_reasons(entry.scores[0])}."
    return PlaceRef(
        mention=mention,
        name_text=name,
        place=entry.place,
        side="" if entry.place.precision in WIDE else entry.named.phrase.side,
        candidates=_candidates(entry.scores[1:]),
        reason=reason,
    )


def _pointing_ref(
    claim: Claim, entry: Resolved, report: ReportNames, *, gazetteer: Gazetteer, words: PlaceWords
) -> PlaceRef:
    """Resolve "the city" and its like through the report."""
    mention = claim.place.mention
    pointer = pointer_to(mention, claim.place.may_mean, report, words=words)
    found = best_antecedent(report.around(pointer), pointer)
    if found is None:
        within = _country_of(entry)
        land = gazetteer.by_id(within) if pointer.kind == "country" and within else None
        if land is not None:
            reason = f"“{mention.text}” is {land.name}: the report is mainly about it."
            return PlaceRef(mention=mention, name_text=land.name, place=land, reason=reason)
        reason = f"The report names no place that “{mention.text}” could stand for."
        return PlaceRef(mention=mention, name_text=mention.text, within=within, reason=reason)
    antecedent, why = found
    report.note(antecedent)
    place = antecedent.place
    if pointer.kind == "capital" and place is not None:
        place = gazetteer.capital(place) or place
    # "the Old City" has a name, though only its town has an entry
    name = claim.place.name_text or antecedent.named.phrase.name
    label = _label(place) if place else "not in the gazetteer"
    return PlaceRef(
        mention=mention,
        name_text=name,
        place=place,
        within="" if place else _larger_area(antecedent, gazetteer=gazetteer)[0],
        candidates=_candidates(antecedent.scores[1:]),
        reason=f"“{mention.text}” stands for {name} ({label}): {why}.",
    )


def _of_site(claim: Claim, ref: PlaceRef, *, words: PlaceWords) -> Claim:
    """Return a claim told of a site in a town ("the military airport"), which is a part of it."""
    kinds = {words.nouns.get(fold(word)) for word in claim.place.mention.text.split(" of ")[0].split()}
    if claim.extent == "part" or "site" not in kinds or ref.place is None or ref.place.precision != "town":
        return claim
    return replace(claim, extent="part", part=claim.place.mention)


def _larger_area(entry: Resolved, *, gazetteer: Gazetteer) -> tuple[str, str]:
    """Return the id of the smallest area that a name without a place lies in, and a sentence."""
    name = entry.named.phrase.name
    best = entry.scores[0] if entry.scores else None
    if best and entry.named.phrase.kind in {"site", "area"} and best.homonym.exactness >= 0.95:
        place = best.homonym.place
        if entry.countries.get(place.country, 0.0) >= LEAST_SHARE_BY_SOUND:
            return place.id, f"No source lists this {entry.named.phrase.noun}; it is named after {_label(place)}."
    for area in sorted(entry.containers, key=lambda area: (-area.count("-"), area)):
        found = gazetteer.by_id(area)
        if found:
            return area, f"The gazetteer has no {name}; the report puts it in {found.name}."
    country = _country_of(entry)
    found = gazetteer.by_id(country) if country else None
    if found:
        return country, f"The gazetteer has no fitting {name}; the report is about {found.name}."
    return "", f"The gazetteer has no fitting {name}."


def _country_of(entry: Resolved) -> str:
    """Return the id of the country that the report is mainly about, "" where that cannot be told."""
    shares = sorted(((share, code) for code, share in entry.countries.items()), reverse=True)
    second = shares[1][0] if len(shares) > 1 else 0.0
    if not shares or shares[0][0] < LEAST_SHARE_BY_SOUND or shares[0][0] < _CLEARLY_MORE * second:
        return ""
    return f"iso:{shares[0][1]}"


def _candidates(scores: tuple[Score, ...]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            place_id=entry.homonym.place.id,
            label=_label(entry.homonym.place),
            score=entry.total,
            reason=_reasons(entry),
        )
        for entry in scores[:CANDIDATES_KEPT]
    )


def _reasons(score: Score) -> str:
    return "; ".join(score.reasons[:3]) or "nothing speaks for another place"


def _label(place: Place) -> str:
    """Return the place's name with the areas that it lies in, the smallest first."""
    country = place.country if place.precision != "country" else ""
    return ", ".join(part for part in (place.name, *reversed(place.admin), country) if part)
