"""What schemes give for an order, slow and plain, in exact fractions: written from the rules alone, for the tests.

It takes the engine's facts and schemes as they are and shares no code with it.
"""

from fractions import Fraction
from math import floor

PHASES = ("net_price", "line discount", "free_product", "order value")


def exact(number):
    """The decimal number that was meant."""
    return Fraction(str(number))


def half_up(number):
    return floor(number + Fraction(1, 2))


def share_out(total, weights):
    """Parts of a total in proportion to weights, by largest remainder, the first of equal ones first."""
    everything = sum(weights.values())
    if not everything:
        return {}
    parts = {key: floor(Fraction(total * weight, everything)) for key, weight in weights.items()}
    while sum(parts.values()) < total:
        behind = {key: Fraction(total * weight, everything) - parts[key] for key, weight in weights.items()}
        parts[max(behind, key=behind.get)] += 1
    return parts


class ObviousOrder:
    """``answers`` is ``{code: (status, reason)}`` of schemes in force, ``entries`` what was given, in turn."""

    def __init__(self, facts, schemes):
        self.facts = facts
        self.rate = exact(facts.rate)
        self.lines = sorted((each for each in facts.lines if each.qualifies and each.quantity > 0), key=lambda each: each.rank)
        self.net = {each.key: each.value for each in self.lines}
        self.closed = set()
        self.answers, self.entries = {}, []
        in_force = [scheme for scheme in schemes if scheme.scope != "period" and self.is_in_force(scheme)]
        for phase in PHASES:
            self.run_phase(sorted((s for s in in_force if phase_of(s) == phase), key=lambda s: (s.sequence, s.code)))

    @property
    def reductions(self):
        return {each.key: each.value - self.net[each.key] for each in self.lines if each.value != self.net[each.key]}

    # ------------------------------------------------------------ choice

    def run_phase(self, schemes):
        decided = set()
        for scheme in schemes:
            if scheme.stacking != "best_of_group":
                self.settle(scheme, *self.judge(scheme))
            elif scheme.group not in decided:
                decided.add(scheme.group)
                self.run_group([s for s in schemes if s.stacking == "best_of_group" and s.group == scheme.group])

    def run_group(self, members):
        judged = {scheme: self.judge(scheme) for scheme in members}
        worth = {scheme: sum(entry["benefit"] for entry in entries) for scheme, (_answer, entries) in judged.items() if entries}
        best = max(worth, key=worth.get) if worth else None  # the first of equal ones
        for scheme, (answer, entries) in judged.items():
            if entries and scheme is not best:
                self.answers[scheme.code] = ("not", "group")
            else:
                self.settle(scheme, answer, entries)

    def settle(self, scheme, answer, entries):
        self.answers[scheme.code] = answer
        self.entries += entries
        for entry in entries:
            if scheme.timing == "on_invoice":
                for key, amount in entry["amounts"].items():
                    self.net[key] -= amount
            if scheme.stacking == "exclusive":
                self.closed.update(entry["keys"])

    # ------------------------------------------------------------ eligibility

    def is_in_force(self, scheme):
        facts = self.facts
        return all((
            scheme.date_from is None or facts.day >= scheme.date_from,
            scheme.date_to is None or facts.day <= scheme.date_to,
            not scheme.distributors or facts.distributor in scheme.distributors,
            not scheme.classes or facts.distributor_class in scheme.classes,
            not scheme.territories or scheme.territories & facts.territory,
            not scheme.tags or scheme.tags & facts.tags,
        ))  # fmt: skip

    def judge(self, scheme):
        """((status, reason), entries) of a scheme as its turn comes."""
        anything = not scheme.products and not scheme.categories
        covered = [each for each in self.lines if anything or each.product in scheme.products or each.path & scheme.categories]
        if not covered:
            return ("not", "no_product"), []
        opened = [each for each in covered if each.key not in self.closed]
        if not opened:
            return ("not", "exclusive"), []
        if scheme.scope == "basket" and len({each.product for each in opened}) < scheme.min_distinct:
            return ("not", "min_distinct"), []
        if not scheme.must_have <= {each.product for each in self.lines if each.key not in self.closed}:
            return ("not", "must_have"), []
        return self.award(scheme, self.bases(scheme, opened))

    def bases(self, scheme, lines):
        if scheme.scope == "basket":
            return [Base(self, scheme, lines, None)]
        products = list(dict.fromkeys(each.product for each in lines))
        return [Base(self, scheme, [each for each in lines if each.product == product], product) for product in products]

    def award(self, scheme, bases):
        entries = [entry for base in bases if (entry := base.entry()) and entry["benefit"]]
        if entries:
            entries, cap = self.within_caps(scheme, entries)
            return ("applied" if entries else "not", cap), entries
        if any(base.measure > 0 and base.is_short and base.can_grow for base in bases):
            return ("near", "threshold"), []
        if all(base.is_short for base in bases):
            return ("not", "threshold"), []
        return ("not", "no_value"), []

    # ------------------------------------------------------------ money of two currencies

    def in_order(self, amount):
        """A company amount in units of the order's rounding."""
        return exact(amount) * self.rate / exact(self.facts.rounding)

    def in_company(self, units):
        return half_up(units * exact(self.facts.rounding) / self.rate / exact(self.facts.company_rounding))

    # ------------------------------------------------------------ caps

    def within_caps(self, scheme, entries):
        used = self.facts.used.get(scheme.code)
        by_all, by_distributor = (exact(used.total), exact(used.distributor)) if used else (0, 0)
        coin = exact(self.facts.company_rounding)
        limits = {
            "max_per_order": exact(scheme.max_per_order) if scheme.max_per_order else None,
            "max_per_distributor": exact(scheme.max_per_distributor) - by_distributor if scheme.max_per_distributor else None,
            "budget": exact(scheme.budget) - by_all if scheme.budget else None,
        }
        left = {name: max(half_up(limit / coin), 0) for name, limit in limits.items() if limit is not None}
        if not left:
            return entries, ""
        name = min(left, key=left.get)  # the first of equal ones
        if self.fits([entry["benefit"] for entry in entries], left[name]):
            return entries, ""
        cut = self.cut_goods if entries[0]["free_product"] else self.cut_money
        return [entry for entry in cut(scheme, entries, left[name]) if entry["benefit"]], name

    def fits(self, benefits, left):
        """Whether benefits are within company units: as an amount of the order, and as the ledger counts its entries."""
        return sum(benefits) <= self.most(left) and sum(map(self.in_company, benefits)) <= left

    def most(self, left):
        units = half_up(left * exact(self.facts.company_rounding) * self.rate / exact(self.facts.rounding))
        return units if self.in_company(units) <= left else units - 1

    def cut_money(self, scheme, entries, left):
        weights = {}
        for each in self.lines:
            for entry in entries:
                if each.key in entry["keys"]:
                    weights[each.key] = max(self.net[each.key], 0) if scheme.scope == "basket" else entry["amounts"].get(each.key, 0)
        for total in range(min(self.most(left), sum(entry["benefit"] for entry in entries)), -1, -1):
            parts = share_out(total, weights)
            sums = [sum(parts.get(key, 0) for key in entry["keys"]) for entry in entries]
            if self.fits(sums, left):
                break
        return [
            {**entry, "benefit": benefit, "amounts": {key: parts[key] for key in entry["keys"] if parts.get(key)}}
            for entry, benefit in zip(entries, sums, strict=True)
        ]

    def cut_goods(self, scheme, entries, left):
        result, room, taken = [], self.most(left), 0
        for entry in entries:
            goods = self.facts.free(entry["free_product"])
            step = exact(goods.step)
            for steps in range(int(exact(entry["free_qty"]) / step), -1, -1):
                value = goods.value(float(steps * step)) if steps else 0
                if value <= room and self.fits([value], left - taken):
                    break
            room, taken = room - value, taken + self.in_company(value)
            result.append({**entry, "benefit": value, "free_qty": float(steps * step)})
        return result


def phase_of(scheme):
    benefit = scheme.slabs[0].benefit
    if benefit in ("net_price", "free_product"):
        return benefit
    return "line discount" if scheme.scope == "product" else "order value"


class Base:
    """What qualifies together."""

    def __init__(self, order, scheme, lines, product):
        self.order, self.scheme, self.lines, self.product = order, scheme, lines, product
        self.nets = {each.key: order.net[each.key] for each in lines}
        self.amount = sum(self.nets.values())
        self.quantity = sum(exact(each.quantity) for each in lines)
        self.measure = self.amount if scheme.basis == "amount" else self.quantity
        reached = [slab for slab in scheme.slabs if self.bound(slab.threshold) <= self.measure and self.measure > 0]
        self.slab = reached[-1] if reached else None
        self.times = self.get_times() if self.slab else 0

    def bound(self, number):
        return half_up(self.order.in_order(number)) if self.scheme.basis == "amount" else exact(number)

    def get_times(self):
        if not self.slab.repeat_every:
            return 1
        every = self.bound(self.slab.repeat_every)
        times = floor(self.measure / (max(every, 1) if self.scheme.basis == "amount" else every))
        return min(times, self.slab.max_times) if self.slab.max_times else times

    @property
    def is_short(self):
        return not self.times

    @property
    def can_grow(self):
        """Below its first threshold or repetition."""
        return self.slab is None or bool(self.slab.repeat_every)

    def entry(self):
        if not self.times:
            return None
        entry = {"code": self.scheme.code, "product": self.product, "threshold": self.slab.threshold, "base_amount": self.amount}
        entry |= {"keys": [each.key for each in self.lines], "amounts": {}, "free_product": None, "free_qty": 0.0, "times": self.times}
        if self.slab.benefit == "free_product":
            return entry | self.goods()
        amounts = {key: amount for key, amount in self.amounts().items() if amount}
        return entry | {"amounts": amounts, "benefit": sum(amounts.values())}

    def goods(self):
        product = self.slab.free_product or self.product
        goods = self.order.facts.free(product) if product else None
        if not goods:
            return {"benefit": 0}
        quantity = floor(self.times * exact(self.slab.free_qty) / exact(goods.step)) * exact(goods.step)
        return {"benefit": goods.value(float(quantity)), "free_product": product, "free_qty": float(quantity)}

    def amounts(self):
        if self.scheme.mode == "marginal":
            return self.on_total(self.marginal())
        if self.slab.benefit == "lump_amount":
            return self.on_total(self.times * self.order.in_order(self.slab.value))
        if self.slab.benefit == "percent" and self.scheme.scope == "basket":
            return self.on_total(self.amount * exact(self.slab.value) / 100)
        return {each.key: self.clip(each, half_up(self.off_line(each, self.slab))) for each in self.lines}

    def clip(self, line, amount):
        return max(min(amount, self.nets[line.key]), 0)

    def on_total(self, raw):
        room = {key: max(net, 0) for key, net in self.nets.items()}
        return share_out(max(min(half_up(raw), sum(room.values())), 0), room)

    def off_line(self, line, slab):
        """What a slab takes off a line, unrounded."""
        net, quantity = self.nets[line.key], exact(line.quantity)
        if slab.benefit == "percent":
            return net * exact(slab.value) / 100
        if slab.benefit == "unit_amount":
            return quantity * self.order.in_order(slab.value)
        return max(net - quantity * self.order.in_order(slab.value), 0)

    def marginal(self):
        bounds = [self.bound(slab.threshold) for slab in self.scheme.slabs]
        total = Fraction(0)
        for place, slab in enumerate(self.scheme.slabs):
            upper = bounds[place + 1] if place + 1 < len(bounds) else self.measure
            width = max(min(upper, self.measure) - bounds[place], 0)
            total += Fraction(width) / Fraction(self.measure) * sum(self.off_line(each, slab) for each in self.lines)
        return total
