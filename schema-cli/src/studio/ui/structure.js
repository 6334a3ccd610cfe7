// How a relation is made: columns, keys, indexes, constraints, triggers, policies, its SQL, and where the code declares it.

import { get } from "./api.js";
import { h, replace } from "./dom.js";
import { bytes, count } from "./format.js";
import { icon } from "./icons.js";
import { address } from "./route.js";
import { sqlText } from "./sqltext.js";
import { copy, waiting } from "./ui.js";

export function structure(table) {
  const where = (at) => at && h("button.code-place", { title: "Copy", onclick: () => copy(at) }, at);
  const name = (schema, table) => h("a", { href: address("table", [schema, table], { view: "structure" }) }, `${schema}.${table}`);
  const declared = table.columns.some((column) => column.declared_at);
  return {
    element: h(
      "div.document",
      { tabIndex: 0 },
      table.comment && h("p.lead", {}, table.comment),
      section(
        "Columns",
        table.columns.length,
        ["Column", "Type", "", "Default", "References", ...(declared ? ["In the code"] : [])],
        table.columns.map((column) => [
          h("span.row", { title: column.comment ?? "" }, column.primary ? icon("key") : h("span.icon"), h("b", {}, column.name), column.comment && h("span.dim.comment", {}, column.comment)),
          h("span.mono", {}, column.type),
          h("span.row", {}, column.nullable ? h("span.dim", {}, "nullable") : h("span.pill", {}, "not null"), column.identity && h("span.pill.blue", {}, "identity"), column.generated && h("span.pill.blue", {}, "generated")),
          column.default !== null && h("code", {}, column.default),
          column.references && h("span", {}, name(column.references.schema, column.references.name), h("span.dim", {}, ` (${column.references.column})`)),
          ...(declared ? [where(column.declared_at)] : []),
        ]),
      ),
      section(
        "Indexes",
        table.indexes.length,
        ["Index", "Definition", "", "Size", "Scans"],
        table.indexes.map((index) => [
          h("b", {}, index.name),
          h("code", {}, index.definition),
          h("span.row", {}, index.primary ? h("span.pill.blue", {}, "primary") : index.unique && h("span.pill", {}, "unique"), !index.valid && h("span.pill.bad", {}, "invalid"), !index.primary && !index.unique && Number(index.scans) === 0 && h("span.pill.warn", { title: "No scan since statistics were reset" }, "unused")),
          h("span.num", {}, bytes(index.bytes)),
          h("span.num", {}, count(index.scans)),
        ]),
      ),
      section(
        "References",
        table.foreign_keys.length,
        ["Foreign key", "Columns", "Refers to"],
        table.foreign_keys.map((key) => [h("b", {}, key.name), key.columns.join(", "), h("span", {}, name(key.schema, key.table), h("span.dim", {}, ` (${key.to.join(", ")})`))]),
      ),
      section(
        "Referred to by",
        table.referenced_by.length,
        ["Foreign key", "From", "To"],
        table.referenced_by.map((key) => [h("b", {}, key.name), h("span", {}, name(key.schema, key.table), h("span.dim", {}, ` (${key.columns.join(", ")})`)), key.to.join(", ")]),
      ),
      plainSection("Constraints", table.constraints),
      plainSection("Triggers", table.triggers),
      plainSection("Policies", table.policies),
      definition(table),
    ),
  };
}

/** The SQL; in a large database the server reads it only when it is asked for by itself. */
function definition(table) {
  let sql = table.sql ?? null;
  const text = h("pre.sql.block", { tabIndex: 0 });
  const show = () => replace(text, sql === null ? "There is no SQL for this one." : sqlText(sql));
  if (sql === null) {
    replace(text, waiting("Reading the catalog…"));
    get("definition", { schema: table.schema, name: table.name }).then(
      (found) => {
        sql = found.sql;
        show();
      },
      (error) => replace(text, error.message),
    );
  } else {
    show();
  }
  return h("section", {}, h("h2", {}, "SQL", h("button.button.quiet", { onclick: () => copy(sql ?? "", "SQL copied") }, icon("copy"), "Copy")), text);
}

export function section(title, size, heads, rows) {
  if (!size) return null;
  return h(
    "section",
    {},
    h("h2", {}, title, h("span.dim.num", {}, size)),
    h("div.scroll", {}, h("table.list", {}, h("thead", {}, h("tr", {}, heads.map((text) => h("th", { scope: "col" }, text)))), h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell) => h("td", {}, cell))))))),
  );
}

const plainSection = (title, items) =>
  section(
    title,
    items.length,
    ["Name", "Definition"],
    items.map((item) => [h("b", {}, item.name), h("code", {}, item.definition)]),
  );
