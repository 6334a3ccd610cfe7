// Rows out as CSV, JSON or SQL, and CSV in, tried before it is done.

import { download, post } from "./api.js";
import { h, replace } from "./dom.js";
import { count, plural } from "./format.js";
import { dialog, failed, menu, toast } from "./ui.js";

export function exportMenu(anchor, table, filters, sort) {
  const run = (format) => async () => {
    toast("Exporting…");
    try {
      await download("export", { schema: table.schema, name: table.name, filters, sort, format }, `${table.name}.${format}`);
    } catch (error) {
      failed(error);
    }
  };
  const what = filters.length ? "matching rows" : "all rows";
  menu(anchor, [
    { label: `CSV, ${what}`, run: run("csv") },
    { label: `JSON, ${what}`, run: run("json") },
    { label: `SQL inserts, ${what}`, run: run("sql") },
  ]);
}

export function importDialog(table, done) {
  dialog(
    `Import CSV into ${table.name}`,
    (close) => {
      const text = h("textarea", { rows: 9, placeholder: `${table.columns.map((column) => column.name).slice(0, 4).join(",")}\n…`, "aria-label": "CSV with a header line", spellcheck: "false" });
      const file = h("input", { type: "file", accept: ".csv,text/csv,text/plain", "aria-label": "A CSV file" });
      const answer = h("div", { role: "status" });
      const importing = h("button.button.primary", { disabled: true, onclick: () => send(false) }, "Import");
      const trying = h("button.button", { onclick: () => send(true) }, "Dry run");
      text.addEventListener("input", () => (importing.disabled = true));
      file.addEventListener("change", async () => {
        if (!file.files[0]) return;
        text.value = await file.files[0].text();
        send(true);
      });
      async function send(dry_run) {
        if (!text.value.trim()) return;
        trying.disabled = importing.disabled = true;
        replace(answer, h("div.row", {}, h("span.spinner"), dry_run ? "Trying, nothing is kept…" : "Importing…"));
        try {
          const { rows, errors } = await post("import", { schema: table.schema, name: table.name, text: text.value, dry_run });
          importing.disabled = errors.length > 0 || !rows;
          replace(importing, rows ? `Import ${plural(rows, "row")}` : "Import");
          if (errors.length) {
            replace(
              answer,
              h("p.note.bad", {}, `${plural(errors.length, "problem")}: nothing was imported.`),
              h("table.list", {}, h("tbody", {}, errors.slice(0, 100).map((error) => h("tr", {}, h("td.num", {}, `line ${count(error.line)}`), h("td", {}, error.column ?? ""), h("td", {}, error.message))))),
            );
          } else if (dry_run) {
            replace(answer, h("p.note", {}, `${plural(rows, "row")} would be imported. It was tried in a transaction and rolled back.`));
          } else {
            close();
            toast(`${plural(rows, "row")} imported`);
            done();
          }
        } catch (error) {
          replace(answer, h("p.note.bad", {}, [error.message, error.detail, error.hint].filter(Boolean).join(" · ")));
        }
        trying.disabled = false;
      }
      return [
        h("div.body", {}, h("p", {}, "The first line names the columns. Everything is imported in one transaction, or nothing."), file, text, answer),
        h("footer", {}, h("button.button", { onclick: close }, "Cancel"), trying, importing),
      ];
    },
    { wide: true },
  );
}
