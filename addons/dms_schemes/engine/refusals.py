"""What approval refuses of a scheme as it was entered, before it can be compiled."""

from collections.abc import Mapping

MARGINAL_BENEFITS = ("percent", "unit_amount", "net_price")
REPEATED_BENEFITS = ("lump_amount", "free_product")
NEVER_NEGATIVE = ("budget_amount", "max_per_order", "max_per_distributor", "min_distinct_products")
NEVER_NEGATIVE_IN_SLABS = ("threshold", "value", "free_qty", "repeat_every", "max_times")


def refusals(values: Mapping) -> list[tuple[str, str]]:
    """Why a scheme cannot be approved: (field, code), each pair once, in a fixed order; empty when it can.

    :param values: fields of the scheme by name, ``slab_ids`` a list of such mappings of slabs; what is missing is empty. A
        slab may say ``free_product_sellable`` False of the product it gives.
    """
    slabs = list(values.get("slab_ids") or ())
    found = [*_of_scheme(values), *_of_slabs(values, slabs)]
    for slab in slabs:
        found += _of_slab(values, slab)
    return list(dict.fromkeys(found))


def _of_scheme(values):
    first, last = values.get("date_from"), values.get("date_to")
    is_period = values.get("scope") == "period"
    if first and last and last < first:
        yield "date_to", "dates_reversed"
    if values.get("stacking") == "best_of_group" and not values.get("group"):
        yield "group", "group_missing"
    if is_period and values.get("timing") == "on_invoice":
        yield "timing", "period_on_invoice"
    if values.get("basis") == "growth" and not is_period:
        yield "basis", "growth_without_period"
    yield from ((name, "negative") for name in NEVER_NEGATIVE if (values.get(name) or 0) < 0)


def _of_slabs(values, slabs):
    if not slabs:
        yield "slab_ids", "no_slab"
    thresholds = [slab.get("threshold") or 0 for slab in slabs]
    if len(set(thresholds)) < len(thresholds):
        yield "threshold", "equal_thresholds"
    if len({_phase_of(slab.get("benefit")) for slab in slabs}) > 1:
        yield "benefit", "different_phases"


def _of_slab(values, slab):
    benefit = slab.get("benefit")
    is_free = benefit == "free_product"
    yield from ((name, "negative") for name in NEVER_NEGATIVE_IN_SLABS if (slab.get(name) or 0) < 0)
    if benefit == "percent" and (slab.get("value") or 0) > 100:
        yield "value", "percent_over_100"
    if values.get("mode") == "marginal" and benefit not in MARGINAL_BENEFITS:
        yield "mode", "marginal_benefit"
    if slab.get("repeat_every") and benefit not in REPEATED_BENEFITS:
        yield "repeat_every", "repeat_benefit"
    if is_free and values.get("scope") == "basket" and not slab.get("free_product_id"):
        yield "free_product_id", "basket_free_unnamed"
    if is_free and values.get("scope") == "period":
        yield "benefit", "period_free"
    if is_free and not slab.get("free_product_sellable", True):
        yield "free_product_id", "free_unsellable"


def _phase_of(benefit):
    return benefit if benefit in ("net_price", "free_product") else "other"
