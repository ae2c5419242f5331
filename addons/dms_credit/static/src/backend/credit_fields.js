import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";
import { MonetaryField, monetaryField } from "@web/views/fields/monetary/monetary_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * How much of a credit limit is used, in percent: a bar with the limit as a mark; what goes beyond it stands out.
 * Reads two fields of the same record: whether there is a limit, and what is available of it.
 */
export class CreditGaugeField extends Component {
    static template = "dms_credit.CreditGaugeField";
    static props = {
        ...standardFieldProps,
        limitField: { type: String, optional: true },
        availableField: { type: String, optional: true },
        large: { type: Boolean, optional: true },
    };
    static defaultProps = { limitField: "has_limit", availableField: "available_amount", large: false };

    get hasLimit() {
        return Boolean(this.props.record.data[this.props.limitField]);
    }

    get isOver() {
        return (this.props.record.data[this.props.availableField] ?? 0) < 0 || this.used > 100;
    }

    /** With a limit of zero there is no share of it: anything owed is over it. */
    get used() {
        return this.props.record.data[this.props.name] || 0;
    }

    get text() {
        if (this.isOver && !this.used) {
            return _t("Over");
        }
        return _t("%s %", formatFloat(this.used, { digits: [16, this.props.large ? 1 : 0] }));
    }

    get level() {
        return this.isOver ? "danger" : this.used >= 80 ? "warning" : "success";
    }

    /** Widths in percent of the bar, which ends at the limit or at what is used, whichever is more. */
    get within() {
        return this.isOver ? (this.used ? (100 * 100) / Math.max(this.used, 100) : 0) : Math.max(this.used, 0);
    }

    get beyond() {
        return this.isOver ? 100 - this.within : 0;
    }
}

export const creditGaugeField = {
    component: CreditGaugeField,
    displayName: _t("Credit Gauge"),
    supportedTypes: ["float"],
    isEmpty: () => false,
    extractProps: ({ options }) => ({
        limitField: options.limit_field,
        availableField: options.available_field,
        large: options.large,
    }),
    fieldDependencies: ({ options }) => [
        { name: options?.limit_field || "has_limit", type: "boolean" },
        { name: options?.available_field || "available_amount", type: "monetary" },
    ],
};
registry.category("fields").add("dms_credit_gauge", creditGaugeField);

/** An amount that means nothing without a limit. */
export class CreditAmountField extends MonetaryField {
    get formattedValue() {
        return this.props.record.data.has_limit ? super.formattedValue : _t("No limit");
    }
}

export const creditAmountField = {
    ...monetaryField,
    component: CreditAmountField,
    displayName: _t("Credit Amount"),
    fieldDependencies: [{ name: "has_limit", type: "boolean" }],
};
registry.category("fields").add("dms_credit_amount", creditAmountField);

/** A sign where the account is stopped, nothing elsewhere. */
export class CreditStopField extends Component {
    static template = "dms_credit.CreditStopField";
    static props = standardFieldProps;
}

registry.category("fields").add("dms_credit_stop", { component: CreditStopField, supportedTypes: ["boolean"] });

const BUCKETS = [
    ["not_due_amount", _t("Not due"), "success"],
    ["due_30_amount", _t("1-30 days"), "info"],
    ["due_60_amount", _t("31-60 days"), "warning"],
    ["due_90_amount", _t("61-90 days"), "orange"],
    ["due_over_amount", _t("Over 90 days"), "danger"],
];

/** What is owed by days past due: one bar, one amount a bucket; credits make no part of the bar. */
export class CreditAgeing extends Component {
    static template = "dms_credit.CreditAgeing";
    static components = { MonetaryField };
    static props = standardWidgetProps;

    get buckets() {
        const data = this.props.record.data;
        const total = BUCKETS.reduce((sum, [name]) => sum + Math.max(data[name], 0), 0);
        return BUCKETS.map(([name, label, level]) => ({
            name,
            label,
            level,
            width: total ? (100 * Math.max(data[name], 0)) / total : 0,
        }));
    }

    get hasItems() {
        return BUCKETS.some(([name]) => this.props.record.data[name]);
    }
}

export const creditAgeing = {
    component: CreditAgeing,
    fieldDependencies: [
        ...BUCKETS.map(([name]) => ({ name, type: "monetary" })),
        { name: "currency_id", type: "many2one" },
    ],
};
registry.category("view_widgets").add("dms_credit_ageing", creditAgeing);
