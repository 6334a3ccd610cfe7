// The overview: what is in this database at a glance, the largest relations, and where the code and the database part.

import { h, replace } from "./dom.js";
import { about, bytes, count, plural } from "./format.js";
import { icon } from "./icons.js";
import { address } from "./route.js";
import { on, remembered, state } from "./store.js";
import { blank, waiting } from "./ui.js";

export function view() {
  const element = h("div.document", { tabIndex: 0 });
  const draw = () => {
    if (state.loading) {
      replace(element, waiting("Reading the tables…"));
      return;
    }
    const { relations } = state;
    if (!relations.length) {
      replace(element, blank("table", "There are no tables yet", "Declare one in the code and migrate: it appears here."));
      return;
    }
    const size = relations.reduce((sum, relation) => sum + (relation.bytes ?? 0), 0);
    const known = relations.filter((relation) => relation.declared !== null);
    const ours = known.filter((relation) => relation.declared).length;
    const schemas = new Set(relations.map((relation) => relation.schema)).size;
    const by = (key) => relations.filter((relation) => relation[key] > 0).sort((a, b) => b[key] - a[key]).slice(0, 12);
    const external = relations.filter((relation) => relation.declared === false);
    replace(
      element,
      h("h1.big", {}, state.info.database),
      h(
        "div.facts-row",
        {},
        fact(count(relations.length), relations.length === 1 ? "relation" : "relations"),
        fact(count(schemas), schemas === 1 ? "schema" : "schemas"),
        fact(bytes(size), "on disk"),
        known.length > 0 && fact(`${Math.floor((100 * ours) / known.length)} %`, "declared in code"),
        fact(state.info.server_version.split(" ")[0], "PostgreSQL"),
      ),
      state.info.warnings.map((text) => h("p.note.warn", {}, text)),
      h("div.two", {}, list("Largest", by("bytes"), (relation) => bytes(relation.bytes)), list("Most rows", by("rows"), (relation) => `~${about(relation.rows)}`)),
      external.length > 0 && h("div.two", {}, list(`Not declared in code: ${plural(external.length, "relation")}`, external.slice(0, 12), (relation) => bytes(relation.bytes)), h("section")),
    );
  };
  on("relations", draw);
  return {
    element,
    show() {
      draw();
      remembered.set("place", "");
    },
  };
}

const fact = (value, name) => h("div.fact", {}, h("strong.num", {}, value), h("span", {}, name));

function list(title, relations, tail) {
  const most = Math.max(...relations.map((relation) => relation.bytes ?? 0), 1);
  return h(
    "section",
    {},
    h("h2", {}, title),
    h(
      "ul.links",
      {},
      relations.map((relation) =>
        h(
          "li",
          {},
          h("a", { href: address("table", [relation.schema, relation.name]) }, icon(relation.kind), h("span.grow.clip", {}, relation.schema === "public" ? null : h("span.dim", {}, `${relation.schema}.`), relation.name), title === "Largest" && h("span.bar", { style: { width: `${Math.max(1, (100 * (relation.bytes ?? 0)) / most)}px` } }), h("span.dim.num", {}, tail(relation))),
        ),
      ),
    ),
  );
}
