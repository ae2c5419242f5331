import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { _t } from "@web/core/l10n/translation";

/** Forms of a statement: each is sent once, also when its button is hit twice. */
export class StatementForm extends Interaction {
    static selector = ".o_dms_statements .o_dms_once, .o_dms_statement_sheet";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        _window: { "t-on-pageshow": () => this.el.classList.remove("o_dms_busy") }, // back to a page the browser kept
    };

    onSubmit(ev) {
        if (this.el.classList.contains("o_dms_busy")) {
            ev.preventDefault();
        }
        this.el.classList.add("o_dms_busy");
    }
}

/** The sheet of quantities: finds a product, counts what is typed, and Enter goes on to the next row. */
export class StatementSheet extends Interaction {
    static selector = ".o_dms_statement_sheet";
    dynamicContent = {
        "[data-sheet=search]": { "t-on-input": this.filter, "t-on-keydown": this.stay },
        "[data-sheet=quantity]": { "t-on-input": this.count, "t-on-keydown": this.goOn },
    };

    start() {
        this.count();
    }

    rows() {
        return [...this.el.querySelectorAll("[data-sheet=row]")];
    }

    filter(ev) {
        const words = ev.currentTarget.value.toLowerCase().split(/\s+/);
        this.rows().forEach((row) => row.classList.toggle("d-none", !words.every((word) => row.dataset.text.includes(word))));
    }

    count() {
        const typed = this.rows().filter((row) => {
            const isTyped = Boolean(row.querySelector("[data-sheet=quantity]").value.trim());
            row.classList.toggle("o_dms_typed", isTyped);
            return isTyped;
        });
        this.el.querySelector("[data-sheet=count]").textContent = typed.length ? _t("%s typed", typed.length) : "";
    }

    stay(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
        }
    }

    goOn(ev) {
        if (ev.key !== "Enter") {
            return;
        }
        ev.preventDefault();
        const inputs = [...this.el.querySelectorAll("[data-sheet=row]:not(.d-none) [data-sheet=quantity]")];
        inputs[inputs.indexOf(ev.currentTarget) + 1]?.focus();
    }
}

registry.category("public.interactions").add("dms_inventory.statement_form", StatementForm);
registry.category("public.interactions").add("dms_inventory.statement_sheet", StatementSheet);
