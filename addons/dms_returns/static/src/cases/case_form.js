import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

import { shrink } from "@dms_portal/files/shrink";

/** A form of a return or claim: shows what the chosen reasons ask for, makes large photos smaller, and is sent once. */
export class CaseForm extends Interaction {
    static selector = ".o_dms_case_form";
    dynamicContent = {
        "[data-case=choice]": { "t-on-change": this.showChoice },
        "input[type=file]": { "t-on-change": this.shrinkFiles },
        _root: { "t-on-submit": this.onSubmit },
        _window: { "t-on-pageshow": () => this.el.classList.remove("o_dms_busy") }, // back to a page the browser kept
    };

    setup() {
        this.shrinking = Promise.resolve();
    }

    start() {
        this.showChoice();
    }

    /** Only what the chosen reasons ask for; files chosen for another one are not sent. */
    showChoice() {
        const choices = this.el.querySelectorAll("[data-case=choice]");
        const chosen = new Set([...choices].map((choice) => choice.value));
        for (const part of this.el.querySelectorAll("[data-choice]")) {
            const shown = part.dataset.choice.split(" ").some((id) => chosen.has(id));
            part.classList.toggle("d-none", !shown);
            part.querySelectorAll("input").forEach((input) => (input.disabled = !shown));
        }
    }

    shrinkFiles(ev) {
        const input = ev.currentTarget;
        const shrunk = Promise.all([...input.files].map(shrink)).then((files) => {
            const list = new DataTransfer();
            files.forEach((file) => list.items.add(file));
            input.files = list.files;
        });
        this.shrinking = this.waitFor(Promise.all([this.shrinking, shrunk]));
    }

    /** The button that was pressed says whether it is sent or kept, so it goes along. */
    async onSubmit(ev) {
        ev.preventDefault();
        if (this.el.classList.contains("o_dms_busy")) {
            return;
        }
        this.el.classList.add("o_dms_busy");
        await this.waitFor(this.shrinking);
        if (ev.submitter?.name) {
            const said = Object.assign(document.createElement("input"), { type: "hidden", name: ev.submitter.name, value: ev.submitter.value });
            this.el.append(said);
        }
        this.el.submit();
    }
}

registry.category("public.interactions").add("dms_returns.case_form", CaseForm);
