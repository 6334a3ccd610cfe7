// The command palette: go to a table, a view, an action, by typing.

import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { address } from "./route.js";
import { find, marked, words } from "./search.js";
import { TABS, switchWriting } from "./shell.js";
import { beYourself, viewAs } from "./viewas.js";
import { emit, on, state } from "./store.js";
import { nextTheme } from "./theme.js";
import { about } from "./format.js";

const own = new Set();

/** Actions that a view adds while it is shown: a function that gives [{label, icon, run}]. */
export function addActions(actions) {
  own.add(actions);
  return () => own.delete(actions);
}

function actions() {
  return [
    ...[...own].flatMap((more) => more()),
    ...TABS.map(([name, label, mark], at) => ({ label: name === "home" ? "Overview of tables" : `Open ${label}`, icon: mark, keys: `Alt ${at + 1}`, run: () => (location.hash = address(name)) })),
    state.info.may_write && { label: state.info.writing ? "Switch writing off" : "Switch writing on", icon: "unlock", run: switchWriting },
    state.info.viewer ? { label: "Be yourself again", icon: "view", run: beYourself } : { label: "See rows as a role…", icon: "view", run: viewAs },
    { label: "Change the theme", icon: "moon", run: () => (nextTheme(), emit("theme")) },
    { label: "Read the tables again", icon: "refresh", run: () => emit("reload") },
  ].filter(Boolean);
}

export function openPalette() {
  if (document.querySelector(".palette")) return;
  const input = h("input", { type: "text", placeholder: "Go to a table, or type an action", "aria-label": "Go to", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", autocomplete: "off", spellcheck: "false" });
  const list = h("div.palette-list", { role: "listbox", id: "palette-list" });
  const box = h("dialog.palette", { "aria-label": "Go to" }, h("div.palette-input", {}, icon("search"), input), list, h("footer", {}, h("span", {}, h("kbd", {}, "↑"), h("kbd", {}, "↓"), " choose"), h("span", {}, h("kbd", {}, "↵"), " open"), h("span", {}, h("kbd", {}, "Esc"), " close")));
  let rows = [];
  let at = 0;

  const draw = () => {
    const wanted = words(input.value);
    const commands = find(actions(), input.value, (action) => action.label, wanted.length ? 6 : 20);
    const tables = find(state.relations, input.value, (relation) => `${relation.schema}.${relation.name}`, wanted.length ? 60 : 8);
    rows = [
      ...tables.map((relation) => ({ label: relation.name, hint: relation.schema, icon: relation.kind, tail: about(relation.rows), run: () => (location.hash = address("table", [relation.schema, relation.name])) })),
      ...commands.map((action) => ({ ...action, tail: action.keys })),
    ];
    if (!wanted.length) rows = [...rows.slice(tables.length), ...rows.slice(0, tables.length)];
    at = 0;
    replace(
      list,
      rows.map((row, index) =>
        h("div.palette-row", { role: "option", id: `palette-${index}`, onclick: () => choose(index), onpointermove: () => index !== at && move(index) }, icon(row.icon), h("span.name", {}, marked(row.label, wanted)), row.hint && h("span.dim", {}, marked(row.hint, wanted)), h("span.grow"), row.tail && h("span.dim.num", {}, row.tail)),
      ),
      !rows.length && h("p.nothing", {}, state.loading ? "The tables are still being read…" : "Nothing by that name"),
    );
    move(0);
  };
  const move = (next) => {
    list.children[at]?.setAttribute("aria-selected", "false");
    at = Math.max(0, Math.min(rows.length - 1, next));
    list.children[at]?.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", `palette-${at}`);
  };
  const choose = (index) => {
    const row = rows[index];
    box.close();
    row?.run();
  };
  input.addEventListener("input", draw);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) {
      event.preventDefault();
      move(at + step);
      list.children[at]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(at);
    }
  });
  const off = on("relations", draw);
  box.addEventListener("close", () => (off(), box.remove()));
  box.addEventListener("pointerdown", (event) => event.target === box && box.close());
  document.body.append(box);
  box.showModal();
  draw();
  input.focus();
}
