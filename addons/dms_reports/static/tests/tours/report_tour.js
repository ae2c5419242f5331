import { registry } from "@web/core/registry";

import { fits } from "@dms_portal/../tests/tours/steps";

/** Step that fails where a chart has no bar that can be seen. */
const drawn = (chart) => ({
    content: `bars of ${chart}`,
    trigger: `[data-chart=${chart}] .o_dms_chart_plot svg`,
    run() {
        const bars = [...this.anchor.querySelectorAll("rect")].map((bar) => bar.getBoundingClientRect());
        if (!bars.some((bar) => bar.width > 2 && bar.height > 2)) {
            throw new Error(`${chart} shows nothing`);
        }
    },
});

registry.category("web_tour.tours").add("dms_reports_portal", {
    steps: () => [
        { content: "the card at home", trigger: "[data-card=reports] a[href='/my/dms/reports']", run: "click", expectUnloadPage: true },
        { content: "figures", trigger: "[data-tile=amount]:contains('123,')" },
        drawn("amounts"),
        drawn("quantities"),
        fits,
        { content: "a target", trigger: ".o_dms_targets:contains(All products)" },
        { content: "own product", trigger: ".o_dms_top:contains(ALPHAMARK Juice)" },
        { content: "figures of the charts", trigger: ".o_dms_as_table summary", run: "click" },
        { content: "as a table", trigger: ".o_dms_as_table[open] .o_dms_months tr:contains('123,456.00')" },
        fits,
        { content: "two years", trigger: ".o_dms_filters a:contains(24 months)", run: "click", expectUnloadPage: true },
        { content: "they are shown", trigger: ".o_dms_filters a.active:contains(24 months)" },
        drawn("amounts"),
        fits,
        { content: "the file of these months", trigger: ".o_dms_xlsx[href$='months=24']" },
    ],
});
