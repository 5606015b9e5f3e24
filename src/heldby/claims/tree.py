"""Questions to a Universal Dependencies tree: who is the subject, what is the phrase, what stands above."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from spacy.tokens import Doc, Span, Token

CLAUSAL = frozenset(
    {"acl", "acl:relcl", "advcl", "advcl:relcl", "ccomp", "xcomp", "parataxis", "csubj", "root", "dep"}
)
HYPHENS = frozenset({"-", "\u2010", "\u2011", "\u2013"})
PHRASE = frozenset(
    {
        "nmod", "nmod:poss", "nmod:unmarked", "nmod:desc", "compound", "flat", "appos", "amod", "nummod", "det",
        "case", "fixed", "conj", "cc", "punct", "advmod", "det:predet", "cc:preconj", "compound:prt", "goeswith",
        "list", "nmod:npmod", "obl",
    }
)  # fmt: skip
# Regular endings of English verbs and nouns, and what may have stood in their place.
ENDINGS = (("ies", ("y",)), ("es", ("", "e")), ("s", ("",)), ("ied", ("y",)), ("ed", ("", "e")), ("ing", ("", "e")))
RELATIVES = frozenset({"who", "which", "that", "whom", "whose"})


# Where a document's text stands beside its Doc: spaCy joins it anew from the tokens at every question.
TEXT = "heldby.text"


def text_of(doc: Doc) -> str:
    """Return the text of a Doc, kept beside it by whoever read it first."""
    text = doc.user_data.get(TEXT)
    if not isinstance(text, str):
        text = doc.text
        doc.user_data[TEXT] = text
    return text


def span_text(span: Span) -> str:
    """Return the text of a Span, cut from the Doc's: spaCy joins that too anew from the tokens."""
    return text_of(span.doc)[span.start_char : span.end_char]


def children(token: Token, *deps: str) -> list[Token]:
    """Return the children with one of the labels, in text order."""
    return [child for child in token.children if child.dep_ in deps]


def cases(token: Token) -> tuple[str, ...]:
    """Return the lower-case prepositions of a nominal, with the words fixed to them ("out", "of")."""
    words: list[str] = []
    for child in children(token, "case"):
        words.append(child.lower_)
        words.extend(sub.lower_ for sub in child.children if sub.dep_ in {"fixed", "case"})
    return tuple(words)


def is_passive(verb: Token) -> bool:
    """Tell whether a verb is passive: a passive subject, auxiliary or agent, or a bare participle after its noun."""
    below = {child.dep_ for child in verb.children}
    if "aux:pass" in below:
        return True
    if "obj" in below:
        # a tree may call the subject of "fighters surrounded the village" a passive one
        return False
    if below & {"nsubj:pass", "obl:agent"}:
        return True
    if verb.dep_ in {"acl", "amod"} and not children(verb, "obj"):
        return verb.lower_.endswith(("ed", "en", "held", "taken", "lost", "won", "run", "hit", "cut"))
    return verb.dep_ == "conj" and is_passive(verb.head) and not children(verb, "nsubj", "obj")


def agent(verb: Token) -> Token | None:
    """Return who does it in a passive: the "by" phrase."""
    for child in children(verb, "obl:agent", "obl", "nmod"):
        case = cases(child)[:1]
        # "cleared of insurgents": a tree may take whom it is cleared of for who clears it
        if case == ("by",) or (child.dep_ == "obl:agent" and case not in {("of",), ("from",)}):
            return child
    # "driven out of X by Y": a tree may hang the agent on X
    below = [sub for child in children(verb, "obl", "obj") for sub in children(child, "nmod", "obl")]
    return next((sub for sub in below if cases(sub)[:1] == ("by",)), None)


def subject(verb: Token, *, depth: int = 0) -> Token | None:
    """Return the grammatical subject of a verb or predicate, through coordination, control and relative clauses."""
    own = children(verb, "nsubj", "nsubj:pass")
    if own:
        return _antecedent(own[0], verb)
    if depth > 6 or verb.dep_ == "root":
        return None
    above = verb.head
    if verb.dep_ in {"acl", "acl:relcl", "amod"}:
        return _aim_actor(above, depth=depth) if _is_infinitive(verb) else above
    if verb.dep_ == "xcomp":
        objects = children(above, "obj", "iobj")
        return objects[0] if objects else subject(above, depth=depth + 1)
    if verb.dep_ == "conj" and not children(verb, "cc"):
        # "helped troops repel": whoever is helped does it
        helped = [one for one in children(above, "obj", "iobj") if one.i == verb.i - 1]
        if helped:
            return helped[0]
    if verb.dep_ in {"conj", "advcl", "parataxis", "dep", "ccomp"}:
        found = subject(above, depth=depth + 1)
        by = agent(above) if is_passive(above) and verb.dep_ == "advcl" and not is_passive(verb) else None
        return by or found
    return None


def _aim_actor(noun: Token, *, depth: int) -> Token | None:
    """Return who has the aim in "launched an offensive to take X": the noun's owner, or the subject of its verb."""
    found = _noun_actor(noun, depth=depth, doing=frozenset())
    if noun.dep_ in {"obj", "obl", "nsubj:pass"} and noun.head.pos_ in {"VERB", "AUX"} and found is None:
        return subject(noun.head, depth=depth + 1)
    return found


def _is_infinitive(verb: Token) -> bool:
    return any(child.lower_ == "to" and child.dep_ in {"mark", "aux"} for child in verb.children)


def _antecedent(nominal: Token, verb: Token) -> Token:
    """Return what a relative pronoun stands for: the noun that its clause hangs on, or the one just before it."""
    if nominal.lower_ not in RELATIVES:
        return nominal
    if verb.dep_ in {"acl", "acl:relcl"} and verb.head.i < nominal.i:
        return verb.head
    before = [one for one in nominal.doc[nominal.sent.start : nominal.i] if not one.is_punct]
    return before[-1] if before and before[-1].pos_ in {"NOUN", "PROPN"} else nominal


def _noun_actor(noun: Token, *, depth: int, doing: frozenset[str]) -> Token | None:
    """Return whose attempt, bid or offensive it is: the owner, or the subject of the verb that governs the noun."""
    owners = children(noun, "nmod:poss")
    if owners:
        return owners[0]
    for child in children(noun, "nmod", "obl", "obl:agent"):
        if cases(child)[:1] == ("by",):
            return child
    done = [one for child in children(noun, "acl") if is_passive(child) for one in [agent(child)] if one is not None]
    if done:
        # "air strikes carried out by the coalition"
        return done[0]
    after = noun.doc[noun.i + 1] if noun.i + 1 < noun.sent.end else None
    if after is not None and after.lower_ == "by" and after.dep_ == "case":
        return after.head
    verb = noun.head if noun.dep_ != "conj" else noun.head.head
    if noun.dep_ in {"obj", "obl", "conj", "nsubj:pass"} and doing.intersection(base_forms(verb)):
        return agent(verb) if noun.dep_ == "nsubj:pass" or is_passive(verb) else subject(verb, depth=depth + 1)
    before = [child for child in children(noun, "compound", "amod") if child.i < noun.i]
    return before[0] if before else None


def noun_actor(noun: Token, *, doing: frozenset[str]) -> Token | None:
    """Return who does what a noun names ("the army's offensive"), or None.

    `doing`: verbs whose subject does what their object names ("launched an attack").
    """
    return _noun_actor(noun, depth=0, doing=doing)


def phrase(head: Token, *, clauses: bool = False, joined: bool = True) -> list[Token]:
    """Return the tokens of a noun phrase in text order, without its clauses unless asked for.

    `joined` False leaves out coordinated phrases.
    """
    found: list[Token] = []
    stack = [head]
    while stack:
        token = stack.pop()
        found.append(token)
        for child in token.children:
            if child.dep_ in {"conj", "cc"} and not joined and token.i == head.i:
                continue
            if child.dep_ in PHRASE or (clauses and child.dep_ in {"acl", "acl:relcl"}):
                stack.append(child)
    return sorted(found, key=lambda token: token.i)


def bounds(tokens: list[Token]) -> tuple[int, int]:
    """Return the character offsets of the unbroken run of tokens around the first, without outer punctuation."""
    run = [tokens[0]]
    for token in tokens[1:]:
        if not _joins(run[-1], token):
            break
        run.append(token)
    while run and _opens_outside(run[0]):
        run = run[1:]
    while run and ((run[-1].is_punct and run[-1].text != ")") or run[-1].lower_ in {"'s", "’s"}):
        run = run[:-1]
    if not run:
        return tokens[0].idx, tokens[0].idx + len(tokens[0])
    return run[0].idx, run[-1].idx + len(run[-1])


def run_around(tokens: list[Token], head: Token) -> list[Token]:
    """Return the unbroken run of tokens that a head stands in: a tree may leave out the middle of a phrase."""
    runs: list[list[Token]] = []
    for token in tokens:
        if not runs or not _joins(runs[-1][-1], token):
            runs.append([])
        runs[-1].append(token)
    return next((run for run in runs if any(token.i == head.i for token in run)), tokens)


def _joins(before: Token, after: Token) -> bool:
    """Tell whether two words of a phrase stand together, if need be over a compound such as "US-led"."""
    between = before.doc[before.i + 1 : after.i]
    return len(between) < 2 or (len(between) < 4 and any(token.text in HYPHENS for token in between))


def _opens_outside(token: Token) -> bool:
    if token.is_punct and token.text not in '(“"':
        return True
    return token.dep_ in {"case", "cc", "punct", "fixed", "mark"}


def ancestors(token: Token) -> Iterator[tuple[Token, Token]]:
    """Yield (lower, upper) pairs from the token up to the root of its sentence."""
    seen = 0
    while token.head.i != token.i and seen < 200:
        yield token, token.head
        token = token.head
        seen += 1


def clause_head(token: Token) -> Token:
    """Return the predicate of the clause in which a token stands."""
    for lower, _upper in ancestors(token):
        if lower.dep_ in CLAUSAL or (lower.pos_ in {"VERB", "AUX"} and lower.dep_ == "conj"):
            return lower
        token = lower.head
    return token


def within(token: Token, top: Token) -> bool:
    """Tell whether a token stands in the subtree of another (or is that one)."""
    return token.i == top.i or any(upper.i == top.i for _lower, upper in ancestors(token))


def base_forms(token: Token) -> tuple[str, ...]:
    """Return the lemma and the forms that are left when a regular ending is taken off."""
    return _forms(token.lemma_.lower(), token.lower_)


@lru_cache(maxsize=65536)
def _forms(lemma: str, word: str) -> tuple[str, ...]:
    forms = [lemma, word, lemma + "e"]
    for ending, fills in ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            forms += [stem + fill for fill in fills]
            if stem[-1] == stem[-2]:
                forms.append(stem[:-1])
    return tuple(dict.fromkeys(forms))
