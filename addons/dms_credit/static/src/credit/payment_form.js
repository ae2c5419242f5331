import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { _t } from "@web/core/l10n/translation";

import { shrink } from "@dms_portal/files/shrink";

/** The form of a notice: adds up the invoices chosen, makes large photos smaller, and is sent once. */
export class PaymentForm extends Interaction {
    static selector = ".o_dms_payment_form";
    dynamicContent = {
        "[name=invoice_ids]": { "t-on-change": this.showSum },
        "[data-payment=currency]": { "t-on-change": this.showSum },
        "[data-payment=amount]": { "t-on-change": this.showSum },
        "[data-payment=sum-take]": { "t-on-click": this.takeSum },
        "[name=proof]": { "t-on-change": this.shrinkProof },
        _root: { "t-on-submit": this.onSubmit },
        _window: { "t-on-pageshow": () => this.el.classList.remove("o_dms_busy") }, // back to a page the browser kept
    };

    setup() {
        this.shrinking = Promise.resolve();
    }

    start() {
        this.taken = "";
        if (this.part("sum")) {
            this.showSum();
        }
    }

    part(name) {
        return this.el.querySelector(`[data-payment="${name}"]`);
    }

    /** Boxes ticked, of invoices in the currency of the transfer. */
    chosen() {
        const currency = this.part("currency")?.value;
        return [...this.el.querySelectorAll("[name=invoice_ids]:checked")].filter((box) => box.dataset.currency === currency);
    }

    /** What the chosen invoices come to; never three places behind the point, which would read as thousands. */
    sum() {
        const digits = parseInt(this.currency().dataset.digits);
        const total = this.chosen().reduce((sum, box) => sum + parseFloat(box.dataset.amount), 0);
        return total.toFixed(digits === 3 ? 4 : digits);
    }

    currency() {
        const { options, selectedIndex } = this.part("currency");
        return options[selectedIndex];
    }

    /** The sum of the chosen invoices follows into the amount until another amount is typed. */
    showSum() {
        const count = this.chosen().length;
        if (this.part("amount").value === this.taken) {
            this.part("amount").value = this.taken = count ? this.sum() : "";
        }
        this.part("sum").classList.toggle("d-none", !count);
        this.part("sum-take").classList.toggle("d-none", this.part("amount").value === this.sum());
        this.part("sum-text").textContent = _t("%(count)s chosen: %(sum)s %(currency)s", {
            count,
            sum: this.sum(),
            currency: this.currency().text,
        });
    }

    takeSum() {
        this.part("amount").value = this.taken = this.sum();
        this.showSum();
    }

    shrinkProof(ev) {
        const input = ev.currentTarget;
        this.shrinking = this.waitFor(Promise.all([...input.files].map(shrink))).then((files) => {
            const list = new DataTransfer();
            files.forEach((file) => list.items.add(file));
            input.files = list.files;
        });
    }

    async onSubmit(ev) {
        if (this.el.classList.contains("o_dms_busy")) {
            ev.preventDefault();
            return;
        }
        this.el.classList.add("o_dms_busy");
        ev.preventDefault();
        await this.waitFor(this.shrinking);
        this.el.submit();
    }
}

registry.category("public.interactions").add("dms_credit.payment_form", PaymentForm);
