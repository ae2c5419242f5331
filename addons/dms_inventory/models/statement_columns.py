"""The words by which people head the columns of a report of sell-out or of a count, in the languages of the orders' words."""

from odoo.addons.dms_orders.engine.columns import PRODUCT, SYNONYMS, Words, index_words, is_complete

#: what a column of a statement can be; `product` is a code or a name
FIELDS = (*PRODUCT, "quantity", "unit", "lot", "retailer", "price", "date")

_QUANTITY = (
    "quantity; qty; menge; anzahl; stückzahl; quantité; qté; qte; cantidad; cant; quantità; qtà; quantidade; qtd; aantal; hoeveelheid"
)
_SOLD = """
    sold; sold quantity; sold qty; quantity sold; qty sold; units sold; pieces sold; sales; sales quantity; sales qty; sell out; sellout;
    sell out quantity; sell out qty; verkauft; verkaufte menge; verkaufsmenge; abverkauf; absatz; absatzmenge; vendu; vendus;
    quantité vendue; qté vendue; ventes; sell out unités; vendido; vendidos; cantidad vendida; unidades vendidas; ventas; venduto; venduti;
    quantità venduta; vendite; quantidade vendida; unidades vendidas; vendas; verkocht; verkochte hoeveelheid; verkoop; afzet
"""
_COUNTED = """
    counted; counted quantity; counted qty; quantity counted; count; physical count; stock; stock quantity; stock qty; stock on hand; on hand;
    quantity on hand; qty on hand; closing; closing stock; closing balance; closing quantity; end stock; ending stock; inventory; balance;
    bestand; lagerbestand; endbestand; istbestand; ist menge; gezählt; gezählte menge; inventur; inventurmenge; stock final; stock physique;
    quantité comptée; qté comptée; compté; inventaire; quantité en stock; existencias; existencia; stock final; stock físico; contado;
    cantidad contada; inventario; saldo; giacenza; giacenza finale; rimanenza; rimanenze; quantità contata; contato; inventario; esistenza;
    estoque; estoque final; existências; stock final; quantidade contada; contado; inventário; voorraad; eindvoorraad; voorraad stand;
    geteld; geteld aantal; getelde hoeveelheid; inventaris
"""
_WORDS = {
    **{name: SYNONYMS[name] for name in (*PRODUCT, "unit", "note")},
    "lot": """
        lot; lot number; lot no; lot nr; lotno; batch; batch number; batch no; batch nr; lot serial number; charge; chargennummer; chargen nr;
        chargennr; los; losnummer; numéro de lot; n de lot; no de lot; lote; número de lote; n lote; lotto; numero lotto; numero di lotto;
        partij; partijnummer; batchnummer; lotnummer
    """,
    "retailer": """
        retailer; customer; customer name; sold to; outlet; shop; store; point of sale; pos; händler; einzelhändler; kunde; kundenname; filiale;
        markt; verkaufsstelle; détaillant; client; nom du client; magasin; point de vente; minorista; cliente; nombre del cliente; tienda;
        punto de venta; dettagliante; negozio; rivenditore; punto vendita; varejista; loja; ponto de venda; winkel; klant; detailhandelaar
    """,
    "price": """
        price; unit price; sales price; selling price; price per unit; preis; einzelpreis; verkaufspreis; stückpreis; prix; prix unitaire;
        prix de vente; precio; precio unitario; precio de venta; prezzo; prezzo unitario; prezzo di vendita; preço; preço unitário;
        preço de venda; prijs; stukprijs; verkoopprijs
    """,
    "date": """
        date; day; sales date; date of sale; sold on; count date; datum; tag; verkaufsdatum; verkaufstag; zähldatum; date de vente; jour;
        date du comptage; fecha; día; fecha de venta; data; giorno; data di vendita; data da venda; dia; dag; verkoopdatum; teldatum
    """,
}
_QUANTITIES = {"sellout": _QUANTITY + "; " + _SOLD, "count": _QUANTITY + "; " + _COUNTED, "correction": _QUANTITY}


def get_words(kind, remembered=None):
    """Return the `Words` of a statement of a kind: a list with sold and closing quantities means one of them, as its kind says.

    :param remembered: {signature of a header row: {field: column}}
    """
    synonyms = {**_WORDS, "quantity": _QUANTITIES[kind]}
    return Words(
        index_words(synonyms),
        one_only=("code", "barcode", "product", "quantity", "unit", "lot"),
        codes=("code", "barcode", "lot"),
        dates=("date",),
        more=("lot", "retailer", "price", "date"),
        remembered=remembered or {},
    )


def check_mapping(fields):
    """Return {field: column} if that is a mapping rows can be read by, else None.

    :param fields: whatever was chosen or stored, of any shape
    """
    if not isinstance(fields, dict) or not is_complete(fields):
        return None
    columns = list(fields.values())
    whole = all(isinstance(column, int) and not isinstance(column, bool) and 0 <= column < 40 for column in columns)
    return fields if whole and set(fields) <= {*FIELDS} and len(set(columns)) == len(columns) else None
