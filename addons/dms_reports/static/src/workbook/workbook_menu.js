import { Component } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";

/** "Export Workbook" beside list, pivot and graph of the facts: of all that the search shows. */
export class WorkbookMenu extends Component {
    static template = "dms_reports.WorkbookMenu";
    static components = { DropdownItem };
    static props = {};

    async onSelected() {
        // the menu closes, and this component with it, before the answer is there: services of its own would never give it
        const { orm, action } = this.env.services;
        const { resModel, domain, context } = this.env.searchModel;
        action.doAction(await orm.call(resModel, "action_export_workbook", [], { domain, context }));
    }
}

registry.category("cogMenu").add(
    "dms-workbook-menu",
    {
        Component: WorkbookMenu,
        groupNumber: 20,
        isDisplayed: ({ config, searchModel }) =>
            searchModel?.resModel === "dms.sales.fact" && ["list", "pivot", "graph"].includes(config.viewType),
    },
    { sequence: 20 }
);
