import { _t } from "@web/core/l10n/translation";

/** Verdicts and notes shown at the foot of the pad; the rest is counted. */
const VERDICTS = 3;
const NOTES = { phone: 2, desk: 3 };
const PHONE = 768;

/** The foot of the pad: totals, what is missing to the minimum order, verdicts, what went wrong. */
export class PadFoot {
    constructor(el, money, minimum) {
        this.el = el;
        this.money = money;
        this.minimum = minimum;
        this.last = { untaxed: 0, tax: 0 };
        this.notes = [];
        this.allNotes = false;
    }

    part(name) {
        return this.el.querySelector(`[data-pad=${name}]`);
    }

    /** What the server says the lines cost. */
    showAnswer({ untaxed, tax, total, verdicts, notes }) {
        this.last = { untaxed, tax };
        this.write(untaxed, tax, total, true);
        this.showVerdicts(verdicts);
        this.notes = notes.filter(({ message }) => message);
        this.showNotes();
    }

    /** An estimate with the server's last share of tax, until it answers. */
    showEstimate(untaxed) {
        const tax = this.last.untaxed ? (untaxed * this.last.tax) / this.last.untaxed : 0;
        this.write(untaxed, tax, untaxed + tax, false);
    }

    write(untaxed, tax, total, exact) {
        this.part("untaxed").textContent = this.money(untaxed);
        this.part("tax").textContent = this.money(tax);
        this.part("total").textContent = this.money(total);
        this.part("total").dataset.exact = exact ? "1" : "";
        this.showMinimum(untaxed);
    }

    showMinimum(untaxed) {
        const minimum = this.minimum;
        this.part("minimum").classList.toggle("d-none", !minimum);
        if (minimum) {
            const missing = minimum - untaxed;
            this.part("minimum-bar").style.width = `${Math.min(100, (100 * untaxed) / minimum)}%`;
            this.part("minimum-bar").classList.toggle("bg-success", missing <= 0);
            this.part("minimum-text").textContent =
                missing > 0 ? _t("%s to your minimum order", this.money(missing)) : _t("Minimum order reached");
        }
    }

    showVerdicts(verdicts) {
        const shown = verdicts.slice(0, VERDICTS).map(({ tone, message }) =>
            Object.assign(document.createElement("div"), { className: `o_dms_verdict o_dms_ink_${tone} ${tone}`, textContent: message })
        );
        if (verdicts.length > VERDICTS) {
            const textContent = _t("and %s more", verdicts.length - VERDICTS);
            shown.push(Object.assign(document.createElement("div"), { className: "small text-muted", textContent }));
        }
        this.part("verdicts").replaceChildren(...shown);
    }

    /** What the order gets, and what little more would give: a few, or all of them when asked. */
    showNotes() {
        const shown = this.chosenNotes.map(({ tone, message }) =>
            Object.assign(document.createElement("div"), { className: `o_dms_note o_dms_ink_${tone} ${tone}`, textContent: message })
        );
        if (this.notes.length > this.fewNotes) {
            const textContent = this.allNotes ? _t("Show less") : _t("and %s more", this.notes.length - shown.length);
            shown.push(Object.assign(document.createElement("button"), { type: "button", className: "btn btn-link btn-sm p-0", textContent }));
        }
        this.part("notes").replaceChildren(...shown);
    }

    get fewNotes() {
        return window.innerWidth < PHONE ? NOTES.phone : NOTES.desk;
    }

    /** All notes, or the first ones: of what could be had one, where there is any. */
    get chosenNotes() {
        if (this.allNotes || this.notes.length <= this.fewNotes) {
            return this.notes;
        }
        const near = this.notes.filter(({ tone }) => tone === "info").slice(0, 1);
        return [...this.notes.filter(({ tone }) => tone !== "info").slice(0, this.fewNotes - near.length), ...near];
    }

    onNotesClick(ev) {
        if (ev.target.closest("button")) {
            this.allNotes = !this.allNotes;
            this.showNotes();
        }
    }

    showError(message) {
        const box = this.part("error");
        box.textContent = message;
        box.classList.toggle("d-none", !message);
    }
}
