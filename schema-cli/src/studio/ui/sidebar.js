// The relations by schema, in a list that holds 10,000 of them, with search as you type.

import { h, replace } from "./dom.js";
import { about, bytes, count, plural } from "./format.js";
import { icon } from "./icons.js";
import { address, current } from "./route.js";
import { marked, score, words } from "./search.js";
import { on, remembered, state } from "./store.js";
import { button, menu } from "./ui.js";
import { virtualList } from "./virtual.js";

const HEIGHT = 28;
export const OWNERSHIP = { true: ["ours", "Declared in code"], false: ["external", "Not declared in code"], null: ["unknown", "It is not known whether the code declares it"] };

export function sidebar() {
  const input = h("input", { type: "search", placeholder: "Find a table", "aria-label": "Find a table", autocomplete: "off", spellcheck: "false" });
  const summary = h("div.sidebar-foot");
  const list = virtualList({ height: HEIGHT, render, label: "Tables", role: "tree" });
  let shut = new Set(remembered.get("shut", []));
  let show = remembered.get("show", "all");
  let order = remembered.get("order", "name");
  let rows = [];
  let at = -1;
  let wanted = [];
  let everShown = false;

  function build(keep) {
    wanted = words(input.value);
    const kept = state.relations.filter((relation) => (show === "all" || String(relation.declared) === show) && (!wanted.length || score(`${relation.schema}.${relation.name}`, wanted) >= 0));
    const groups = new Map();
    for (const relation of kept) {
      if (!groups.has(relation.schema)) groups.set(relation.schema, []);
      groups.get(relation.schema).push(relation);
    }
    const by = { name: (a, b) => (a.name < b.name ? -1 : 1), rows: (a, b) => (b.rows ?? -1) - (a.rows ?? -1), size: (a, b) => (b.bytes ?? -1) - (a.bytes ?? -1) }[order];
    const schemas = [...groups.keys()].sort((a, b) => (b === "public") - (a === "public") || (a < b ? -1 : 1));
    // With very many tables only the first schema starts open.
    if (!everShown && state.relations.length) {
      everShown = true;
      if (state.relations.length > 2000 && !remembered.get("shut", null)) shut = new Set(schemas.slice(1));
    }
    rows = [];
    for (const schema of schemas) {
      const inside = groups.get(schema).sort(by);
      const closed = shut.has(schema) && !wanted.length;
      rows.push({ schema, count: inside.length, closed });
      if (!closed) rows.push(...inside);
    }
    if (!keep) at = wanted.length ? best() : -1;
    list.set(rows);
    if (at >= 0 && !keep) list.reveal(at);
    replace(summary, state.loading ? "Reading the tables…" : `${plural(kept.length, "relation")}${kept.length === state.relations.length ? "" : ` of ${count(state.relations.length)}`}`);
  }

  /** The row that answers best to what was typed: Enter opens it. */
  function best() {
    let [found, most] = [-1, -1];
    rows.forEach((row, index) => {
      const points = row.name === undefined ? -1 : score(row.name, wanted.slice(-1));
      if (points > most) [found, most] = [index, points];
    });
    return found < 0 ? rows.findIndex((row) => row.name !== undefined) : found;
  }

  /** The table that is shown is in sight here, however it was come to. */
  function follow({ view, path }) {
    if (view === "table" && !wanted.length) {
      if (shut.delete(path[0])) build(true);
      const index = rows.findIndex((row) => row.schema === path[0] && row.name === path[1]);
      if (index >= 0) list.reveal(index);
    }
    list.draw();
  }

  function render(row, index) {
    if (row.name === undefined) {
      return h("div.schema-row", { role: "treeitem", "aria-expanded": String(!row.closed), "aria-level": "1", class: index === at ? "at" : "", onclick: () => toggle(row.schema) }, icon(row.closed ? "right" : "down"), h("span.name", {}, row.schema), h("span.dim.num", {}, count(row.count)));
    }
    const [mark, said] = OWNERSHIP[row.declared];
    const known = state.ownershipKnown;
    const here = current();
    const chosen = here.view === "table" && here.path[0] === row.schema && here.path[1] === row.name;
    const size = order === "size" ? bytes(row.bytes) : about(row.rows);
    const title = [`${row.schema}.${row.name}`, row.kind, row.rows >= 0 && row.rows !== null ? `about ${count(row.rows)} rows` : null, row.bytes ? bytes(row.bytes) : null, known ? said : null, row.comment].filter(Boolean).join("\n");
    return h(
      "a.relation-row",
      { role: "treeitem", "aria-level": "2", href: address("table", [row.schema, row.name]), "aria-current": chosen ? "page" : null, class: index === at ? "at" : "", title, tabIndex: -1 },
      icon(row.kind),
      h("span.name", {}, marked(row.name, wanted)),
      known && h("span.owner", { class: mark, role: "img", "aria-label": said }),
      h("span.dim.num", {}, size),
    );
  }

  function toggle(schema) {
    if (shut.has(schema)) shut.delete(schema);
    else shut.add(schema);
    remembered.set("shut", [...shut]);
    build(true);
  }

  /** The keyboard goes on in what is opened. */
  function openRow(to) {
    document.activeElement?.blur();
    if (to === location.hash) document.querySelector("main .grid")?.focus();
    else location.hash = to;
  }

  function keys(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 }[event.key];
    const row = rows[at];
    if (step) {
      event.preventDefault();
      at = Math.max(0, Math.min(rows.length - 1, at + step));
      list.draw();
      list.reveal(at);
    } else if (event.key === "Enter" && row) {
      event.preventDefault();
      if (row.name === undefined) toggle(row.schema);
      else openRow(address("table", [row.schema, row.name]));
    } else if ((event.key === "ArrowLeft" || event.key === "ArrowRight") && row && event.target !== input) {
      event.preventDefault();
      if (row.name === undefined && row.closed === (event.key === "ArrowRight")) toggle(row.schema);
    } else if (event.key === "Escape" && input.value) {
      event.preventDefault();
      input.value = "";
      build();
    }
  }

  const options = button("filter", "What is listed, and in which order", () => {
    const choose = (name, value) => ({ label: name, checked: show === value, run: () => (remembered.set("show", (show = value)), build()) });
    const sort = (name, value) => ({ label: name, checked: order === value, run: () => (remembered.set("order", (order = value)), build()) });
    menu(options, [choose("All relations", "all"), choose("Declared in code", "true"), choose("Not declared in code", "false"), "-", sort("By name", "name"), sort("By rows", "rows"), sort("By size", "size")]);
  });
  input.addEventListener("input", () => {
    list.element.scrollTop = 0;
    build();
  });
  input.addEventListener("keydown", keys);
  list.element.addEventListener("keydown", keys);
  on("relations", () => {
    build(true);
    follow(current());
  });
  on("shown", follow);

  const element = h("aside.sidebar", { "aria-label": "Tables" }, h("div.sidebar-head", {}, h("label.find", {}, icon("search"), input, h("kbd", {}, "/")), options), list.element, summary);
  element.append(grip(element));
  build();
  return element;
}

/** The sidebar's right edge, to pull. */
function grip(element) {
  element.style.width = `${remembered.get("sidebar-width", 264)}px`;
  const handle = h("div.grip", { role: "separator", "aria-orientation": "vertical", "aria-label": "Width of the sidebar" });
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    const move = (now) => (element.style.width = `${Math.max(180, Math.min(520, now.clientX))}px`);
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", () => (handle.removeEventListener("pointermove", move), remembered.set("sidebar-width", element.offsetWidth)), { once: true });
  });
  return handle;
}
