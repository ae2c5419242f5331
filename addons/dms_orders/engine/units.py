"""Units as order files name them, brought to a few plain kinds that the Odoo layer maps to its units.

`UNECE` holds codes of UN/ECE Recommendation 20 (units) and 21 (packages, in orders with an `X` before them).
A kind in `PACKAGES` is no measure: what a case holds is a fact of the product, its packaging decides.
"""

from .columns import fold

PACKAGES = (
    "box",
    "carton",
    "case",
    "pack",
    "pallet",
    "bag",
    "bottle",
    "can",
    "crate",
    "tray",
    "bundle",
    "roll",
    "drum",
)

UNECE = {
    "C62": "unit", "EA": "unit", "H87": "unit", "NAR": "unit", "PCE": "unit", "PCB": "unit", "NMB": "unit", "SET": "unit",
    "E48": "unit", "XPP": "unit",
    "DZN": "dozen", "DZ": "dozen",
    "KGM": "kg", "GRM": "g", "TNE": "ton", "LBR": "lb", "ONZ": "oz",
    "LTR": "litre", "MLT": "ml", "MTQ": "m3", "GLL": "gal", "QT": "qt", "OZA": "floz", "FTQ": "ft3", "INQ": "in3",
    "MTR": "m", "CMT": "cm", "MMT": "mm", "KMT": "km", "INH": "in", "FOT": "ft", "YRD": "yd", "SMI": "mi",
    "MTK": "m2", "FTK": "ft2",
    "HUR": "hour", "DAY": "day", "MIN": "minute", "KWH": "kwh",
    "BX": "box", "CT": "carton", "CS": "case", "PK": "pack", "PA": "pack", "PF": "pallet", "PX": "pallet", "BG": "bag",
    "BO": "bottle", "CA": "can", "CR": "crate", "PU": "tray", "BE": "bundle", "RO": "roll", "RL": "roll", "DR": "drum",
}  # fmt: skip

_WORDS = {
    "unit": """unit units each ea pc pcs piece pieces stück stk st einheit pièce pièces pce pces unité unités u ud uds
               unidad unidades pieza piezas pezzo pezzi pz unità peça peças un stuk stuks""",
    "dozen": "dozen dozens doz dutzend dtzd douzaine docena dozzina dúzia dozijn",
    "kg": "kg kgs kilo kilos kilogram kilograms kilogramm kilogramme",
    "g": "g gr gram grams gramm gramme",
    "ton": "t ton tons tonne tonnes tonelada",
    "lb": "lb lbs pound pounds",
    "oz": "oz ounce ounces",
    "litre": "l lt ltr litre litres liter liters litro litros",
    "ml": "ml millilitre milliliter",
    "m": "m mtr metre metres meter meters metro metros mètre mètres",
    "cm": "cm",
    "mm": "mm",
    "km": "km",
    "hour": "h hr hrs hour hours stunde stunden heure heures hora horas",
    "day": "d day days tag tage jour jours día días",
    "box": "box boxes bx schachtel boîte boîtes caja cajas scatola doos",
    "carton": "carton cartons ctn ct karton kartons cartón cartone doosje",
    "case": "case cases cs kiste kisten caisse caisses cassa caixa",
    "pack": "pack packs pk package packages packung pak paquet paquets paquete paquetes pacco pacote colis",
    "pallet": "pallet pallets palette paletten palettes palé palet",
    "bag": "bag bags sack beutel sac sacs bolsa sacchetto saco zak",
    "bottle": "bottle bottles flasche flaschen bouteille bouteilles botella bottiglia garrafa fles",
    "can": "can cans dose dosen canette lata lattina blik",
    "crate": "crate crates tray trays",
    "roll": "roll rolls rolle rouleau rollo rotolo rol",
}
_KIND_OF = {fold(word): kind for kind, words in _WORDS.items() for word in words.split()}


def kind_of_code(code):
    """Return the kind of a UN/ECE code ("unit", "kg", "case", ...), or None."""
    code = code.strip().upper()
    return UNECE.get(code) or (UNECE.get(code[1:]) if code.startswith("X") and len(code) == 3 else None)


def kind_of_word(text):
    """Return the kind a written unit means ("pcs" is "unit"), a UN/ECE code included, or None."""
    return _KIND_OF.get(fold(text)) or kind_of_code(text)
