// The filters over a grid: chips, and a small form whose choices follow the column's type.

import { baseOf } from "./cells.js";
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { button, closePopover, popover } from "./ui.js";

const NULLS = [
  ["null", "is NULL"],
  ["not null", "is not NULL"],
];
const ORDERED = [
  ["=", "is"],
  ["<>", "is not"],
  [">=", "at least"],
  ["<=", "at most"],
  [">", "more than"],
  ["<", "less than"],
  ["in", "is one of"],
];
const TIMES = [
  [">=", "from"],
  ["<", "before"],
  ["=", "is"],
  ["<>", "is not"],
  [">", "after"],
  ["<=", "until"],
];
const TEXTS = [
  ["contains", "contains"],
  ["=", "is"],
  ["<>", "is not"],
  ["starts", "starts with"],
  ["in", "is one of"],
  [">=", "at least"],
  ["<=", "at most"],
];

export function operators(column) {
  switch (column.base ?? baseOf(column.type)) {
    case "boolean":
      return [["true", "is true"], ["false", "is false"], ...NULLS];
    case "enum":
      return [["in", "is one of"], ["=", "is"], ["<>", "is not"], ...NULLS];
    case "number":
      return [...ORDERED, ...NULLS];
    case "timestamp":
    case "date":
    case "time":
      return [...TIMES, ...NULLS];
    case "uuid":
      return [["=", "is"], ["<>", "is not"], ["in", "is one of"], ...NULLS];
    case "json":
    case "array":
      return [["contains", "contains"], ["=", "is"], ["<>", "is not"], ...NULLS];
    case "bytea":
      return [["=", "is"], ["<>", "is not"], ...NULLS];
    default:
      return [...TEXTS, ...NULLS];
  }
}

const bare = (op) => ["null", "not null", "true", "false"].includes(op);

export function filterBar(table, filters, set) {
  const element = h("div.filterbar", { role: "toolbar", "aria-label": "Filters" });
  const open = (anchor) => editFilter(anchor ?? element.lastElementChild, table, null, (filter) => set([...filters(), filter]));
  const draw = () =>
    replace(
      element,
      filters().map((filter, at) => {
        const column = table.columns.find((one) => one.name === filter.column);
        const said = operators(column).find(([op]) => op === filter.op)?.[1] ?? filter.op;
        const value = bare(filter.op) ? null : filter.op === "in" ? (filter.values ?? []).join(", ") : filter.value === "" ? "''" : filter.value;
        return h(
          "span.chip",
          {},
          h("button", { title: "Change", onclick: (event) => editFilter(event.currentTarget, table, filter, (next) => set(filters().map((one, index) => (index === at ? next : one)))) }, h("b", {}, filter.column), h("span.op", {}, said), value !== null && h("span.value", {}, value)),
          button("close", "Remove the filter", () => set(filters().filter((_, index) => index !== at))),
        );
      }),
      h("button.button.quiet", { onclick: (event) => open(event.currentTarget) }, icon("filter"), "Filter"),
      filters().length > 1 && h("button.button.quiet", { onclick: () => set([]) }, "Clear all"),
    );
  return { element, draw, open: () => open(element.querySelector(":scope > .button")) };
}

export function editFilter(anchor, table, filter, done) {
  const names = h(
    "select",
    { "aria-label": "Column" },
    table.columns.map((column) => h("option", { value: column.name }, column.name)),
  );
  names.value = filter?.column ?? table.columns.find((column) => !column.primary)?.name ?? table.columns[0].name;
  const ops = h("select", { "aria-label": "Comparison" });
  const field = h("div");
  const column = () => table.columns.find((one) => one.name === names.value);
  let input = null;

  const drawOps = () => {
    replace(ops, operators(column()).map(([op, said]) => h("option", { value: op }, said)));
    if (filter && filter.column === names.value && operators(column()).some(([op]) => op === filter.op)) ops.value = filter.op;
    drawField();
  };
  const drawField = () => {
    const { base, labels } = column();
    const mine = filter?.column === names.value ? filter : null;
    input = null;
    if (bare(ops.value)) replace(field);
    else if (labels && ops.value === "in") replace(field, h("div.choices", {}, labels.map((label) => h("label", {}, h("input", { type: "checkbox", value: label, checked: mine?.values?.includes(label) ?? false }), label))));
    else if (labels) {
      input = h("select", { "aria-label": "Value" }, labels.map((label) => h("option", { value: label }, label)));
      input.value = mine?.value ?? labels[0];
      replace(field, input);
    } else if (ops.value === "in") {
      input = h("textarea", { rows: 4, "aria-label": "Values, one a line", placeholder: "one value a line", value: (mine?.values ?? []).join("\n") });
      replace(field, input);
    } else {
      input = h("input", { type: "text", "aria-label": "Value", placeholder: { timestamp: "2026-01-31 14:00+00", date: "2026-01-31", uuid: "00000000-0000-…", bytea: "\\x00ff" }[base] ?? "value", value: mine?.value ?? "", spellcheck: "false" });
      replace(field, input);
    }
    if (input) input.style.width = "100%";
  };
  const accept = () => {
    const next = { column: names.value, op: ops.value };
    if (ops.value === "in") next.values = input ? input.value.split("\n").map((line) => line.trim()).filter(Boolean) : [...field.querySelectorAll("input:checked")].map((box) => box.value);
    else if (!bare(ops.value)) next.value = input.value;
    if (next.values && !next.values.length) return;
    closePopover();
    done(next);
  };
  names.addEventListener("change", drawOps);
  ops.addEventListener("change", drawField);
  drawOps();
  const form = h("div.filter-form", {}, names, ops, field, h("footer", {}, h("button.button", { onclick: closePopover }, "Cancel"), h("button.button.primary", { onclick: accept }, "Apply")));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.tagName !== "TEXTAREA" && event.target.tagName !== "BUTTON") {
      event.preventDefault();
      accept();
    }
  });
  popover(anchor, form, { label: "Filter" });
  if (filter && input) input.focus();
}
