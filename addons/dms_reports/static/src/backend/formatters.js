import { registry } from "@web/core/registry";

const formatters = registry.category("formatters");
const formatPercentage = formatters.get("percentage");

/** A percentage that may be nothing: growth where there was nothing to grow from is not growth of 0 %. */
export function formatRatio(value, options) {
    return value || value === 0 ? formatPercentage(value, options) : "";
}
formatRatio.extractOptions = formatPercentage.extractOptions;

formatters.add("dms_ratio", formatRatio);
