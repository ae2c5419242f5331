"""The words by which people head the columns of an order or of another list, and the recognition of a header row."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field

from .errors import IntakeError
from .numbers import shown

# Compared without case, accents, spaces and punctuation. English, German, French, Spanish, Italian, Portuguese, Dutch.
SYNONYMS = {
    "code": """
        code; product code; productcode; item code; item no; item number; item nr; item id; article code; article no;
        article number; sku; part number; part no; internal reference; default code; reference; product reference;
        product ref; ref; seller code; sellers item id; material; material number; material no;
        artikelnummer; artikel nr; artikelnr; art nr; artnr; artikelcode; produktcode; produktnummer; materialnummer;
        bestellnummer; bestell nr; code article; code produit; référence; référence produit; référence article; réf;
        código; código de producto; código producto; código artículo; código de artículo; referencia; referencia interna;
        codice; codice articolo; codice prodotto; riferimento; código do produto; código do artigo; referência;
        artikelcode leverancier; productcode leverancier; productnummer
    """,
    "barcode": """
        barcode; bar code; ean; ean13; ean 13; ean code; gtin; gtin 13; gtin 14; upc; upc code; strichcode; ean nummer;
        code barre; code barres; code à barres; code ean; código de barras; código barras; codice a barre; codice ean
    """,
    "name": """
        name; product name; item name; article name; description; product description; item description; designation;
        bezeichnung; artikelbezeichnung; produktname; produktbezeichnung; beschreibung; nom; nom du produit; désignation;
        libellé; nombre; nombre del producto; descripción; descrizione; nome; nome prodotto; nome do produto; descrição;
        omschrijving; productnaam; naam
    """,
    "product": "product; item; article; produkt; artikel; produit; producto; artículo; prodotto; articolo; produto; artigo",
    "quantity": """
        quantity; qty; order quantity; order qty; ordered quantity; ordered qty; quantity ordered; qty ordered; ordered;
        pieces ordered; menge; bestellmenge; anzahl; stückzahl; quantité; qté; qte; quantité commandée; quantité commande;
        cantidad; cant; cantidad pedida; quantità; qtà; quantidade; qtd; qtde; aantal; hoeveelheid; bestelhoeveelheid
    """,
    "unit": """
        unit; units; uom; unit of measure; unit of measurement; measure; packaging; pack unit; order unit; einheit;
        mengeneinheit; me; maßeinheit; verpackung; unité; unité de mesure; conditionnement; unidad; unidad de medida; udm;
        unità; unità di misura; um; unidade; unidade de medida; eenheid; verpakking
    """,
    "note": """
        note; notes; remark; remarks; comment; comments; line note; bemerkung; bemerkungen; kommentar; notiz; hinweis;
        remarque; remarques; commentaire; nota; notas; observación; observaciones; comentario; osservazioni; observação;
        opmerking; opmerkingen
    """,
}
PRODUCT = ("code", "barcode", "name", "product")
CODES = ("code", "barcode")
NEEDED = (*PRODUCT, "quantity")  # a row is a row of the order when one of these has content


def fold(text):
    """Return text without case, accents, spaces and punctuation, for comparing what people wrote."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]+", "", "".join(char for char in plain if not unicodedata.combining(char)))


@dataclass(frozen=True, slots=True)
class Words:
    """What the columns of one kind of list are called.

    `field_of`: {folded word: field}. `one_only`: fields that no two columns may claim; of the others the leftmost counts.
    `codes`: read as codes, never as numbers; `dates`: read as days. `more`: fields beyond those of an order, whose texts
    stand in `Row.more`. `remembered`: {signature of a header row: {field: column}}, what somebody said a header means.
    """

    field_of: dict
    one_only: tuple = ("code", "barcode", "product", "quantity", "unit")
    codes: tuple = CODES
    dates: tuple = ()
    more: tuple = ()
    remembered: dict = field(default_factory=dict)


def index_words(synonyms):
    """Return {folded word: field} of {field: words separated by semicolons}."""
    return {fold(word): name for name, words in synonyms.items() for word in words.split(";")}


ORDER = Words(index_words(SYNONYMS))


def signature(texts):
    """Return what a header row {column: text} is known by again: its words and their places."""
    words = "|".join(f"{column}:{fold(text[:80])}" for column, text in sorted(texts.items()) if text)
    return hashlib.sha256(words.encode()).hexdigest()


def recognise(texts, words=ORDER):
    """Return {field: column} when {column: text} is a header (a product and a quantity), else None."""
    if words.remembered and (known := words.remembered.get(signature(texts))):
        return known
    found = {}
    for column in sorted(texts):
        if name := words.field_of.get(fold(texts[column][:80])):
            found.setdefault(name, []).append(column)
    if not is_complete(found):
        return None
    for name in words.one_only:
        _refuse_second(found.get(name, ()), texts)
    return {name: same[0] for name, same in found.items()}


def is_complete(fields):
    """Whether these fields make a row: a quantity, and something that names the product."""
    return "quantity" in fields and any(name in fields for name in PRODUCT)


def _refuse_second(same, texts):
    if len(same) > 1:
        raise IntakeError("duplicate_header", first=shown(texts[same[0]]), second=shown(texts[same[1]]))
