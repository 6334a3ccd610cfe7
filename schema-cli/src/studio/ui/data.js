// A relation's rows: grid, filters, staged edits, the row panel, and the keys that tie them.

import { post } from "./api.js";
import { isCut, jsonOf, textOf } from "./cells.js";
import { debounce, h, replace } from "./dom.js";
import { closeEditor, editCell } from "./editor.js";
import { insertRow, keyText, of, rebase, revertRow, setCell, setInserted, together, toggleDelete } from "./edits.js";
import { filterBar, operators, editFilter } from "./filters.js";
import { count as countText, literal, milliseconds, plural, quoted } from "./format.js";
import { fitColumn, grid } from "./grid.js";
import { icon } from "./icons.js";
import { addActions } from "./palette.js";
import { rowPanel } from "./rowpanel.js";
import { address, rowsAddress, settle } from "./route.js";
import { canStartFromEnd, rowSource } from "./rows.js";
import { sqlText } from "./sqltext.js";
import { canWrite, on, remembered } from "./store.js";
import { exportMenu, importDialog } from "./transfer.js";
import { blank, button, copy, failed, menu, popover, toast } from "./ui.js";

export function dataView(table, tools) {
  const { columns } = table;
  const source = rowSource(table, (what) => loaded(what));
  let staged = of(table.schema, table.name);
  let filters = null;
  let sort = [];
  let total = null;
  const status = h("div.statusbar");
  const bar = filterBar(table, () => filters ?? [], setFilters);
  const panel = rowPanel(table, { edit: (row, column) => startEdit(row, column), close: () => togglePanel(false) });

  const memory = { get: () => remembered.get(`grid:${table.schema}.${table.name}`, {}), set: (value) => remembered.set(`grid:${table.schema}.${table.name}`, value) };
  const view = grid({
    label: `Rows of ${table.schema}.${table.name}`,
    columns,
    memory,
    sort: () => sort,
    source: {
      length: () => staged.inserts.length + source.rows.length,
      at: rowAt,
      number: (at) => (at < staged.inserts.length ? "new" : source.fromEnd ? `−${countText(source.rows.length - (at - staged.inserts.length))}` : countText(at - staged.inserts.length + 1)),
      near: (first, last) => {
        if (filters === null) return;
        if (source.fromEnd ? first < 40 : last > staged.inserts.length + source.rows.length - 60) source.more();
      },
    },
    on: {
      sort: (column, more) => setSort(nextSort(sort, column, more)),
      edit: (row, column, text) => startEdit(rowAt(row), column, text),
      open: () => togglePanel(true),
      moved: debounce(90, () => {
        drawStatus();
        if (panel.element.isConnected) panel.show(rowAt(view.focus.row));
      }),
      paste: (row, at, block) => paste(row, at, block),
      hop: (row, at) => hop(row, at),
      menu: cellMenu,
      head: headMenu,
      remove: (rows) => allowed() && toggleDelete(table, rows),
      clear: (rows, at) => clear(rows, at),
      escape: () => panel.element.isConnected && (togglePanel(false), true),
      end: () => !source.done && canStartFromEnd(table, sort) && (jump(true), true),
      home: () => source.fromEnd && (jump(false), true),
    },
  });
  const wrap = h("div.grid-wrap", {}, view.element);
  const body = h("div.table-body", {}, wrap);
  const element = h("div.table-view", { style: { minHeight: "0" } }, bar.element, body, status);

  function rowAt(at) {
    if (at < staged.inserts.length) {
      const insert = staged.inserts[at];
      const cells = columns.map((column) => (insert.set.has(column.name) ? plain(insert.set.get(column.name)) : column.default !== null || column.identity || column.generated ? undefined : null));
      const required = columns.filter((column, index) => cells[index] === null && !column.nullable).map((column) => [column.name, { state: "required" }]);
      const wrong = [...insert.errors]
        .filter(([name]) => name)
        .map(([name, error]) => [name, { state: "bad", error: error.message }]);
      const marks = new Map([...required, ...wrong]);
      return { insert, cells, marks, state: insert.errors.has("") ? "inserted refused" : "inserted", problem: insert.errors.get("")?.message, key: null };
    }
    const row = source.rows[at - staged.inserts.length];
    const edit = row?.key && staged.byKey.get(keyText(row.key));
    if (!edit) return row;
    const problem = edit.errors.get("")?.message;
    if (edit.kind === "delete") return { ...row, state: problem ? "deleted refused" : "deleted", problem, edit };
    const marks = new Map([...edit.set.keys()].map((name) => [name, { state: "changed", was: textOrNull(edit.old.get(name)) }]));
    for (const [name, error] of edit.errors) {
      if (!name) continue;
      const now = error.now?.has(name) ? `\nnow in the database: ${error.now.get(name) ?? "NULL"}` : "";
      marks.set(name, { state: "bad", error: `${error.message}${now}` });
    }
    return { ...row, cells: row.cells.map((cell, index) => (edit.set.has(columns[index].name) ? plain(edit.set.get(columns[index].name)) : cell)), marks, state: problem ? "changed refused" : "changed", problem, edit };
  }

  function loaded(what) {
    if (what === "rows") {
      if (source.fromEnd && source.added) {
        const first = source.rows.length === source.added;
        view.refresh();
        if (first) view.move(view.source.length() - 1, view.shape.placeOf(view.focus.column));
        else view.shifted(source.added);
        source.added = 0;
      }
      view.refresh();
    }
    drawNote();
    drawStatus();
  }

  function drawNote() {
    if (source.error) {
      replace(view.note, blank("warning", source.error.message, source.error.hint, h("button.button", { onclick: reload }, "Try again")));
    } else if (source.loading) {
      replace(view.note, h("div", {}, h("span.spinner"), "Reading rows…"));
    } else if (!source.rows.length && !staged.inserts.length) {
      replace(view.note, blank(table.kind, filters?.length ? "No row matches" : "No rows", filters?.length ? h("button.button", { onclick: () => setFilters([]) }, "Clear the filters") : null));
    } else {
      replace(view.note);
    }
  }

  let drawn = null;

  function drawStatus() {
    const rows = source.rows.length;
    const all = total?.count ?? (filters?.length ? null : table.rows >= 0 ? table.rows : null);
    const focused = source.rows.length + staged.inserts.length ? rowAt(view.focus.row) : null;
    const problem = focused?.marks?.get(columns[view.focus.column]?.name)?.error ?? focused?.problem;
    const conflict = problem && focused.edit && [...focused.edit.errors.values()].some((error) => error.now);
    const text = source.done ? plural(rows, "row") : `${source.fromEnd ? "last " : ""}${plural(rows, "row")} read${all === null ? "" : ` of ${total?.exact ? "" : "about "}${countText(all)}`}`;
    // A button that is replaced while somebody presses it does nothing.
    const shown = JSON.stringify([text, total, sort, source.done, source.fromEnd, source.milliseconds, source.sql, problem, conflict, table.why_not, canWrite()]);
    if (shown === drawn) return;
    drawn = shown;
    replace(
      status,
      h("span", { role: "status" }, text),
      !source.done && !total?.exact && h("button", { onclick: countNow }, "Count"),
      source.milliseconds !== null && h("span", {}, milliseconds(source.milliseconds)),
      canStartFromEnd(table, sort) && (source.fromEnd || !source.done) && h("button", { onclick: () => jump(!source.fromEnd), title: source.fromEnd ? "Ctrl Home" : "Ctrl End" }, source.fromEnd ? "Go to the first rows" : "Go to the last rows"),
      source.sql && h("button", { onclick: (event) => popover(event.currentTarget, h("div.card", {}, h("pre.sql", {}, sqlText(source.sql)), h("div.row", {}, h("button.button", { onclick: () => copy(source.sql, "SQL copied") }, icon("copy"), "Copy"), h("a.button", { href: address("sql", [], { text: source.sql }) }, "Open in the editor"))), { label: "The query", width: 520 }) }, "Query"),
      h("span.grow"),
      problem && h("span.problem", { role: "status", title: problem }, problem.replace("\n", " · ")),
      conflict && h("button", { onclick: () => keepMine(rowAt(view.focus.row)) }, "Keep my change"),
      conflict && h("button", { onclick: () => takeTheirs(rowAt(view.focus.row)) }, "Take theirs"),
      !problem && h("span.keys", {}, !table.editable && table.why_not ? `Not editable: ${table.why_not}` : canWrite() ? "Enter edits · Space opens the row · Ctrl ⌫ deletes" : "Space opens the row · Ctrl C copies"),
    );
  }

  async function countNow() {
    try {
      total = await post("count", { schema: table.schema, name: table.name, filters: filters ?? [] });
      drawStatus();
      if (!total.exact) toast("Counting took too long: this is the planner's estimate");
    } catch (error) {
      failed(error);
    }
  }

  // What the address says

  function show(route) {
    const asked = read(route.params.filters, []).filter((filter) => columns.some((column) => column.name === filter.column));
    const order = (route.params.sort ?? "").split(",").filter(Boolean).map((text) => ({ column: decodeURIComponent(text.replace(/^-/, "")), descending: text.startsWith("-") }));
    const same = filters !== null && JSON.stringify([asked, order]) === JSON.stringify([filters, sort]);
    if (!same) {
      filters = asked;
      sort = order.filter((one) => columns.some((column) => column.name === one.column));
      total = null;
      bar.draw();
      view.element.scrollTop = 0;
      source.load({ filters, sort });
      view.refresh();
    }
    removeActions ??= addActions(actions);
    if (!document.activeElement || document.activeElement === document.body || document.activeElement.closest("dialog")) view.element.focus({ preventScroll: true });
  }

  function settleRoute() {
    settle("table", [table.schema, table.name], { filters: filters.length ? JSON.stringify(filters) : "", sort: sort.map((one) => (one.descending ? "-" : "") + encodeURIComponent(one.column)).join(",") });
    remembered.set("place", location.hash);
  }

  function setFilters(next) {
    filters = next;
    total = null;
    settleRoute();
    bar.draw();
    view.element.scrollTop = 0;
    source.load({ filters, sort });
    view.refresh();
  }

  function setSort(next) {
    sort = next;
    settleRoute();
    view.element.scrollTop = 0;
    source.load({ filters, sort });
    view.refresh();
  }

  function reload() {
    const { fromEnd } = source;
    source.load({ filters: filters ?? [], sort, fromEnd });
    view.refresh();
    drawStatus();
  }

  function jump(fromEnd) {
    source.jump(fromEnd);
    view.refresh();
    if (!fromEnd) view.top();
    view.element.focus({ preventScroll: true });
  }

  // Editing

  function allowed(column) {
    if (!table.editable) toast(`This ${table.kind} cannot be edited here: ${table.why_not ?? "the server says so"}`);
    else if (!canWrite()) toast("Read-only: switch writing on in the header to edit");
    else if (column?.generated) toast(`${column.name} is generated: PostgreSQL computes it`);
    else return true;
    return false;
  }

  function startEdit(row, at, text) {
    const column = columns[at];
    if (!row) return false;
    if (!canWrite() || !table.editable) {
      // Reading: Enter shows the whole row; a letter says why it does nothing.
      if (text === undefined) togglePanel(true);
      else allowed(column);
      return true;
    }
    if (!allowed(column) || row.state?.startsWith("deleted")) return true;
    const place = view.shape.placeOf(at);
    if (place < 0) view.shape.hide(at, false);
    view.reveal();
    const open = (value) =>
      editCell({
        anchor: view.focus.column === at ? view.focusedCell() : null,
        fallback: view.element,
        column,
        value,
        text,
        canDefault: column.default !== null || column.identity || Boolean(row.insert),
        commit: (next, way) => {
          stageCell(row, at, next);
          view.element.focus({ preventScroll: true });
          if (way) view.move(view.focus.row + (way.row ?? 0), view.shape.placeOf(view.focus.column) + (way.column ?? 0));
        },
        cancel: () => view.element.focus({ preventScroll: true }),
        scroller: view.element,
      });
    if (view.focus.column !== at) view.move(view.focus.row, view.shape.placeOf(at));
    const value = row.cells[at];
    if (isCut(value) && text === undefined) {
      whole(row, at).then(open).catch(failed);
    } else {
      open(value);
    }
    return true;
  }

  /** A cell that came cut is fetched whole, and then stays so. */
  async function whole(row, at) {
    const { value } = await post("cell", { schema: table.schema, name: table.name, key: row.key, column: columns[at].name });
    const own = source.rows.find((one) => one.key && keyText(one.key) === keyText(row.key));
    if (own) own.cells[at] = value;
    return value;
  }

  function stageCell(row, at, value) {
    const name = columns[at].name;
    if (row.insert) {
      setInserted(row.insert, name, value);
      return;
    }
    const before = source.rows.find((one) => keyText(one.key) === keyText(row.key)) ?? row;
    const old = before.cells[at];
    setCell(table, before, name, isCut(old) ? old.cut : old, value);
  }

  function clear(rows, at) {
    const wanted = at.filter((index) => !columns[index].generated);
    if (!allowed(columns[at[0]])) return;
    const bad = wanted.find((index) => !columns[index].nullable);
    if (bad !== undefined) {
      toast(`${columns[bad].name} is NOT NULL`);
      return;
    }
    together(() => {
      for (const row of rows) {
        if (row.state?.startsWith("deleted")) continue;
        for (const index of wanted) stageCell(row, index, null);
      }
    });
  }

  /** A block of cells from a spreadsheet, from a cell to the right and down; what lies outside of the rows is left. */
  function paste(rowIndex, at, block) {
    if (!allowed(columns[at])) return;
    const order = view.shape.order();
    const place = view.shape.placeOf(at);
    const rows = block.map((_, down) => rowAt(rowIndex + down));
    together(() =>
      block.forEach((line, down) =>
        line.forEach((value, right) => {
          const index = order[place + right];
          if (!rows[down] || index === undefined || columns[index].generated || rows[down].state?.startsWith("deleted")) return;
          stageCell(rows[down], index, value === "" && columns[index].base !== "text" ? null : value);
        }),
      ),
    );
  }

  // Somebody changed the row meanwhile: it is read again, and the change is kept or dropped.

  async function readAgain(row) {
    const key = Object.fromEntries(table.primary_key.map((name, at) => [name, row.key[at]]));
    const now = await post("row", { schema: table.schema, name: table.name, key });
    const own = source.rows.find((one) => keyText(one.key) === keyText(row.key));
    if (own) Object.assign(own, { cells: now.row, version: now.version });
    return now;
  }

  async function keepMine(row) {
    try {
      const now = await readAgain(row);
      rebase(row.edit, now.version, new Map(now.columns.map((name, at) => [name, now.row[at]])));
      toast("Your change is now on top of theirs: save again");
    } catch (error) {
      failed(error);
    }
  }

  async function takeTheirs(row) {
    try {
      await readAgain(row);
      revertRow(table, row);
    } catch (error) {
      failed(error);
    }
  }

  /** To the first cell that was refused, when it is among the rows that are read. */
  function goToRefused() {
    for (let at = 0; at < view.source.length(); at += 1) {
      const row = rowAt(at);
      const names = [...(row?.edit?.errors ?? row?.insert?.errors ?? new Map()).keys()];
      if (!names.length) continue;
      const name = names.find((one) => one !== "");
      view.move(at, Math.max(0, view.shape.placeOf(columns.findIndex((column) => column.name === name))));
      return;
    }
  }

  function addRow(values = []) {
    if (!allowed()) return;
    insertRow(table, values);
    view.element.scrollTop = 0;
    view.move(staged.inserts.length - 1, 0);
    view.element.focus({ preventScroll: true });
  }

  function duplicate(row) {
    const kept = columns.map((column, at) => [column, row.cells[at]]).filter(([column, value]) => !column.primary && !column.generated && !column.identity && value !== undefined && !isCut(value));
    addRow(kept.map(([column, value]) => [column.name, value]));
  }

  // Menus and panel

  function hop(row, at) {
    const column = columns[at];
    const value = row?.cells[at];
    if (!column.references || value === null || value === undefined) return;
    const key = table.foreign_keys.find((one) => one.columns.includes(column.name) && one.schema === column.references.schema && one.table === column.references.name);
    const where = key ? Object.fromEntries(key.columns.map((name, index) => [key.to[index], textOf(row.cells[columns.findIndex((one) => one.name === name)])])) : { [column.references.column]: textOf(value) };
    location.hash = rowsAddress(column.references.schema, column.references.name, where);
  }

  function cellMenu(anchor, rowIndex, at) {
    const row = rowAt(rowIndex);
    const column = columns[at];
    const value = row?.cells[at];
    if (!row) return;
    const many = view.selectedRows();
    const write = canWrite() && table.editable;
    const text = textOf(value);
    const same = value === null ? { column: column.name, op: "null" } : column.base === "boolean" ? { column: column.name, op: /^t/.test(text) ? "true" : "false" } : { column: column.name, op: "=", value: text };
    const other = value === null ? { column: column.name, op: "not null" } : { column: column.name, op: "<>", value: text };
    menu(anchor, [
      { label: "Copy", icon: "copy", keys: "Ctrl C", run: () => view.copySelection() },
      { label: "Copy with column names", run: () => view.copySelection(true) },
      { label: "Copy row as JSON", run: () => copy(asJson(columns, row), "Row copied") },
      { label: "Copy row as INSERT", run: () => copy(asInsert(table, row), "Row copied") },
      "-",
      value !== undefined && !isCut(value) && { label: value === null ? "Only rows where it is NULL" : `Only rows with ${short(text)}`, icon: "filter", run: () => setFilters([...filters, same]) },
      value !== undefined && !isCut(value) && column.base !== "boolean" && { label: value === null ? "Only rows where it is not NULL" : `Without ${short(text)}`, run: () => setFilters([...filters, other]) },
      column.references && value !== null && { label: `Go to ${column.references.name}`, icon: "arrow", keys: "Ctrl ↵", run: () => hop(row, at) },
      { label: "Open the row", icon: "panel", keys: "Space", run: () => togglePanel(true) },
      write && "-",
      write && !column.generated && { label: "Edit", icon: "edit", keys: "↵", run: () => startEdit(row, at) },
      write && column.nullable && !column.generated && { label: "Set to NULL", keys: "Del", run: () => clear(many, view.selectedColumns()) },
      write && !row.insert && { label: "Duplicate the row", icon: "plus", run: () => duplicate(row) },
      (row.edit || row.insert || row.state?.startsWith("deleted")) && { label: "Take back what is staged here", icon: "undo", run: () => revertRow(table, row) },
      write && { label: many.length > 1 ? `Delete ${many.length} rows` : row.state?.startsWith("deleted") ? "Keep the row" : "Delete the row", icon: "trash", danger: true, keys: "Ctrl ⌫", run: () => toggleDelete(table, many) },
    ]);
  }

  function headMenu(anchor, at) {
    const column = columns[at];
    const { shape } = view;
    menu(anchor, [
      { label: "Sort ascending", icon: "up", run: () => setSort([{ column: column.name, descending: false }]) },
      { label: "Sort descending", icon: "sortdown", run: () => setSort([{ column: column.name, descending: true }]) },
      { label: "Filter…", icon: "filter", run: () => editFilter(anchor instanceof Element && anchor.isConnected ? anchor : bar.element, table, { column: column.name, op: operators(column)[0][0] }, (filter) => setFilters([...filters, filter])) },
      "-",
      { label: "Pinned to the left", checked: shape.isPinned(at), run: () => shape.pin(at, !shape.isPinned(at)) },
      { label: "Fit to content", run: () => fitColumn(view, at) },
      { label: "Hide", icon: "hidden", run: () => shape.hide(at, true) },
      "-",
      { label: "Copy name", icon: "copy", run: () => copy(column.name) },
    ]);
  }

  function columnMenu(anchor) {
    const { shape } = view;
    const find = h("input", { type: "text", placeholder: "Find a column", "aria-label": "Find a column" });
    const list = h("div.choices");
    const draw = () =>
      replace(
        list,
        columns
          .map((column, at) => [column, at])
          .filter(([column]) => column.name.toLowerCase().includes(find.value.toLowerCase()))
          .map(([column, at]) => h("label", {}, h("input", { type: "checkbox", checked: shape.visible(at), onchange: (event) => shape.hide(at, !event.target.checked) }), h("span.grow", {}, column.name), button("pin", shape.isPinned(at) ? "Unpin" : "Pin to the left", (event) => (event.preventDefault(), shape.pin(at, !shape.isPinned(at)), draw()), { "aria-pressed": String(shape.isPinned(at)) }))),
      );
    find.addEventListener("input", draw);
    draw();
    popover(anchor, h("div.filter-form", {}, find, list, h("footer", {}, h("button.button", { onclick: () => (shape.showAll(), draw()) }, "Show all"))), { label: "Columns" });
  }

  function togglePanel(yes) {
    if (yes) {
      if (!panel.element.isConnected) body.append(panel.element);
      panel.show(rowAt(view.focus.row));
    } else {
      panel.element.remove();
      view.element.focus({ preventScroll: true });
    }
  }

  const actions = () => [
    canWrite() && table.editable && { label: `New row in ${table.name}`, icon: "plus", run: () => addRow() },
    { label: `Filter ${table.name}`, icon: "filter", run: () => bar.open() },
    { label: `Export ${table.name}`, icon: "export", run: () => exportMenu(exporter, table, filters, sort) },
    { label: `${table.name} in the diagram`, icon: "diagram", run: () => (location.hash = address("diagram", [], { focus: JSON.stringify([table.schema, table.name]) })) },
  ].filter(Boolean);
  let removeActions = null;

  const exporter = button("export", "Export", () => exportMenu(exporter, table, filters, sort));
  const importer = button("import", "Import CSV", () => allowed() && importDialog(table, reload));
  const columnsButton = button("columns", "Columns", () => columnMenu(columnsButton));
  const adder = h("button.button", { onclick: () => addRow(), title: "New row" }, icon("plus"), "Row");
  const writable = () => {
    adder.hidden = importer.hidden = !(canWrite() && table.editable);
    drawStatus();
  };
  replace(tools, adder, button("refresh", "Read again", reload), columnsButton, exporter, importer, button("panel", "Row panel (Space)", () => togglePanel(!panel.element.isConnected)));
  writable();

  const offs = [
    on("edits", () => {
      staged = of(table.schema, table.name);
      view.refresh();
      drawNote();
      drawStatus();
      if (panel.element.isConnected) panel.show(rowAt(view.focus.row), true);
    }),
    on("saved", reload),
    on("refused", goToRefused),
    on("back", reload),
    on("viewer", reload),
    on("info", writable),
  ];
  return {
    element,
    show,
    /** Another view is shown; this one may come back. */
    leave() {
      closeEditor();
      removeActions?.();
      removeActions = null;
    },
    /** Another table is shown; this view is gone. */
    drop() {
      for (const off of offs) off();
    },
  };
}

const plain = (value) => (value !== null && typeof value === "object" && value.default ? undefined : value);
const textOrNull = (value) => (value === null ? null : textOf(value).slice(0, 400));
const short = (text) => (text.length > 24 ? `“${text.slice(0, 24)}…”` : `“${text}”`);

function read(text, otherwise) {
  try {
    return JSON.parse(text) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** A click on a head: up, down, none; with Shift beside the others. */
function nextSort(sort, column, more) {
  const now = sort.find((one) => one.column === column);
  const next = !now ? { column, descending: false } : now.descending ? null : { column, descending: true };
  const others = more ? sort.filter((one) => one.column !== column) : [];
  return next ? [...others, next] : others;
}

function asJson(columns, row) {
  return `{\n${columns.map((column, at) => `  ${JSON.stringify(column.name)}: ${jsonOf(row.cells[at], column.base)}`).join(",\n")}\n}`;
}

function asInsert(table, row) {
  const kept = table.columns.map((column, at) => [column, row.cells[at]]).filter(([column, value]) => !column.generated && value !== undefined);
  return `INSERT INTO ${quoted(table.schema)}.${quoted(table.name)} (${kept.map(([column]) => quoted(column.name)).join(", ")})\nVALUES (${kept.map(([, value]) => literal(value === null ? null : textOf(value))).join(", ")});`;
}
