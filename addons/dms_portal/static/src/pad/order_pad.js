import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { PadFoot } from "./foot";
import { makeMoney } from "./numbers";
import { PadRow } from "./row";

/** Pause in typing after which the server is asked what the lines cost (milliseconds). */
const PRICE_DELAY = 350;

export class OrderPad extends Interaction {
    static selector = ".o_dms_pad";
    dynamicContent = {
        _document: { "t-on-keydown": this.onShortcut },
        _window: { "t-on-beforeunload": this.onLeave },
        "[data-pad=search]": { "t-on-input": this.filter, "t-on-keydown": this.onSearchKey },
        "[data-pad=category]": { "t-on-change": this.filter },
        "[data-pad=chosen]": { "t-on-change": this.filter },
        "[data-pad=grid]": {
            "t-on-input": this.onInput,
            "t-on-change": this.onChange,
            "t-on-keydown": this.onGridKey,
            "t-on-click": this.onGridClick,
            "t-on-focusin": this.onFocus,
        },
        "[data-pad=paste-go]": { "t-on-click": this.onPaste },
        "[data-pad=suggest]": { "t-on-click": this.onSuggest },
        "[data-pad=reference], [data-pad=address]": { "t-on-change": () => (this.dirty = true) },
        "[data-pad=notes]": { "t-on-click": (ev) => this.foot.onNotesClick(ev) },
        "[data-pad=details]": { "t-on-click": () => this.part("head").classList.toggle("open") },
        "[data-pad=save]": { "t-on-click": this.onSave },
        "[data-pad=submit]": { "t-on-click": this.onSubmit },
    };

    setup() {
        this.orderId = parseInt(this.el.dataset.orderId) || 0;
        this.mode = this.el.dataset.mode;
        this.token = this.el.dataset.token;
        this.rows = new Map();
        this.dirty = false;
        this.busy = false;
        this.asked = 0;
        this.askPrice = this.debounced(this.price, PRICE_DELAY);
    }

    part(name) {
        return this.el.querySelector(`[data-pad=${name}]`);
    }

    // ------------------------------------------------------------ loading

    async willStart() {
        const url = `/my/dms/pad/data${this.orderId ? `?order=${this.orderId}` : ""}`;
        try {
            const response = await fetch(url, { credentials: "same-origin" });
            this.data = response.ok ? await response.json() : null;
        } catch {
            this.data = null;
        }
    }

    start() {
        if (!this.data) {
            this.part("grid").textContent = _t("Your products could not be loaded. Check your connection and reload the page.");
            this.el.querySelector(".o_dms_pad_bar").remove();
            this.el.querySelector(".o_dms_pad_tools").remove();
            return;
        }
        this.money = makeMoney(this.data.currency);
        this.foot = new PadFoot(this.el, this.money, this.data.minimum);
        this.drawGrid();
        this.drawCategories();
        this.drawHead();
        for (const line of this.data.lines) {
            this.rows.get(line.product_id)?.set(line.quantity, line.uom_id);
            this.lockUnit(line.product_id);
        }
        this.filter();
        this.showTotals();
        this.askPrice();
        this.followHash(window.location.hash);
        this.el.dataset.ready = "1";
    }

    /** What a link to the pad asks for: the box for files, or what is suggested on the rows. */
    followHash(hash) {
        if (hash === "#upload") {
            this.el.querySelector("[data-bs-target='#o_dms_pad_import']")?.click();
        } else if (hash === "#suggested" && this.mode !== "change") {
            this.onSuggest();
            this.part("chosen").checked = this.lines.length > 0;
            this.filter();
            if (!this.lines.length) {
                this.services.notification.add(_t("Nothing is suggested today: your stock and your orders last long enough."), { type: "info" });
            }
        }
    }

    /** A change keeps the unit of a line that is already ordered. */
    lockUnit(productId) {
        const row = this.rows.get(productId);
        if (this.mode === "change" && row?.select) {
            row.select.disabled = true;
        }
    }

    drawGrid() {
        const grid = this.part("grid");
        this.showsStock = this.data.rows.some(({ stock, closed }) => stock || closed);
        grid.classList.toggle("o_dms_no_stock", !this.showsStock);
        const extra = this.data.columns.map(({ type }) => (type === "suggest" ? "5rem" : "minmax(4.5rem, 8rem)")).join(" ");
        grid.style.setProperty("--o-dms-columns", `minmax(0, 1fr) ${this.showsStock ? "7.5rem" : ""} ${extra} 6.5rem 12rem 7rem`);
        grid.replaceChildren(this.drawGridHead());
        let category = null;
        for (const facts of this.data.rows) {
            if (facts.categ !== category) {
                category = facts.categ;
                const title = document.createElement("div");
                title.className = "o_dms_category";
                title.dataset.categ = facts.categ_id;
                title.textContent = category;
                grid.append(title);
            }
            const row = new PadRow(facts, this.data.columns, this.money);
            this.rows.set(facts.id, row);
            grid.append(row.el);
        }
        grid.append(this.drawNothing());
        grid.removeAttribute("aria-busy");
        this.part("suggest").classList.toggle("d-none", ![...this.rows.values()].some((row) => row.suggested));
    }

    drawGridHead() {
        const head = document.createElement("div");
        head.className = "o_dms_grid_head small text-muted";
        const stock = this.showsStock ? [_t("Stock")] : [];
        const labels = [_t("Product"), ...stock, ...this.data.columns.map((column) => column.label), _t("Price"), _t("Quantity"), _t("Amount")];
        head.append(...labels.map((label) => Object.assign(document.createElement("span"), { textContent: label })));
        return head;
    }

    drawNothing() {
        this.nothing = document.createElement("div");
        this.nothing.className = "o_dms_empty text-center text-muted py-5 d-none";
        this.nothing.textContent = this.rows.size
            ? _t("No product fits. Try fewer letters, or another category.")
            : _t("There is nothing you can order today. Please contact us.");
        return this.nothing;
    }

    drawCategories() {
        const select = this.part("category");
        select.append(new Option(_t("All categories"), ""));
        const seen = new Map(this.data.rows.map((facts) => [facts.categ_id, facts.categ]));
        for (const [id, name] of seen) {
            select.append(new Option(name, id));
        }
        select.classList.toggle("d-none", seen.size < 2);
    }

    drawHead() {
        const address = this.part("address");
        if (!address) {
            return;
        }
        for (const { id, name } of this.data.addresses) {
            address.append(new Option(name, id, false, id === this.data.order.address_id));
        }
        address.classList.toggle("d-none", this.data.addresses.length < 2);
        this.part("reference").value = this.data.order.reference;
    }

    // ------------------------------------------------------------ finding

    filter() {
        const words = this.part("search").value.toLowerCase().split(/\s+/).filter(Boolean);
        const category = parseInt(this.part("category").value) || 0;
        const chosen = this.part("chosen").checked;
        const shown = new Set();
        for (const row of this.rows.values()) {
            const fits =
                (!category || row.facts.categ_id === category) &&
                (!chosen || row.quantity || row.problem || row.marked) &&
                words.every((word) => row.words.includes(word));
            row.el.classList.toggle("d-none", !fits);
            if (fits) {
                shown.add(row.facts.categ_id);
            }
        }
        for (const title of this.el.querySelectorAll(".o_dms_category")) {
            title.classList.toggle("d-none", !shown.has(parseInt(title.dataset.categ)));
        }
        this.nothing.classList.toggle("d-none", shown.size > 0);
    }

    get inputs() {
        return [...this.el.querySelectorAll(".o_dms_row:not(.d-none) input")];
    }

    /** Go to the quantity `step` rows away; with no row in focus, to the first one. */
    move(step, from = null) {
        const inputs = this.inputs;
        const index = from ? inputs.indexOf(from) + step : 0;
        inputs[Math.max(0, Math.min(index, inputs.length - 1))]?.focus();
    }

    onShortcut(ev) {
        const typing = ev.target.matches("input:not(.o_dms_row input), textarea, select");
        if (ev.key === "/" && !typing && !ev.ctrlKey && !ev.metaKey) {
            ev.preventDefault();
            this.part("search").focus();
            this.part("search").select();
        }
    }

    onSearchKey(ev) {
        if (ev.key === "ArrowDown" || ev.key === "Enter") {
            ev.preventDefault();
            this.move(0);
        } else if (ev.key === "Escape") {
            ev.target.value = "";
            this.filter();
        }
    }

    onGridKey(ev) {
        if (!ev.target.matches(".o_dms_row input")) {
            return;
        }
        const step = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[ev.key];
        if (step) {
            ev.preventDefault();
            this.move(step, ev.target);
        }
    }

    onFocus(ev) {
        if (ev.target.matches(".o_dms_row input")) {
            ev.target.select();
        }
    }

    // ------------------------------------------------------------ typing

    rowOf(el) {
        return this.rows.get(parseInt(el.closest(".o_dms_row")?.dataset.id));
    }

    onInput(ev) {
        if (ev.target.matches(".o_dms_row input")) {
            this.rowOf(ev.target).read();
            this.changed();
        }
    }

    onChange(ev) {
        if (ev.target.matches(".o_dms_row select")) {
            this.rowOf(ev.target).setUnit(parseInt(ev.target.value));
            this.changed();
        }
    }

    onGridClick(ev) {
        const button = ev.target.closest("button");
        const row = button && this.rowOf(button);
        if (row && button.dataset.set) {
            row.set(parseFloat(button.dataset.set), parseInt(button.dataset.unit));
            row.input.focus();
        } else if (row && button.dataset.take) {
            row.set(parseFloat(button.dataset.take), row.facts.units[0][0]);
        }
        if (row) {
            this.changed();
        }
    }

    onSuggest() {
        for (const row of this.rows.values()) {
            if (row.suggested && !row.quantity) {
                row.set(row.suggested, row.facts.units[0][0]);
            }
        }
        this.changed();
    }

    changed() {
        this.dirty = true;
        this.foot.showError("");
        this.showTotals();
        this.askPrice();
    }

    get lines() {
        return [...this.rows.values()].filter((row) => row.quantity > 0).map((row) => row.line);
    }

    // ------------------------------------------------------------ what it costs

    async price() {
        const asked = ++this.asked;
        const lines = this.lines;
        const answer = await this.waitFor(this.call("price", { lines }));
        if (asked !== this.asked) {
            return; // something was typed meanwhile: another answer is on its way
        }
        if (answer.error) {
            this.foot.showError(answer.error);
            return;
        }
        for (const line of lines) {
            const row = this.rows.get(line.product_id);
            row.priced = answer.lines[line.product_id] || null;
            row.refresh();
        }
        this.showMarks(answer.notes);
        this.foot.showAnswer(answer);
    }

    /** What the server notes about single products, on rows that are typed in and on others (free goods, say). */
    showMarks(notes) {
        const marks = new Map();
        for (const note of notes.filter(({ product_id, mark }) => product_id && mark)) {
            marks.set(note.product_id, [...(marks.get(note.product_id) || []), note]);
        }
        for (const row of this.rows.values()) {
            row.showMarks(marks.get(row.facts.id) || []);
        }
    }

    showTotals() {
        this.foot.showEstimate([...this.rows.values()].reduce((sum, row) => sum + row.amount, 0));
        this.part("chosen-count").textContent = this.lines.length;
    }

    // ------------------------------------------------------------ paste

    async onPaste() {
        const answer = await this.waitFor(this.call("paste", { text: this.part("paste").value }));
        const result = this.part("paste-result");
        result.replaceChildren();
        if (answer.error) {
            result.append(this.drawProblem(answer.error));
            return;
        }
        const unseen = answer.lines.filter((line) => !this.takePasted(line));
        const count = answer.lines.length - unseen.length;
        result.append(this.drawProblem(_t("Lines put on the pad: %s", count), "text-success"));
        for (const { row, text, message } of answer.problems) {
            result.append(this.drawProblem(_t("Line %(row)s (%(text)s): %(message)s", { row, text, message })));
        }
        this.part("chosen").checked = count > 0;
        this.filter();
        this.changed();
    }

    takePasted({ product_id, uom_id, quantity }) {
        const row = this.rows.get(product_id);
        row?.set(quantity, uom_id);
        return !!row;
    }

    drawProblem(text, className = "text-danger") {
        return Object.assign(document.createElement("div"), { className: `small ${className}`, textContent: text });
    }

    // ------------------------------------------------------------ save and submit

    /** Call the server; what fails on the way comes back as a sentence too. */
    async call(action, params) {
        try {
            return await rpc(`/my/dms/pad/${action}`, { order_id: this.orderId || null, ...params }, { silent: true });
        } catch {
            return { error: _t("The server did not answer. Check your connection and try again; nothing is ordered twice.") };
        }
    }

    get header() {
        return { reference: this.part("reference")?.value, address_id: parseInt(this.part("address")?.value) || null };
    }

    /** Run one action at a time; false when what is typed cannot be sent. */
    async send(action, params = {}) {
        const wrong = [...this.rows.values()].find((row) => row.problem);
        if (this.busy || wrong) {
            wrong?.input.focus();
            return null;
        }
        this.busy = true;
        this.el.classList.add("o_dms_busy");
        const answer = await this.waitFor(this.call(action, { lines: this.lines, header: this.header, token: this.token, ...params }));
        this.busy = false;
        this.el.classList.remove("o_dms_busy");
        this.foot.showError(answer.error || "");
        return answer.error ? null : answer;
    }

    async onSave() {
        const answer = await this.send("save");
        if (answer) {
            this.orderId = answer.order_id;
            this.dirty = false;
            window.history.replaceState(null, "", `/my/dms/pad?order=${answer.order_id}`);
            this.services.notification.add(_t("Saved as %s.", answer.name), { type: "success" });
        }
    }

    async onSubmit() {
        const answer = await this.send(this.mode === "change" ? "change" : "submit");
        if (answer) {
            this.dirty = false;
            window.location = answer.url;
        }
    }

    onLeave(ev) {
        if (this.dirty && this.lines.length) {
            ev.preventDefault();
        }
    }
}

registry.category("public.interactions").add("dms_portal.order_pad", OrderPad);
