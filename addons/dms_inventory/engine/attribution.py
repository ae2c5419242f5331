"""Whose goods a movement without a lot takes, and from which receipts what is left came."""


def take(quantity, lots):
    """Split a quantity that names no lot over lots, in the order given; what they do not hold stays without one.

    :param float quantity: positive, in the product's own unit
    :param lots: ``[(lot id, quantity that may be taken)]``, the first to be taken first
    :return: list of ``(lot id or None, quantity)``, each positive, that sums to ``quantity``
    """
    parts = []
    for lot, free in lots:
        part = min(quantity, free)
        if part > 0:
            parts.append((lot, part))
            quantity -= part
    if quantity > 0:
        parts.append((None, quantity))
    return parts


def newest(balance, receipts):
    """Attribute a balance to the newest receipts, since the oldest goods are sold first.

    :param float balance: in the product's own unit
    :param receipts: ``[(key, quantity)]``, the newest first
    :return: list of ``(key, quantity)`` that sums to ``balance`` where that is positive; the key of what no receipt explains is None
    """
    return [(key, part) for key, part in take(balance, receipts)] if balance > 0 else []
