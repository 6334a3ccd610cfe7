// The diagram view: tables and their references, found, focused, moved, zoomed.

import { get } from "./api.js";
import { h, perFrame, replace, s } from "./dom.js";
import { drawBox, drawEdge, shape } from "./diagramdraw.js";
import { exportSvg, mermaid } from "./diagramexport.js";
import { plural } from "./format.js";
import { icon } from "./icons.js";
import { current, go } from "./route.js";
import { find } from "./search.js";
import { on, relationKey, state } from "./store.js";
import { blank, button, closePopover, copy, menu, popover, trouble, waiting, walk } from "./ui.js";

const MOST = 800;

export function view() {
  const tools = h("div.toolbar");
  const stage = s("g.stage");
  const svg = s("svg.diagram", { role: "group", "aria-label": "Diagram" }, stage);
  const cover = h("div.cover");
  const zoomText = h("span.num");
  const canvas = h("div.canvas", {}, svg, cover, h("div.zoom", {}, button("plus", "Closer (+)", () => zoom(1.25)), zoomText, button("fit", "All of it (0)", () => fit())));
  const element = h("div.table-view", {}, tools, canvas);
  const worker = new Worker(new URL("./diagramworker.js", import.meta.url), { type: "module" });
  const look = { x: 0, y: 0, k: 1 };
  let all = null;
  let byKey = new Map();
  let schema = null;
  let focus = null;
  let depth = 1;
  let detail = null;
  let drawn = null;
  let asked = 0;

  const key = (one) => relationKey(one.schema, one.name);

  async function load() {
    replace(cover, waiting("Reading the schema…"));
    try {
      all = await get("diagram");
    } catch (error) {
      replace(cover, trouble(error, load));
      return;
    }
    byKey = new Map(all.tables.map((table) => [key(table), table]));
    if (schema === null && all.tables.length > MOST) {
      const sizes = new Map();
      for (const table of all.tables) sizes.set(table.schema, (sizes.get(table.schema) ?? 0) + 1);
      schema = sizes.has("public") ? "public" : [...sizes].sort((a, b) => a[1] - b[1])[0][0];
    }
    schema ??= "";
    show(current());
  }

  /** The tables to draw: one schema or all, or a table with what is at most `depth` references away. */
  function chosen() {
    if (!focus) return all.tables.filter((table) => !schema || table.schema === schema);
    const near = new Set([key(focus)]);
    for (let step = 0; step < depth; step += 1) {
      const now = [...all.edges];
      const before = new Set(near);
      for (const edge of now) {
        if (before.has(key(edge.from))) near.add(key(edge.to));
        if (before.has(key(edge.to))) near.add(key(edge.from));
      }
    }
    return all.tables.filter((table) => near.has(key(table)));
  }

  function layout() {
    const tables = chosen();
    drawTools(tables);
    if (!tables.length) {
      stage.textContent = "";
      replace(cover, blank("diagram", "No tables here", "Declare one in the code and migrate: it appears here."));
      return;
    }
    if (tables.length > 2500) {
      stage.textContent = "";
      replace(cover, blank("diagram", `${plural(tables.length, "table")} at once are too many to read`, "Choose a schema or a table above."));
      return;
    }
    const level = detail ?? (tables.length <= 30 ? "all" : tables.length <= 90 ? "keys" : "names");
    const at = new Map(tables.map((table, index) => [key(table), index]));
    const boxes = tables.map((table) => shape(table, level));
    const edges = all.edges.filter((edge) => at.has(key(edge.from)) && at.has(key(edge.to)));
    replace(cover, waiting(tables.length > 100 ? `Laying out ${plural(tables.length, "table")}…` : "Laying out…"));
    asked += 1;
    worker.onmessage = ({ data }) => {
      if (data.id !== asked) return;
      replace(cover);
      draw(tables, boxes, edges, at, data, level);
    };
    worker.postMessage({ id: asked, nodes: boxes.map(({ width, height }) => ({ width, height })), edges: edges.map((edge) => ({ from: at.get(key(edge.from)), to: at.get(key(edge.to)) })), ratio: Math.max(0.8, canvas.clientWidth / Math.max(1, canvas.clientHeight)) });
  }

  function draw(tables, boxes, edges, at, { places, bends, frames, width, height }, level) {
    stage.textContent = "";
    const schemas = [...new Set(all.tables.map((table) => table.schema))].sort();
    const lines = edges.map((edge, index) => {
      const from = at.get(key(edge.from));
      const to = at.get(key(edge.to));
      const line = drawEdge(edge, { at: from, box: boxes[from] }, { at: to, box: boxes[to] }, places, bends[index]);
      return { line, from, to };
    });
    const nodes = tables.map((table, index) => drawBox(boxes[index], places[index], schemas.indexOf(table.schema) % 8));
    // References from one neighbourhood to another are many and long: they stay in the background until a table is pointed at.
    const home = places.map((place) => frames.findIndex((frame) => place.x >= frame.x && place.x < frame.x + frame.width && place.y >= frame.y && place.y < frame.y + frame.height));
    for (const { line, from, to } of lines) line.classList.toggle("between", home[from] !== home[to]);
    const weight = new Map();
    for (const { to } of lines) weight.set(to, (weight.get(to) ?? 0) + 1);
    for (const [at, frame] of frames.entries()) {
      // A neighbourhood goes by the name of the table that most refer to.
      const [hub] = tables.map((_, index) => index).filter((index) => home[index] === at).sort((a, b) => (weight.get(b) ?? 0) - (weight.get(a) ?? 0));
      stage.append(s("rect.frame", { ...frame, rx: 12 }), s("text.frame-name", { x: frame.x + 4, y: frame.y - 14 }, tables[hub].name));
    }
    stage.append(...lines.map(({ line }) => line), ...nodes);
    svg.classList.toggle("names", level === "names");
    drawn = { tables, boxes, lines, nodes, places, width, height, edges };
    nodes.forEach((node, index) => {
      node.addEventListener("pointerenter", () => light(index));
      node.addEventListener("pointerleave", () => light(null));
      node.addEventListener("focus", () => light(index));
      node.addEventListener("dblclick", () => focusOn(tables[index]));
      node.addEventListener("keydown", (event) => {
        if (event.key === "Enter") focusOn(tables[index]);
      });
      node.addEventListener("contextmenu", (event) => {
        event.preventDefault();
        nodeMenu({ x: event.clientX, y: event.clientY }, tables[index]);
      });
      node.addEventListener("click", () => moved < 4 && nodeMenu(node, tables[index]));
      if (focus && key(tables[index]) === key(focus)) node.classList.add("focused");
    });
    fit();
  }

  const nodeMenu = (anchor, table) =>
    menu(anchor, [
      { label: `Focus on ${table.name}`, icon: "fit", run: () => focusOn(table) },
      { label: "Open its rows", icon: "table", run: () => go("table", [table.schema, table.name]) },
      { label: "Open its structure", icon: "columns", run: () => go("table", [table.schema, table.name], { view: "structure" }) },
      { label: "Copy name", icon: "copy", run: () => copy(`${table.schema}.${table.name}`) },
    ]);

  /** One table and what it is tied to stay lit. */
  function light(index) {
    if (!drawn || dragging) return;
    svg.classList.toggle("dimmed", index !== null);
    const near = new Set([index]);
    for (const { line, from, to } of drawn.lines) {
      const lit = index !== null && (from === index || to === index);
      line.classList.toggle("lit", lit);
      if (lit) near.add(from).add(to);
    }
    drawn.nodes.forEach((node, at) => node.classList.toggle("lit", index !== null && near.has(at)));
  }

  function focusOn(table) {
    closePopover();
    go("diagram", [], { focus: JSON.stringify([table.schema, table.name]), depth: depth > 1 ? depth : "" });
  }

  // Looking

  const apply = perFrame(() => {
    stage.setAttribute("transform", `translate(${look.x} ${look.y}) scale(${look.k})`);
    svg.classList.toggle("far", look.k < 0.36);
    svg.classList.toggle("very-far", look.k < 0.16);
    replace(zoomText, `${Math.round(look.k * 100)} %`);
  });

  function fit() {
    if (!drawn) return;
    const { clientWidth: w, clientHeight: t } = canvas;
    const k = Math.min(1.15, (w - 64) / drawn.width, (t - 64) / drawn.height);
    Object.assign(look, { k, x: (w - drawn.width * k) / 2, y: (t - drawn.height * k) / 2 });
    apply();
  }

  function zoom(by, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
    const k = Math.max(0.03, Math.min(3, look.k * by));
    look.x = x - ((x - look.x) * k) / look.k;
    look.y = y - ((y - look.y) * k) / look.k;
    look.k = k;
    apply();
  }

  function show(route) {
    if (!all) {
      load();
      return;
    }
    let wanted = null;
    try {
      const [name, table] = JSON.parse(route.params.focus ?? "null") ?? [];
      wanted = byKey.get(relationKey(name, table)) ?? null;
    } catch {
      // A focus that cannot be read is none.
    }
    depth = Math.max(1, Math.min(3, Number(route.params.depth) || 1));
    focus = wanted;
    layout();
  }

  function drawTools(tables) {
    const schemas = [...new Set(all.tables.map((table) => table.schema))].sort();
    const input = h("input", { type: "search", placeholder: "Find a table", "aria-label": "Find a table in the diagram" });
    input.addEventListener("input", () => search(input));
    input.addEventListener("keydown", (event) => event.key === "Enter" && focusOn(find(all.tables, input.value, (table) => `${table.schema}.${table.name}`, 1)[0] ?? focus));
    const select = h("select", { "aria-label": "Schema", onchange: () => ((schema = select.value), focus ? go("diagram") : layout()) }, h("option", { value: "" }, "All schemas"), schemas.map((name) => h("option", { value: name }, name)));
    select.value = schema;
    const details = h("select", { "aria-label": "Detail", onchange: () => ((detail = details.value || null), layout()) }, [["", "Detail: by size"], ["all", "All columns"], ["keys", "Keys only"], ["names", "Names only"]].map(([value, label]) => h("option", { value }, label)));
    details.value = detail ?? "";
    replace(
      tools,
      input,
      schemas.length > 1 && select,
      focus && h("span.chip", {}, h("button", { onclick: () => go("table", [focus.schema, focus.name]) }, h("b", {}, focus.name), h("span.op", {}, "and its neighbours")), button("close", "Show all tables", () => go("diagram"))),
      focus && h("div.segments", { role: "group", "aria-label": "How far" }, [1, 2, 3].map((far) => h("button", { "aria-selected": String(depth === far), title: plural(far, "reference"), onclick: () => go("diagram", [], { focus: JSON.stringify([focus.schema, focus.name]), depth: far > 1 ? far : "" }) }, far))),
      h("span.grow"),
      h("span.dim.num", {}, plural(tables.length, "table")),
      details,
      button("refresh", "Read again", () => ((all = null), load())),
      button("export", "Export", (event) => menu(event.currentTarget, [
        { label: "SVG", run: () => drawn && exportSvg(svg, stage, drawn, state.info.database) },
        { label: "Copy as mermaid", run: () => drawn && copy(mermaid(drawn.tables, drawn.edges), "Mermaid copied") },
      ])),
    );
  }

  function search(input) {
    const found = find(all.tables, input.value, (table) => `${table.schema}.${table.name}`, 12);
    if (!input.value || !found.length) {
      closePopover();
      return;
    }
    const rows = found.map((table) => h("button.item", { onclick: () => focusOn(table) }, icon("table"), h("span.grow", {}, table.name), h("span.dim", {}, table.schema)));
    const list = h("div.menu", {}, rows);
    list.addEventListener("keydown", (event) => walk(event, rows));
    popover(input, list, { label: "Found tables" });
    input.focus();
    input.onkeydown = (event) => event.key === "ArrowDown" && (event.preventDefault(), rows[0].focus());
  }

  let dragging = false;
  let moved = 0;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest(".zoom")) return;
    const start = { x: event.clientX - look.x, y: event.clientY - look.y };
    moved = 0;
    const move = (now) => {
      moved += Math.abs(now.movementX) + Math.abs(now.movementY);
      if (moved < 4) return;
      dragging = true;
      look.x = now.clientX - start.x;
      look.y = now.clientY - start.y;
      apply();
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", () => {
      document.removeEventListener("pointermove", move);
      dragging = false;
    }, { once: true });
  });
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const box = canvas.getBoundingClientRect();
      if (event.shiftKey || (Math.abs(event.deltaX) > Math.abs(event.deltaY) && !event.ctrlKey)) {
        look.x -= event.deltaX || event.deltaY;
        apply();
      } else {
        zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016)), event.clientX - box.left, event.clientY - box.top);
      }
    },
    { passive: false },
  );
  canvas.tabIndex = 0;
  canvas.setAttribute("aria-label", "Diagram: arrows move, + and − zoom, 0 shows all of it");
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (step) {
      look.x += step[0];
      look.y += step[1];
      apply();
    } else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") fit();
    else if (event.key === "Escape" && focus) go("diagram");
  });
  on("back", () => all === null && current().view === "diagram" && load());
  return { element, show };
}
