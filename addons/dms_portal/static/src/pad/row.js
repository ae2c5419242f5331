import { _t } from "@web/core/l10n/translation";
import { checkQuantity, parseQuantity, showQuantity } from "./numbers";

function make(tag, className, text) {
    const el = document.createElement(tag);
    el.className = className;
    if (text !== undefined) {
        el.textContent = text;
    }
    return el;
}

/** One product of the pad: its facts, its elements, what is typed in it. */
export class PadRow {
    constructor(facts, columns, money) {
        this.facts = facts;
        this.money = money;
        this.units = new Map(facts.units.map(([id, name, factor, price]) => [id, { id, name, factor, price }]));
        this.unit = this.units.values().next().value;
        this.quantity = 0;
        this.problem = null;
        this.priced = null;
        this.marked = false;
        this.words = `${facts.code} ${facts.name} ${facts.barcode}`.toLowerCase();
        this.el = this.draw(columns);
    }

    // ------------------------------------------------------------ drawing

    draw(columns) {
        const el = make("div", "o_dms_row");
        el.dataset.id = this.facts.id;
        const product = make("div", "o_dms_row_product");
        product.append(make("span", "o_dms_row_name", this.facts.name), make("span", "o_dms_row_code", this.facts.code));
        this.priceEl = make("div", "o_dms_row_price");
        this.amountEl = make("div", "o_dms_row_amount");
        this.noteEl = make("div", "o_dms_row_note");
        this.noteEl.setAttribute("aria-live", "polite");
        this.marksEl = make("div", "o_dms_row_marks");
        el.append(product, this.drawStock(), ...columns.map((column) => this.drawExtra(column)), this.priceEl, this.drawEntry(), this.amountEl, this.noteEl, this.marksEl);
        this.showPrice();
        return el;
    }

    /** What is told of the stock, `[level, number | null, words?]`; nothing where the server tells nothing. */
    drawStock() {
        const [level, left, note] = this.facts.stock || [""];
        const el = make("div", `o_dms_row_stock ${level}`);
        const text = this.facts.closed ? _t("Not available") : this.nameStock(level, left ?? null);
        if (text) {
            el.append(make("span", "o_dms_stock_dot"), text);
        }
        if (note) {
            el.append(make("span", "o_dms_stock_note", note));
        }
        return el;
    }

    nameStock(level, left) {
        const known = left !== null;
        const words = {
            yes: known ? _t("%s in stock", showQuantity(left)) : _t("In stock"),
            low: known ? _t("%s left", showQuantity(left)) : _t("Few left"),
            no: _t("Out of stock"),
        };
        return words[level] || "";
    }

    drawExtra(column) {
        const value = (this.facts.extra || {})[column.key];
        const el = make("div", `o_dms_row_extra ${column.type === "number" ? "number" : ""}`);
        el.dataset.label = column.label;
        el.dataset.key = column.key;
        if (value === undefined || value === null) {
            return el;
        }
        if (column.type === "badge") {
            const badge = make("span", `badge o_dms_badge o_dms_tone_${value.tone || "neutral"}`, value.text);
            badge.title = value.title || "";
            el.append(badge);
        } else if (column.type === "suggest" && value > 0) {
            this.suggested = value;
            const button = make("button", "btn btn-sm btn-light border py-0", `+${showQuantity(value)}`);
            button.type = "button";
            button.dataset.take = value;
            el.append(button);
        } else {
            el.textContent = column.type === "number" ? showQuantity(value) : value;
        }
        return el;
    }

    drawEntry() {
        const el = make("div", "o_dms_row_entry");
        this.input = make("input", "form-control form-control-sm");
        Object.assign(this.input, { type: "text", inputMode: "decimal", autocomplete: "off", maxLength: 14 });
        this.input.setAttribute("aria-label", _t("Quantity of %s", this.facts.name));
        el.append(this.input, this.units.size > 1 ? this.drawUnits() : make("span", "o_dms_row_unit", this.unit.name));
        return el;
    }

    drawUnits() {
        this.select = make("select", "form-select form-select-sm o_dms_row_unit");
        this.select.setAttribute("aria-label", _t("Unit of %s", this.facts.name));
        for (const unit of this.units.values()) {
            this.select.append(new Option(unit.name, unit.id));
        }
        return this.select;
    }

    // ------------------------------------------------------------ what is typed

    /** Take what stands in the input. */
    read() {
        const { value, problem } = parseQuantity(this.input.value);
        this.quantity = value;
        this.problem = problem;
        this.priced = null;
        this.refresh();
    }

    /** Put a quantity into the row, in one of its units. */
    set(quantity, unitId = this.unit.id) {
        this.setUnit(unitId);
        this.input.value = quantity ? showQuantity(quantity) : "";
        this.read();
    }

    setUnit(unitId) {
        this.unit = this.units.get(unitId) || this.unit;
        if (this.select) {
            this.select.value = this.unit.id;
        }
        this.priced = null;
        this.refresh();
    }

    /** Quantity in the product's own unit. */
    get own() {
        return this.quantity * this.unit.factor;
    }

    /** Untaxed amount: the server's, or an estimate until it answers. */
    get amount() {
        return this.priced ? this.priced.amount : this.quantity * this.unit.price;
    }

    get line() {
        return { product_id: this.facts.id, uom_id: this.unit.id, quantity: this.quantity };
    }

    refresh() {
        const fault = this.problem ? null : checkQuantity(this.own, this.facts);
        this.el.classList.toggle("chosen", this.quantity > 0 || !!this.problem);
        this.el.classList.toggle("wrong", !!this.problem);
        this.el.classList.toggle("doubtful", !!fault);
        this.amountEl.textContent = this.quantity ? this.money(this.amount) : "";
        this.showPrice();
        this.showNote(fault);
    }

    showPrice() {
        const { price, discount } = this.priced || { price: this.unit.price, discount: 0 };
        this.priceEl.textContent = this.money(price * (1 - discount / 100));
        this.priceEl.classList.toggle("better", !!this.priced && price * (1 - discount / 100) < this.unit.price - 1e-9);
    }

    /** What the server notes about this product: what it gets, and what little more would give. */
    showMarks(marks) {
        this.marked = marks.length > 0;
        this.amountEl.classList.toggle("better", marks.some(({ tone }) => tone === "success"));
        this.marksEl.replaceChildren(...marks.map((mark) => this.drawMark(mark)));
    }

    drawMark({ tone, mark, message, title, set }) {
        const el = make(set ? "button" : "span", `o_dms_mark ${tone} o_dms_ink_${tone}`, mark);
        el.title = title || message;
        if (set) {
            el.type = "button";
            el.dataset.set = set[0];
            el.dataset.unit = set[1];
        }
        return el;
    }

    showNote(fault) {
        this.noteEl.replaceChildren();
        if (this.problem) {
            const words = {
                number: _t("Type a number."),
                ambiguous: _t("Thousands or decimals? Type it without the separator."),
                large: _t("That is more than can be ordered."),
            };
            this.noteEl.textContent = words[this.problem];
        } else if (fault) {
            this.showFault(fault);
        }
    }

    showFault({ code, better }) {
        const own = this.facts.units[0][1];
        const { min, multiple } = this.facts;
        this.noteEl.append(
            code === "min" ? _t("At least %(quantity)s %(unit)s.", { quantity: min, unit: own }) : _t("In steps of %(quantity)s %(unit)s.", { quantity: multiple, unit: own })
        );
        for (const quantity of better) {
            const value = quantity / this.unit.factor;
            const fits = Math.abs(value - Math.round(value)) < 1e-9;
            const button = make("button", "btn btn-sm btn-link py-0", fits ? `${showQuantity(value)} ${this.unit.name}` : `${showQuantity(quantity)} ${own}`);
            button.type = "button";
            button.dataset.set = fits ? value : quantity;
            button.dataset.unit = fits ? this.unit.id : this.facts.units[0][0];
            this.noteEl.append(button);
        }
    }
}
