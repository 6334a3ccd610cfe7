// One row, all of it: fields in full, and the rows it refers to and is referred to by.

import { post } from "./api.js";
import { draw as drawCell, isCut, isDefault, textOf } from "./cells.js";
import { h, replace } from "./dom.js";
import { count } from "./format.js";
import { icon } from "./icons.js";
import { tree } from "./json.js";
import { rowsAddress } from "./route.js";
import { canWrite } from "./store.js";
import { button, copy, failed } from "./ui.js";

export function rowPanel(table, { edit, close }) {
  const fields = h("div");
  const hops = h("div");
  const title = h("span.grow");
  const element = h("aside.panel", { "aria-label": "Row" }, h("header", {}, title, button("close", "Close (Esc)", close)), fields, hops);
  element.addEventListener("keydown", (event) => event.key === "Escape" && close());
  let asked = 0;
  let shown = null;

  function show(row, sameHops) {
    // A row that is shown already is not drawn again under somebody's mouse.
    if (row && row === shown && !sameHops) return;
    shown = row;
    replace(title, row?.insert ? "New row" : row?.key ? row.key.join(", ") : "Row");
    replace(fields, row ? table.columns.map((column, at) => field(row, column, at)) : null);
    if (sameHops) return;
    replace(hops);
    if (row?.key) follow(row);
  }

  function field(row, column, at) {
    const value = row.cells[at];
    const mono = ["json", "uuid", "bytea", "array"].includes(column.base);
    const content = h("div.content", { class: mono ? "mono" : "" });
    fill(content, row, column, value);
    const state = row.marks?.get(column.name)?.state;
    return h(
      "div.field",
      { class: state ? "changed" : "" },
      h(
        "div.field-head",
        { title: column.comment ?? "" },
        column.primary && icon("key"),
        h("b", {}, column.name),
        h("span.grow", {}, column.type),
        typeof value === "string" && button("copy", `Copy ${column.name}`, () => copy(value)),
        canWrite() && table.editable && !column.generated && button("edit", `Edit ${column.name}`, () => edit(row, at)),
      ),
      content,
    );
  }

  function fill(content, row, column, value) {
    const plain = value === null || value === undefined || isDefault(value) || value === "" || ["boolean", "enum", "timestamp"].includes(column.base);
    if (plain) {
      drawCell(content, value, column.base);
    } else if (isCut(value)) {
      const more = h("button.button", {}, `Show all ${count(value.length)} characters`);
      more.addEventListener("click", async () => {
        try {
          const whole = await post("cell", { schema: table.schema, name: table.name, key: row.key, column: column.name });
          replace(content);
          fill(content, row, column, whole.value);
        } catch (error) {
          failed(error);
        }
      });
      replace(content, value.cut.slice(0, 300), "… ", more);
    } else if (column.base === "json") {
      content.append(tree(textOf(value)));
    } else {
      content.append(textOf(value));
    }
  }

  async function follow(row) {
    const mine = (asked += 1);
    try {
      const key = Object.fromEntries(table.primary_key.map((name, at) => [name, row.key[at]]));
      const found = await post("row", { schema: table.schema, name: table.name, key });
      if (mine !== asked) return;
      replace(
        hops,
        found.out.length > 0 && h("h3", {}, "Refers to"),
        found.out.map((hop) => link(hop, "arrow")),
        found.in.length > 0 && h("h3", {}, "Referred to by"),
        found.in.map((hop) => link(hop, "left")),
      );
    } catch (error) {
      if (mine === asked && error.status !== 404) replace(hops, h("p.field.dim", {}, error.message));
    }
  }

  const link = (hop, mark) =>
    h(
      "a.hoplink",
      { href: rowsAddress(hop.schema, hop.table, hop.where), title: hop.name ?? "" },
      icon(mark),
      h("span.text", {}, hop.schema === table.schema ? hop.table : `${hop.schema}.${hop.table}`, h("span.dim", {}, `  ${Object.entries(hop.where).map(([name, value]) => `${name} = ${value ?? "NULL"}`).join(", ")}`)),
      hop.count !== undefined && hop.count !== null && h("span.pill.num", {}, count(Number(hop.count))),
    );

  return { element, show };
}
