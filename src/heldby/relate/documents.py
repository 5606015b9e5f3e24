"""Documents as texts that may be copies, and who repeats whom among documents that are all at hand."""

from __future__ import annotations

from collections.abc import Iterable

from heldby.records import Document, Lineage, Origin, Ties
from heldby.relate.copies import MemoryShelf, Shelved, settle
from heldby.relate.credits import own_voice
from heldby.relate.names import fold_name
from heldby.relate.rules import LineageRules
from heldby.relate.shingles import Signer, document_words
from heldby.relate.sketches import Sketches, microseconds


class DocumentSigner:
    """Makes documents ready to be compared."""

    def __init__(self, rules: LineageRules) -> None:
        self._rules = rules
        self._signer = Signer(rules.documents, seed=rules.seed)

    def shelve(self, document: Document) -> Shelved:
        """Return what of a document tells whether it is a copy, and whose voice it is."""
        voice, reason = own_voice(document, rules=self._rules)
        signed = self._signer.sign(document_words(document))
        outlet = fold_name(document.outlet)
        return Shelved(known_at=document.known_at, signed=signed, outlet=outlet, voice=voice, reason=reason)

    def glance(self, document: Document) -> Shelved:
        """Return what of a document others are compared with."""
        signed = self._signer.sign(document_words(document), bands=False)
        return Shelved(known_at=document.known_at, signed=signed, outlet=fold_name(document.outlet))


def find_origins(
    documents: Iterable[Document], *, rules: LineageRules | None = None, ties: Ties | None = None
) -> dict[str, Origin]:
    """Return for each document its original among those known before it, and whose voice it is."""
    rules = rules or LineageRules()
    found = {document.id: document for document in documents}
    if not found:
        return {}
    signer = DocumentSigner(rules)
    texts = {id_: signer.shelve(document) for id_, document in found.items()}
    sketches = Sketches(rules.documents)
    sketches.put([(id_, microseconds(text.known_at), text.signed) for id_, text in texts.items()])
    shelf = MemoryShelf(texts, met=sketches.meet_all())
    moments = [(document.known_at, document.id) for document in found.values()]
    settle(moments, shelf=shelf, likeness=rules.documents, ties=ties or Ties())
    origins = {id_: shelf.standing(id_) for id_ in found}
    return {id_: origin for id_, origin in origins.items() if origin is not None}


def relate_documents(documents: Iterable[Document], *, rules: LineageRules | None = None) -> tuple[Lineage, ...]:
    """Return for each document that is a copy the link to its original, in the order in which they became known."""
    origins = find_origins(documents, rules=rules)
    ordered = sorted(origins.values(), key=lambda origin: origin.moment)
    return tuple(origin.link for origin in ordered if origin.link)
