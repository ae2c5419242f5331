import { registry } from "@web/core/registry";
import { DateTimeField, dateField } from "@web/views/fields/datetime/datetime_field";
import { ListDateTimeField } from "@web/views/fields/datetime/list_datetime_field";

/** A month, kept as its first day: read as "November 2026", picked as a month. */
const ofMonths = (Field) =>
    class extends Field {
        getFormattedValue(index) {
            return this.values[index]?.toFormat("LLLL yyyy") || "";
        }
    };

const monthField = {
    ...dateField,
    component: ofMonths(DateTimeField),
    extractProps: (info, dynamicInfo) => ({ ...dateField.extractProps(info, dynamicInfo), minPrecision: "months" }),
    listViewWidth: [120, 140],
};

registry
    .category("fields")
    .add("dms_month", monthField)
    .add("list.dms_month", { ...monthField, component: ofMonths(ListDateTimeField) });
