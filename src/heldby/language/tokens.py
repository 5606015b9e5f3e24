"""Words of a text as exact character spans, cut as Universal Dependencies English cuts them.

Invariant: spans are in order, do not overlap, hold no white space, and cover every other character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from heldby.language.english import word_list

Span = tuple[int, int]

TITLES = frozenset(word_list("titles"))
_ABBREVIATIONS = "|".join(sorted((*word_list("titles"), *word_list("abbreviations")), key=len, reverse=True))
_PREFIXES = "|".join(word_list("prefixes"))
_UNITS = "|".join(word_list("units"))
_MARK = "['\u2019\u2018\u02bc`\u00b4]"
_DOMAINS = r"(?i:com|org|net|gov|edu|info|co\.uk|ru|tv|html?|pdf|doc|xls|txt|php)"
_LETTER = r"[^\W\d_]"
_PATTERN = re.compile(
    rf"""
    (?P<url>(?:https?|ftp|file|mms)://[^\s<>"\u201d\u201c]{{1,400}} | www\.[^\s<>"\u201d\u201c]{{1,400}}
        | \b[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{0,4}}\.{_DOMAINS}\b(?:/[^\s<>"]{{0,400}})?
        | (?<![\w.])(?:[a-z][a-z-]{{0,30}}\.){{2,6}}[a-z][a-z-]{{1,30}}(?![\w.]))
  | (?P<mail>[\w.+%-]{{1,64}}@[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{0,6}})
  | (?P<handle>(?<!\w)[@\#](?=\w{{0,99}}{_LETTER})\w{{1,200}})
  | (?P<emoticon>(?<![\w)])(?:[:;=8]-?[)(DPp]{{1,9}}|<3)(?![\w)]))
  | (?P<phone>(?<![\w-])(?:\d-)?\d{{3}}-(?:\d{{3}}-)?\d{{4}}(?![\w-])
        | (?<![\w+])\+\d[\d-]{{6,20}})
  | (?P<date>(?<![\w/-])\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?(?![\w/]) | (?<![\w-])\d{{4}}-\d{{2}}-\d{{2}}(?![\w-]))
  | (?P<number>(?<!\w)(?>\d{{1,40}}(?:,\d{{3}}(?!\d)){{0,12}}(?:[.:]\d{{1,40}}){{0,9}})
        (?:(?:st|nd|rd|th|s|(?<=0){_MARK}s)(?!\w) | (?!{_LETTER}) | (?=(?i:{_UNITS})(?!\w))
            | (?<=[.:]\d\d)(?={_LETTER}))
        | (?<![\w.])\.\d{{1,40}})
  | (?P<acronym>(?<!\w)(?:{_LETTER}\.){{2,20}}(?:{_LETTER}(?!\w))? | (?<!\w)Ph\.D\.?)
  | (?P<initial>(?<![\w{_MARK[1:-1]}])[A-Z]\.(?=\s+[A-Z][\w.]))
  | (?P<abbreviation>(?<!\w)(?:{_ABBREVIATIONS})\.(?!\w)
        | (?<!\w)(?:No|[bcdmp])\.(?=\s*\d))
  | (?P<prefixed>(?<![\w-])(?i:{_PREFIXES})-\w{{1,200}}(?:{_MARK}\w{{1,200}}){{0,6}})
  | (?P<firm>(?<!\w)[A-Z]{{1,20}}(?:&[A-Z]{{1,20}}){{1,4}}(?!\w) | (?<!\w)US\$)
  | (?P<word>\w{{1,200}}(?:{_MARK}\w{{1,200}}){{0,6}})
  | (?P<clitic>(?<=[\w.]){_MARK}(?i:s|m|re|ve|ll|d)(?!\w))
  | (?P<run>\[\.{{3}}\] | \.{{2,200}} | \.[!?]{{1,200}} | -{{2,200}}
        | ={{2,200}} | \*{{2,200}} | ~{{2,200}} | \#{{2,200}} | [!?]{{2,200}}\.?
        | [\u2018\u2019]{{2}} | \+{{2,200}} | \${{2,200}} | '' | `` | <{{2,200}} | >{{2,200}})
  | (?P<other>\S)
    """,
    re.VERBOSE,
)
_SPACE = re.compile(r"\s*")
_NOT = re.compile(rf"(?i)(?<=\w)n{_MARK}t$")
_CLITIC = re.compile(rf"(?i)(?<=\w){_MARK}(?:s|m|re|ve|ll|d)$")
_JOINTS = {word.replace("-", ""): word.index("-") for word in word_list("joined")}
_MAY_SPLIT = frozenset({"word", "prefixed"})
_LONGEST = 200
_TRAILING = ".,;:!?)]}'\u2019"


def words(text: str, *, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Yields the word spans of text[start:end], in order; what has no space for 200 characters is cut there."""
    stop = len(text) if end is None else end
    position = start
    while match := _PATTERN.match(text, _SPACE.match(text, position, stop).end(), stop):  # type: ignore[union-attr]
        first, last = match.span()
        kind = match.lastgroup
        if kind == "url":
            last = first + _url_length(text[first:last])
        position = last = min(last, first + _LONGEST)
        cut = _joint(text[first:last]) if kind in _MAY_SPLIT else 0
        if cut:
            yield first, first + cut
            yield first + cut, last
        else:
            yield first, last


def _joint(word: str) -> int:
    """Returns where the clitic of a contraction begins, or 0."""
    if found := _NOT.search(word):
        return found.start()
    if found := _CLITIC.search(word):
        return found.start()
    return _JOINTS.get(word.lower(), 0)


def _url_length(address: str) -> int:
    """Returns an address's length without the punctuation after it, which belongs to the sentence."""
    return max(1, len(address.rstrip(_TRAILING)))
