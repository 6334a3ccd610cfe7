// Beside the SQL editor: the queries kept with the code, and what was run before.

import { get, post } from "./api.js";
import { h, replace } from "./dom.js";
import { milliseconds } from "./format.js";
import { icon } from "./icons.js";
import { button, confirmed, failed } from "./ui.js";

export function queryLists({ open, changed }) {
  let queries = [];
  let available = true;
  let past = [];
  let shown = "saved";
  const find = h("input", { type: "search", placeholder: "Find", "aria-label": "Find a query" });
  const list = h("div.query-list");
  const segments = h("div.segments", { role: "tablist" });
  const element = h("div.query-lists", {}, h("div.query-head", {}, segments), h("div.query-head", {}, find), list);
  find.style.width = "100%";
  find.addEventListener("input", draw);

  function draw() {
    replace(
      segments,
      [
        ["saved", "Saved"],
        ["history", "History"],
      ].map(([name, label]) => h("button", { role: "tab", "aria-selected": String(shown === name), onclick: () => ((shown = name), draw()) }, label)),
    );
    const wanted = find.value.toLowerCase();
    const has = (text) => text.toLowerCase().includes(wanted);
    if (shown === "saved") {
      const found = queries.filter((query) => has(query.name) || has(query.sql));
      replace(
        list,
        found.map((query) =>
          h("div.query", {}, h("button.query-open", { title: query.sql, onclick: () => open(query.sql, query.name, query.sql) }, icon("code"), h("span.clip", {}, query.name)), button("trash", `Delete ${query.name}`, () => remove(query))),
        ),
        !found.length && h("p.nothing", {}, !available ? "Saved queries are files of a project: run schema studio where schema.toml is" : queries.length ? "Nothing by that name" : "No saved queries yet: they are .sql files in queries/"),
      );
    } else {
      const found = past.filter((entry) => has(entry.sql));
      replace(
        list,
        found.map((entry) =>
          h(
            "button.history",
            { title: entry.sql, onclick: () => open(entry.sql) },
            h("code", {}, entry.sql.replace(/\s+/g, " ").slice(0, 160)),
            h("span.dim.num", {}, [entry.at.slice(0, 16).replace("T", " "), milliseconds(entry.milliseconds), entry.error ? "failed" : null].filter(Boolean).join(" · ")),
          ),
        ),
        !found.length && h("p.nothing", {}, "Nothing was run yet"),
      );
    }
  }

  async function remove(query) {
    if (!(await confirmed(`Delete ${query.name}?`, "Its file in queries/ is removed.", "Delete", true))) return;
    try {
      await post("queries/delete", { name: query.name });
      load();
    } catch (error) {
      failed(error);
    }
  }

  async function load() {
    const [saved, before] = await Promise.allSettled([get("queries"), get("history")]);
    queries = saved.value?.queries ?? queries;
    available = saved.value?.available !== false;
    changed?.();
    past = before.value?.history ?? past;
    draw();
  }

  draw();
  return { element, load, canSave: () => available };
}
