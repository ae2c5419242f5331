from odoo import api, models
from odoo.tools import format_date

from .dms_credit_position import BUCKETS

#: rows of a list on the page of the position
ROWS = 5
#: share of the limit from which the gauge warns, in percent
NEARLY_USED = 90
#: securities that are the distributor's own; it is not told of others by name
OWN_SECURITIES = ("deposit", "guarantee")


class DmsCreditAccount(models.Model):
    """What the distributor's own pages show of its account.

    Called with full rights for the account that the page looked up for its user; plain values leave, every amount as
    text in the company's currency and the user's language.
    """

    _inherit = "dms.credit.account"

    def _prepare_portal_values(self):
        """The credit position of one account: what is used of the limit, what is overdue, and what is under way.

        Extended by modules that add terms to the exposure (see :meth:`_get_portal_terms`) or facts of their own.

        :return: ``{"currency": str, "day": str, "has_limit", "shows_credit", "may_request": bool, "notices": [notice],
            "gauge": dict, "limit_parts": [{"label", "detail", "amount"}], "ageing": dict, "overdue": dict,
            "payment": {"date", "amount"} | None, "announced": {"amount", "rows"}, "coming": [{"label", "detail", "amount"}],
            "holds": [{"order", "amount", "lines", "url"}]}``; the dictionaries are those of the methods below. ``shows_credit`` is
            False where there is neither limit nor check: the page then shows receivables alone
        """
        self.ensure_one()
        position = self._get_positions()[self]
        today = self.company_id._dms_today()
        extensions = self._get_portal_extensions(today)
        valid = extensions.filtered(lambda extension: extension.date_from <= today)
        return {
            "currency": self.currency_id.name,
            "day": format_date(self.env, today),
            "has_limit": self.has_limit,
            "shows_credit": self._shows_credit(),
            "may_request": self._may_request_extension(),
            "notices": self._prepare_portal_notices(position),
            "gauge": self._prepare_portal_gauge(position),
            "limit_parts": self._prepare_portal_limit_parts(position, valid),
            "ageing": self._prepare_portal_ageing(position, position["receivable_amount"]),
            "overdue": self._prepare_portal_overdue(position),
            "payment": self._prepare_portal_payment(),
            "announced": self._prepare_portal_announced(),
            "coming": [extension._prepare_portal_part() for extension in extensions - valid],
            "holds": self._prepare_portal_holds(),
        }

    def _shows_credit(self):
        return self.has_limit or self.policy != "none" or self.is_stopped

    def _may_request_extension(self):
        """Whether a temporary limit would change anything."""
        return self.has_limit

    def _money(self, amount):
        return self.currency_id.format(amount)

    # ------------------------------------------------------------ what stands against orders

    def _prepare_portal_notices(self, position):
        """What holds new orders, or soon will, worst first.

        :return: list of ``{"tone", "icon", "title", "text", "action": {"label", "url"} | None}``
        """
        active = self.env["dms.order.gate"]._get_active_ids()
        notices = (
            self._prepare_stop_notice(),
            self._prepare_over_notice(position, self.policy == "hold" and "credit_limit" in active),
            self._prepare_overdue_notice(position, self.policy == "hold" and "overdue" in active),
            self._prepare_review_notice(self.policy == "hold" and "credit_review" in active),
        )
        return [{"action": None, **notice} for notice in notices if notice]

    def _prepare_stop_notice(self):
        if not self.is_stopped:
            return None
        _ = self.env._
        text = _("New orders wait until the stop is lifted. Please contact our credit department.")
        return {"tone": "danger", "icon": "fa-ban", "title": _("Your credit is stopped at the moment."), "text": text}

    def _prepare_over_notice(self, position, holds):
        over = self._get_over_amount(position)
        if not over:
            return None
        _ = self.env._
        amount = self._money(over)
        text = _("New orders wait until you pay this amount or more.") if holds else _("Please bring your account back within its limit.")
        return {
            "tone": "danger",
            "icon": "fa-exclamation-triangle",
            "title": _("You are over your limit by %(amount)s.", amount=amount),
            "text": text,
            "action": {"label": _("Announce a payment"), "url": "/my/dms/credit/payments/new"},
        }

    def _prepare_overdue_notice(self, position, holds):
        if not position["overdue_amount"]:
            return None
        _ = self.env._
        held = holds and self._is_overdue(position)
        return {
            "tone": "danger" if held else "warning",
            "icon": "fa-clock-o",
            "title": self._prepare_portal_overdue(position)["sentence"],
            "text": _("New orders wait until it is paid.") if held else _("Pay it soon to keep your orders moving."),
            "action": {"label": _("Announce its payment"), "url": "/my/dms/credit/payments/new?preset=overdue"},
        }

    def _prepare_review_notice(self, holds):
        if not holds or not self.review_date or self.review_date >= self.company_id._dms_today():
            return None
        _ = self.env._
        title = _("Your limit was to be reviewed on %(day)s.", day=format_date(self.env, self.review_date))
        text = _("We will do it as soon as we can. New orders wait until then.")
        return {"tone": "warning", "icon": "fa-calendar-check-o", "title": title, "text": text}

    def _prepare_portal_overdue(self, position):
        """``{"amount": str, "sentence": str, "is_beyond_bars": bool}``, empty texts where nothing is overdue.

        Credits that are not set against an invoice lower the bars of the ageing and not what is overdue.
        """
        if not position["overdue_amount"]:
            return {"amount": "", "sentence": "", "is_beyond_bars": False}
        late = sum(position[name] for name, first, _last in BUCKETS if first)
        beyond = self.currency_id.compare_amounts(position["overdue_amount"], late) > 0
        amount, days = self._money(position["overdue_amount"]), position["overdue_days"]
        if days == 1:
            sentence = self.env._("%(amount)s is overdue since yesterday.", amount=amount)
        else:
            sentence = self.env._("%(amount)s is overdue, the oldest item for %(days)s days.", amount=amount, days=days)
        return {"amount": amount, "sentence": sentence, "is_beyond_bars": beyond}

    # ------------------------------------------------------------ gauge

    @api.model
    def _get_portal_terms(self):
        """``{term: (label, address of its documents or "")}``; extended together with ``_get_exposure_terms``."""
        _ = self.env._
        return {
            "receivable_amount": (_("Invoices to pay, less credits"), "/my/dms/invoices?status=open"),
            "open_order_amount": (_("Ordered, still to be delivered"), "/my/dms/orders?status=confirmed"),
            "uninvoiced_amount": (_("Delivered, still to be invoiced"), "/my/dms/deliveries?status=done"),
            "draft_amount": (_("Invoices in preparation"), ""),
        }

    def _prepare_portal_gauge(self, position):
        """The exposure beside the limit, as shares of the longer of the two.

        :return: ``{"parts": [{"label", "url", "amount": str, "share": float}], "exposure", "limit", "available", "over": str,
            "percent": int, "mark": float | None, "tone", "sentence": str, "is_stopped": bool}``; shares and the mark of an exceeded limit in
            percent of the whole bar
        """
        limit, exposure, over = position["limit_amount"], position["exposure_amount"], self._get_over_amount(position)
        amounts = {name: position[name] for name in self._get_exposure_terms(self.company_id)}
        whole = max(limit if self.has_limit else 0.0, exposure, sum(max(amount, 0.0) for amount in amounts.values()))
        percent = round(100 * exposure / limit) if limit > 0 else 100 if exposure > 0 else 0
        return {
            "parts": self._prepare_portal_parts(amounts, exposure, whole),
            "exposure": self._money(exposure),
            "limit": self._money(limit),
            "available": self._money(max(position["available_amount"], 0.0)),
            "over": self._money(over) if over else "",
            "percent": max(percent, 0),
            "mark": round(100 * limit / whole, 2) if over and whole else None,
            "tone": self._get_portal_tone(position, percent),
            "is_stopped": self.is_stopped,
            "sentence": self._get_portal_sentence(position, max(percent, 0)),
        }

    def _get_portal_tone(self, position, percent):
        """Tone of what is available; a stopped account has no use for it."""
        if self._get_over_amount(position):
            return "danger"
        return "neutral" if self.is_stopped else "warning" if percent >= NEARLY_USED else "success"

    def _prepare_portal_parts(self, amounts, exposure, whole):
        """Terms that are not zero; where one is a credit, the bar shows their sum instead of its parts."""
        labels = self._get_portal_terms()
        split = all(amount >= 0 for amount in amounts.values())
        parts = [
            {
                "label": labels.get(name, (self._fields[name]._description_string(self.env), ""))[0],
                "url": labels.get(name, ("", ""))[1],
                "amount": self._money(amount),
                "share": round(100 * amount / whole, 2) if split and whole else 0.0,
            }
            for name, amount in amounts.items()
            if amount or name != "draft_amount"
        ]
        if not split and whole:
            parts[0]["share"] = round(100 * max(exposure, 0.0) / whole, 2)
        return parts

    def _get_portal_sentence(self, position, percent):
        """The gauge in words, for who does not see it."""
        if not self.has_limit:
            return self.env._("Your account has no limit: orders do not wait for their amount.")
        limit = self._money(position["limit_amount"])
        if position["exposure_amount"] <= 0:
            return self.env._("Nothing of %(limit)s used.", limit=limit)
        used = self._money(position["exposure_amount"])
        return self.env._("%(used)s of %(limit)s used (%(percent)s %%).", used=used, limit=limit, percent=percent)

    def _prepare_portal_limit_parts(self, position, extensions):
        """What the limit of today is made of: ``{"label", "detail", "amount"}``; one row for a plain limit.

        :param extensions: temporary limits that are valid today
        """
        if not self.has_limit:
            return []
        _ = self.env._
        secured = position["secured_valid_amount"]
        base = position["limit_amount"] - position["extension_amount"] - secured
        parts = [{"label": _("Agreed limit"), "detail": "", "amount": self._money(base)}]
        parts += [extension._prepare_portal_part() for extension in extensions]
        if secured:
            parts.append({"label": self._get_security_label(), "detail": self._get_security_detail(), "amount": self._money(secured)})
        return parts

    def _get_security_label(self):
        if self.secured_kind in OWN_SECURITIES:
            return dict(self._fields["secured_kind"]._description_selection(self.env))[self.secured_kind]
        return self.env._("Security")

    def _get_security_detail(self):
        if not self.secured_until:
            return ""
        return self.env._("until %(day)s", day=format_date(self.env, self.secured_until))

    def _prepare_portal_limit(self):
        """What the page of temporary limits says of the limit of today: ``{"may_request": bool, "currency", "limit", "available",
        "today": str}``, the day ISO."""
        position = self._get_positions()[self]
        return {
            "may_request": self._may_request_extension(),
            "currency": self.currency_id.name,
            "limit": self._money(position["limit_amount"]),
            "available": self._money(max(position["available_amount"], 0.0)),
            "today": self.company_id._dms_today().isoformat(),
        }

    # ------------------------------------------------------------ ageing

    def _prepare_portal_ageing(self, amounts, total):
        """What is open by days past due.

        :param dict amounts: ``{bucket: amount}`` with at least the five of ``BUCKETS``
        :param float total: their sum
        :return: ``{"rows": [{"key", "label", "amount": str, "share": float, "is_credit": bool}], "total": str, "is_empty": bool}``;
            shares in percent of the largest amount
        """
        labels = self._get_bucket_labels(self.env)
        largest = max(abs(amounts[name]) for name, _first, _last in BUCKETS)
        rows = [
            {
                "key": name.removesuffix("_amount"),
                "label": labels[name],
                "amount": self._money(amounts[name]),
                "share": round(100 * abs(amounts[name]) / largest, 2) if largest else 0.0,
                "is_credit": amounts[name] < 0,
            }
            for name, _first, _last in BUCKETS
        ]
        return {"rows": rows, "total": self._money(total), "is_empty": not largest}

    # ------------------------------------------------------------ payments, temporary limits, holds

    def _prepare_portal_payment(self):
        """The last payment that came in, or None."""
        day, amount = self._get_last_payments().get(self.id, (None, 0.0))
        return {"date": format_date(self.env, day), "amount": self._money(amount)} if day else None

    def _prepare_portal_announced(self):
        """Transfers that wait to be found: their sum in company currency and the latest of them."""
        domain = [*self.env["dms.payment.advice"]._get_portal_domain(self.partner_id, self.company_id), ("state", "=", "submitted")]
        advices = self.env["dms.payment.advice"].search_fetch(domain, limit=ROWS)
        amount = self._get_advised().get(self.id, 0.0) if advices else 0.0
        return {"amount": self._money(amount) if advices else "", "rows": [advice._prepare_portal_row() for advice in advices]}

    def _get_portal_extensions(self, today):
        """Approved temporary limits that have not ended."""
        domain = [("account_id", "=", self.id), ("state", "=", "approved"), ("date_to", ">=", today)]
        return self.env["dms.credit.extension"].search_fetch(domain, ["amount", "date_from", "date_to"], order="date_from, id")

    def _get_portal_hold_domain(self):
        """Open holds for credit on the distributor's orders in this company."""
        return [
            ("distributor_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("state", "=", "open"),
            ("gate", "in", self.env["sale.order"]._dms_credit_gates()),
            ("order_id.dms_is_shared", "=", True),
        ]

    def _prepare_portal_holds(self):
        """Orders that wait for credit, newest first, each with what would clear it."""
        gates = len(self.env["sale.order"]._dms_credit_gates())
        holds = self.env["dms.order.hold"].search_fetch(
            self._get_portal_hold_domain(), ["order_id", "message"], order="id desc", limit=ROWS * gates
        )
        return [
            {
                "order": order.name,
                "amount": order.currency_id.format(order.amount_total),
                "lines": [line for hold in found.sorted("id") for line in hold.message.splitlines()],
                "url": f"/my/dms/orders/{order.id}",
            }
            for order, found in list(holds.grouped("order_id").items())[:ROWS]
        ]

    # ------------------------------------------------------------ home page

    def _prepare_portal_card(self):
        """Figures and rows of the card on the home page: available, overdue, held; None where there is nothing to tell.

        :return: ``{"figures", "rows", "tone"}`` as ``dms.portal._prepare_card`` takes them
        """
        position = self._get_positions()[self]
        held = self.env["dms.order.hold"]._read_group(self._get_portal_hold_domain(), [], ["order_id:count_distinct"])[0][0]
        figures = [self._get_limit_figure(position), self._get_overdue_figure(position), self._get_held_figure(held)]
        figures = [figure for figure in figures if figure]
        rows = self._prepare_portal_card_rows(position)
        tones = {figure["tone"] for figure in figures} | ({"danger"} if self.is_stopped else set())
        tone = next((tone for tone in ("danger", "warning") if tone in tones), "")
        return {"figures": figures, "rows": rows, "tone": tone} if figures or rows else None

    def _prepare_portal_card_rows(self, position):
        """Whether the account is stopped, and what is used of which limit."""
        _, url = self.env._, "/my/dms/credit"
        rows = []
        if self.is_stopped:
            rows.append({"label": _("Stopped"), "detail": _("Please contact our credit department."), "url": url})
        if self.has_limit:
            rows.append({"label": _("Limit"), "detail": "", "value": self._money(position["limit_amount"]), "url": url})
            detail = _("to pay, to deliver and to invoice")
            rows.append({"label": _("Used"), "detail": detail, "value": self._money(position["exposure_amount"]), "url": url})
        return rows

    def _get_limit_figure(self, position):
        _ = self.env._
        figure = {"url": "/my/dms/credit", "tone": "neutral"}
        over = self._get_over_amount(position)
        if over:
            return {**figure, "value": self._money(over), "label": _("over your limit"), "tone": "danger"}
        if self.has_limit:
            tone = "neutral" if self.is_stopped else "success"
            return {**figure, "value": self._money(position["available_amount"]), "label": _("available"), "tone": tone}
        if position["receivable_amount"]:
            return {**figure, "value": self._money(position["receivable_amount"]), "label": _("open on your account")}
        return None

    def _get_overdue_figure(self, position):
        if not position["overdue_amount"]:
            return None
        label = self.env._("overdue")
        return {"value": self._money(position["overdue_amount"]), "label": label, "url": "/my/dms/credit", "tone": "danger"}

    def _get_held_figure(self, held):
        if not held:
            return None
        label = self.env._("on hold for credit")
        return {"value": held, "label": label, "url": "/my/dms/orders?status=on_hold", "tone": "warning"}
