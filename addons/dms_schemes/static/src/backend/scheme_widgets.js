import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { MonetaryField } from "@web/views/fields/monetary/monetary_field";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** A scheme's budget: consumed, reserved and left, as one bar with its amounts. */
export class SchemeBudget extends Component {
    static template = "dms_schemes.SchemeBudget";
    static components = { MonetaryField };
    static props = standardWidgetProps;

    get percent() {
        return this.props.record.data.budget_percent;
    }

    get level() {
        return this.percent >= 95 ? "danger" : this.percent >= 80 ? "warning" : "success";
    }

    width(name) {
        const { budget_amount: budget, used_amount: used } = this.props.record.data;
        return (100 * Math.max(this.props.record.data[name], 0)) / (Math.max(budget, used) || 1);
    }
}

const AMOUNTS = ["budget_amount", "used_amount", "reserved_amount", "consumed_amount", "left_amount"];

registry.category("view_widgets").add("dms_scheme_budget", {
    component: SchemeBudget,
    fieldDependencies: [
        ...AMOUNTS.map((name) => ({ name, type: "monetary" })),
        { name: "budget_percent", type: "float" },
        { name: "currency_id", type: "many2one" },
    ],
});

const PARTS = [
    ["applied", _t("Applied"), "fa-check-circle text-success", _t("No scheme gives anything on this order.")],
    ["near", _t("Nearly"), "fa-arrow-circle-up text-warning", ""],
    ["not", _t("Not Applied"), "fa-circle-o text-muted", ""],
];

/** What became of each scheme on an order: asked for when the page is opened, and again after the order was saved. */
export class SchemePanel extends Component {
    static template = "dms_schemes.SchemePanel";
    static props = standardWidgetProps;

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ panel: null });
        this.parts = PARTS.map(([key, label, icon, empty]) => ({ key, label, icon, empty }));
        onWillStart(() => this.load());
        useRecordObserver((record) => {
            // read, so that it is followed: saving an order changes its totals or its status
            const seen = [record.resId, record.dirty, record.data.amount_total, record.data.state].join();
            if (this.seen && this.seen !== seen && !record.dirty) {
                this.load();
            }
            this.seen = seen;
        });
    }

    async load() {
        const { resId } = this.props.record;
        this.state.panel = resId ? await this.orm.call("sale.order", "get_scheme_panel", [[resId]]) : null;
    }

    get isEmpty() {
        return !this.parts.some(({ key }) => this.state.panel[key].length);
    }

    open(schemeId) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "dms.scheme",
            res_id: schemeId,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("dms_scheme_panel", { component: SchemePanel });
