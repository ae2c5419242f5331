import { registry } from "@web/core/registry";

import { fits } from "@dms_portal/../tests/tours/steps";

const coffee = '.o_dms_row:has(.o_dms_row_code:contains("T-COF"))';

registry.category("web_tour.tours").add("dms_schemes_portal", {
    steps: () => [
        { content: "an own scheme and its step", trigger: ".o_dms_scheme:contains(Two and one) .o_dms_slabs:contains(24)" },
        fits,
        { content: "to the pad", trigger: ".o_dms_tabs a[href='/my/dms/pad']", run: "click", expectUnloadPage: true },
        { content: "find the product", trigger: ".o_dms_pad[data-ready='1'] [data-pad=search]", run: "edit t-cof" },
        { content: "the offer stands on its product", trigger: `${coffee} .o_dms_badge:contains('24 + 1')` },
        { content: "a little too few", trigger: `${coffee} input`, run: "edit 20" },
        { content: "what is missing is told at the foot", trigger: ".o_dms_pad_notes .o_dms_note.info:contains('add 4 Units and get 1 free')" },
        fits,
        { content: "one click takes it", trigger: `${coffee} button.o_dms_mark:contains('add 4 Units')`, run: "click" },
        { content: "as typed", trigger: `${coffee} input:value(24)` },
        { content: "free goods are on the row", trigger: `${coffee} .o_dms_mark.success:contains('+ 1 free')` },
        { content: "and at the foot", trigger: ".o_dms_pad_notes .o_dms_note.success:contains('Two and one: 1 × Coffee free')" },
        { content: "free goods cost nothing", trigger: "[data-pad=total][data-exact='1']:contains(600.00)" },
        fits,
        { content: "submit", trigger: "[data-pad=submit]", run: "click", expectUnloadPage: true },
        { content: "free goods are marked", trigger: ".o_dms_lines .o_dms_badge:contains(Free)" },
        { content: "what the order got", trigger: ".o_dms_order_schemes:contains('1 × Coffee free for 24 Units of Coffee')" },
        fits,
        { content: "to the schemes", trigger: ".o_dms_tabs a[href='/my/dms/schemes']", run: "click", expectUnloadPage: true },
        { content: "what was earned", trigger: ".o_dms_scheme_nav a:contains(What you earned)", run: "click", expectUnloadPage: true },
        { content: "the order of before", trigger: ".o_dms_cols_benefits:contains(ALPHAMARK-scheme)" },
        fits,
        { content: "another period", trigger: ".o_dms_filters a:contains(Last year)", run: "click", expectUnloadPage: true },
        { content: "nothing in it", trigger: ".o_dms_empty:contains(Nothing in these days)" },
        fits,
    ],
});
