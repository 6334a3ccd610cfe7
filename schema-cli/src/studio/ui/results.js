// What running gave: a tab for each statement's result, its rows in a grid, notices, the error.

import { baseOf, jsonOf, textOf } from "./cells.js";
import { saveAs } from "./api.js";
import { h, replace } from "./dom.js";
import { count, milliseconds, plural } from "./format.js";
import { grid } from "./grid.js";
import { icon } from "./icons.js";
import { sqlText } from "./sqltext.js";
import { tree } from "./json.js";
import { button, copy, menu, popover } from "./ui.js";

export function resultsView({ results, error, notices }) {
  const body = h("div.result-body");
  const strip = h("div.result-tabs", { role: "tablist", "aria-label": "Results" });
  const parts = [
    ...results.map((result, at) => ({ label: result.columns?.length ? `${results.length > 1 ? `${at + 1} · ` : ""}${plural(result.rows.length, "row")}${result.more ? "+" : ""}` : result.command, title: result.sql, build: () => one(result) })),
    error && { label: "Error", bad: true, build: () => trouble(error) },
    notices?.length && { label: plural(notices.length, "notice"), build: () => h("pre.sql.pad", { tabIndex: 0 }, notices.join("\n")) },
  ].filter(Boolean);
  const choose = (at) => {
    [...strip.children].forEach((tab, index) => tab.setAttribute("aria-selected", String(index === at)));
    parts[at].element ??= parts[at].build();
    replace(body, parts[at].element);
  };
  replace(strip, parts.map((part, at) => h("button.result-tab", { role: "tab", class: part.bad ? "bad" : "", title: part.title ?? "", onclick: () => choose(at) }, part.label)));
  if (parts.length) choose(error ? results.length : 0);
  else body.append(h("div.blank", {}, icon("check"), h("p", {}, "Nothing to show")));
  return h("div.results", {}, parts.length > 0 && strip, body);
}

function one(result) {
  const foot = (extra) => h("div.statusbar", {}, extra, h("span", {}, milliseconds(result.milliseconds)), h("span.keys.mono", { title: result.sql }, result.sql?.replace(/\s+/g, " ").slice(0, 200)));
  if (!result.columns?.length) {
    return h("div.result", {}, h("div.blank", {}, icon("check"), h("h2", {}, result.command), h("p", {}, result.count !== null && result.count !== undefined ? plural(Number(result.count), "row") : "done")), foot());
  }
  const columns = result.columns.map((column) => ({ ...column, base: baseOf(column.type) }));
  const rows = result.rows.map((cells) => ({ cells }));
  const view = grid({
    label: "Result",
    columns,
    source: { length: () => rows.length, at: (at) => rows[at], number: (at) => count(at + 1) },
    on: {
      edit: (row, at, text) => text === undefined && (look(view.focusedCell() ?? view.element, columns[at], rows[row].cells[at]), true),
      menu: (anchor, row, at) =>
        menu(anchor, [
          { label: "Copy", icon: "copy", keys: "Ctrl C", run: () => view.copySelection() },
          { label: "Copy with column names", run: () => view.copySelection(true) },
          { label: "Show the whole cell", icon: "panel", keys: "↵", run: () => look(anchor, columns[at], rows[row].cells[at]) },
        ]),
    },
  });
  const saver = button("export", "Save as CSV or JSON", () =>
    menu(saver, [
      { label: "CSV", run: () => save(csv(columns, result.rows), "text/csv", "result.csv") },
      { label: "JSON", run: () => save(json(columns, result.rows), "application/json", "result.json") },
    ]),
  );
  if (!rows.length) view.note.append(h("div", {}, "No rows"));
  return h("div.result", {}, view.element, foot([h("span", {}, `${plural(rows.length, "row")}${result.more ? ", and there are more" : ""}`), saver]));
}

function look(anchor, column, value) {
  const text = textOf(value);
  popover(anchor, h("div.card", {}, h("div.row", {}, h("b.grow", {}, column.name), h("span.dim", {}, column.type), button("copy", "Copy", () => copy(text))), h("div.whole", { tabIndex: 0 }, value === null ? h("span.null", {}, "NULL") : column.base === "json" ? tree(text) : text)), { width: 480, label: column.name });
}

function trouble(error) {
  return h(
    "div.sql-error",
    { role: "alert" },
    h("div.row", {}, icon("warning"), h("strong", {}, error.message), error.code && h("span.pill.bad.num", {}, error.code)),
    error.detail && h("p", {}, error.detail),
    error.hint && h("p", {}, h("span.dim", {}, "Hint: "), error.hint),
    error.next && h("p", {}, error.next),
    error.line && h("p.dim", {}, `line ${error.line}`),
    error.sql && h("pre.sql", {}, sqlText(error.sql)),
  );
}

const save = (text, type, name) => saveAs(URL.createObjectURL(new Blob([text], { type })), name);

/** As the server writes it: a cell that a spreadsheet would take for a formula gets an apostrophe before it. */
function csv(columns, rows) {
  const cell = (value) => {
    if (value === null) return "";
    const text = textOf(value);
    const guarded = /^[=+\-@\t\r]/.test(text) && !/^-?[\d.]+(e[+-]?\d+)?$/i.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(guarded) || guarded === "" ? `"${guarded.replaceAll('"', '""')}"` : guarded;
  };
  return `${[columns.map((column) => column.name), ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

function json(columns, rows) {
  return `[\n${rows.map((row) => `  {${columns.map((column, at) => `${JSON.stringify(column.name)}: ${jsonOf(row[at], column.base)}`).join(", ")}}`).join(",\n")}\n]\n`;
}
