// One relation: its rows or its structure, with what belongs to them around.

import { get } from "./api.js";
import { dataView } from "./data.js";
import { h, replace } from "./dom.js";
import { about, bytes } from "./format.js";
import { icon } from "./icons.js";
import { address, current } from "./route.js";
import { OWNERSHIP } from "./sidebar.js";
import { on, relationKey, state } from "./store.js";
import { structure } from "./structure.js";
import { copy, trouble, waiting } from "./ui.js";

export function view() {
  const element = h("div.table-view");
  let shown = null;

  async function show(route) {
    const [schema, name] = route.path;
    const key = relationKey(schema, name);
    if (shown?.key !== key) {
      shown?.data?.leave();
      shown?.data?.drop();
      const mine = (shown = { key });
      replace(element, waiting(`Opening ${name}…`));
      try {
        mine.table = await get("table", { schema, name });
      } catch (error) {
        if (shown === mine) {
          shown = null;
          replace(element, trouble(error, () => show(current())));
        }
        return;
      }
      if (shown !== mine) return;
      build(mine);
    }
    // Asked for once more while it is still being read: who reads it shows what is asked for then.
    if (!shown?.tabs) return;
    const now = current();
    if (now.view !== "table" || relationKey(now.path[0], now.path[1]) !== shown.key) return;
    const wanted = now.params.view === "structure" ? "structure" : "data";
    shown.tabs(wanted);
    const part = wanted === "structure" ? (shown.structure ??= structure(shown.table)) : (shown.data ??= dataView(shown.table, shown.tools));
    shown.tools.hidden = wanted === "structure";
    if (shown.stage.firstChild !== part.element) replace(shown.stage, part.element);
    part.show?.(now);
  }

  function build(mine) {
    const { table } = mine;
    const relation = state.byKey?.get(mine.key);
    const [mark, said] = OWNERSHIP[relation?.declared ?? null];
    const segments = h("div.segments", { role: "tablist" });
    mine.tabs = (wanted) =>
      replace(
        segments,
        [
          ["data", "Rows"],
          ["structure", "Structure"],
        ].map(([name, label]) => h("a", { role: "tab", href: address("table", [table.schema, table.name], name === "data" ? {} : { view: name }), "aria-selected": String(wanted === name) }, label)),
      );
    mine.tools = h("div.row");
    mine.stage = h("div.table-view");
    mine.stage.style.minHeight = "0";
    replace(
      element,
      h(
        "div.toolbar",
        {},
        h("div.title", { title: table.comment ?? "" }, icon(table.kind), h("h1", {}, h("span.schema", {}, `${table.schema}.`), table.name)),
        mark === "unknown" ? null : mark === "ours" ? h("span.pill.good", { title: table.declared_at ? `${said}: ${table.declared_at}` : said }, "declared") : h("span.pill.warn", { title: said }, "not in code"),
        table.declared_at && h("button.button.quiet.mono", { title: "Copy where it is declared", onclick: () => copy(table.declared_at) }, table.declared_at),
        h("span.grow"),
        h("span.dim.num", {}, [table.rows >= 0 && table.rows !== null ? `~${about(table.rows)} rows` : null, table.bytes ? bytes(table.bytes) : null].filter(Boolean).join(" · ")),
        segments,
        mine.tools,
      ),
      mine.stage,
    );
  }

  on("back", () => {
    if (shown === null && current().view === "table") show(current());
  });
  return { element, show, leave: () => shown?.data?.leave() };
}
