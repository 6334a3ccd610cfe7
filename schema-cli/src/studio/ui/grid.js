// The grid: rows and columns in sight only, a cell in focus, a rectangle selected, everything by keyboard too.

import { draw as drawCell, tabbed } from "./cells.js";
import { add, h, perFrame, replace } from "./dom.js";
import { layout } from "./gridcolumns.js";
import { icon } from "./icons.js";
import { gridKeys } from "./gridkeys.js";
import { copy } from "./ui.js";

const ROW = 28;
export const HEAD = 40;
const GUTTER = 52;

/**
 * `columns`: [{name, type, base, primary?, references?}]; `source`: {length(), at(i), number(i), more?()}, where a row is {cells, key?, state?, marks?}, marks a Map by column.
 * `on`: sort(column, add), menu(event, row, column), head(event, column), edit(row, column, text), open(row), hop(row, column), moved(row), remove(rows), clear(rows, columns).
 * `sort`: [{column, descending}]. `memory`: {get, set} for widths, hidden and pinned columns.
 */
export function grid({ label, columns, source, on = {}, sort = () => [], memory }) {
  const head = h("div.grid-head", { role: "row", "aria-rowindex": "1" });
  const space = h("div.grid-space", { role: "presentation" });
  const note = h("div.grid-note");
  const element = h("div.grid", { role: "grid", "aria-label": label, "aria-multiselectable": "true", tabIndex: 0 }, head, space, note);
  const shape = layout(columns, memory, () => refresh());
  const shown = new Map();
  let range = [0, 0];
  let headDrawn = null;
  const focus = { row: 0, column: 0, fromRow: 0, fromColumn: 0 };
  const id = `grid${(counter += 1)}`;

  const rowsInSight = () => Math.max(1, Math.floor((element.clientHeight - HEAD) / ROW) - 1);

  function draw(fresh) {
    const columnsNow = shape.inSight(element.scrollLeft, element.clientWidth - GUTTER);
    if (fresh || columnsNow[0] !== range[0] || columnsNow[1] !== range[1]) {
      range = columnsNow;
      for (const row of shown.values()) row.remove();
      shown.clear();
      drawHead();
    }
    const total = source.length();
    space.style.height = `${total * ROW}px`;
    space.style.width = head.style.width = `${shape.total() + GUTTER}px`;
    element.setAttribute("aria-rowcount", String(total + 1));
    const first = Math.max(0, Math.floor(element.scrollTop / ROW) - 8);
    const last = Math.min(total, Math.ceil((element.scrollTop + element.clientHeight) / ROW) + 8);
    for (const [at, row] of shown) {
      if (at >= first && at < last) continue;
      row.remove();
      shown.delete(at);
    }
    for (let at = first; at < last; at += 1) {
      if (shown.has(at)) continue;
      const row = drawRow(at);
      shown.set(at, row);
      space.append(row);
    }
    paint();
    source.near?.(first, last);
  }

  /** Anew only when it is another one: a click on it may just be under way. */
  function drawHead() {
    const drawn = JSON.stringify([sort(), parts().map((part) => part.space ?? [part.at, part.left, shape.width(part.at)])]);
    if (drawn === headDrawn) return;
    headDrawn = drawn;
    replace(head, h("div.grid-corner", { role: "columnheader", "aria-label": "Row" }));
    const sorted = sort();
    for (const part of parts()) {
      if (part.space !== undefined) {
        head.append(h("div.grid-gap", { style: { width: `${part.space}px` } }));
        continue;
      }
      const { column, at, left } = part;
      const way = sorted.findIndex((one) => one.column === column.name);
      const cell = h(
        "div.grid-th",
        {
          role: "columnheader",
          "aria-colindex": at + 1,
          "aria-sort": way < 0 ? "none" : sorted[way].descending ? "descending" : "ascending",
          title: [column.name, column.type, column.comment].filter(Boolean).join("\n"),
          class: `${left === undefined ? "" : "pinned"} ${column.base === "number" ? "right" : ""}`,
          style: { width: `${shape.width(at)}px`, left: left === undefined ? "" : `${left + GUTTER}px` },
          data: { column: at },
        },
        h("span.th-name", {}, column.primary && icon("key"), column.references && icon("link"), h("span", {}, column.name), way >= 0 && icon(sorted[way].descending ? "sortdown" : "up"), way >= 0 && sorted.length > 1 && h("span.dim", {}, way + 1)),
        h("span.th-type", {}, column.type),
        on.head && h("button.th-more", { "aria-label": `Column ${column.name}`, tabIndex: -1, data: { more: at } }, icon("down")),
        h("span.th-grip", { data: { grip: at } }),
      );
      head.append(cell);
    }
  }

  /** The columns in sight: pinned ones, a gap for what is left of sight, the rest. */
  function parts() {
    const order = shape.order();
    const list = [];
    let left = 0;
    for (let place = 0; place < shape.pinned(); place += 1) {
      list.push({ column: columns[order[place]], at: order[place], left });
      left += shape.width(order[place]);
    }
    const gap = shape.leftOf(range[0]) - left;
    if (gap > 0) list.push({ space: gap });
    for (let place = range[0]; place < range[1]; place += 1) list.push({ column: columns[order[place]], at: order[place] });
    return list;
  }

  function drawRow(at) {
    const row = source.at(at);
    const line = h("div.grid-row", { role: "row", "aria-rowindex": at + 2, class: row?.state ?? "", style: { top: `${at * ROW}px`, width: `${shape.total() + GUTTER}px` }, data: { row: at } });
    line.append(h("div.grid-gutter", { role: "rowheader", title: row?.problem ?? "" }, source.number(at)));
    for (const part of parts()) {
      if (part.space !== undefined) {
        line.append(h("div.grid-gap", { style: { width: `${part.space}px` } }));
        continue;
      }
      const { column, at: index, left } = part;
      const value = row?.cells[index];
      const mark = row?.marks?.get(column.name);
      const cell = h("div.grid-cell", {
        role: "gridcell",
        id: `${id}-${at}-${index}`,
        "aria-colindex": index + 1,
        class: `${column.base} ${left === undefined ? "" : "pinned"} ${mark?.state ?? ""}`,
        style: { width: `${shape.width(index)}px`, left: left === undefined ? "" : `${left + GUTTER}px` },
        data: { column: index },
      });
      if (row) drawCell(cell, value, column.base);
      if (mark?.error) {
        cell.title = mark.error;
        cell.setAttribute("aria-invalid", "true");
      } else if (mark?.was !== undefined) {
        cell.title = `was: ${mark.was === null ? "NULL" : mark.was}`;
      }
      if (column.references && value !== null && value !== undefined && on.hop) cell.append(h("button.hop", { tabIndex: -1, "aria-label": `Go to ${column.references.name}`, title: `${column.references.schema}.${column.references.name}`, data: { hop: index } }, icon("arrow")));
      line.append(cell);
    }
    return line;
  }

  /** Where the focus and the selection are, on the cells that are in the document. */
  function paint() {
    const box = selection();
    const many = box.rows[0] !== box.rows[1] || box.places[0] !== box.places[1];
    for (const [at, line] of shown) {
      const inRows = at >= box.rows[0] && at <= box.rows[1];
      line.classList.toggle("current", at === focus.row);
      for (const cell of line.children) {
        if (cell.dataset.column === undefined) continue;
        const index = Number(cell.dataset.column);
        const place = shape.placeOf(index);
        cell.classList.toggle("focused", at === focus.row && index === focus.column);
        cell.classList.toggle("selected", many && inRows && place >= box.places[0] && place <= box.places[1]);
      }
    }
    if (source.length()) element.setAttribute("aria-activedescendant", `${id}-${focus.row}-${focus.column}`);
  }

  function selection() {
    const order = [shape.placeOf(focus.fromColumn), shape.placeOf(focus.column)].sort((a, b) => a - b);
    return { rows: [focus.fromRow, focus.row].sort((a, b) => a - b), places: order };
  }

  function move(row, place, extend) {
    const order = shape.order();
    if (!order.length || !source.length()) return;
    const before = focus.row;
    focus.row = Math.max(0, Math.min(source.length() - 1, row));
    focus.column = order[Math.max(0, Math.min(order.length - 1, place))];
    if (!extend) {
      focus.fromRow = focus.row;
      focus.fromColumn = focus.column;
    }
    reveal();
    paint();
    if (before !== focus.row || !extend) on.moved?.(focus.row);
  }

  function reveal() {
    const top = focus.row * ROW;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW + HEAD > element.scrollTop + element.clientHeight) element.scrollTop = top + ROW + HEAD - element.clientHeight;
    const place = shape.placeOf(focus.column);
    if (place >= shape.pinned()) {
      const left = shape.leftOf(place);
      const covered = shape.leftOf(shape.pinned());
      const width = element.clientWidth - GUTTER;
      if (left - covered < element.scrollLeft) element.scrollLeft = left - covered;
      else if (left + shape.width(focus.column) > element.scrollLeft + width) element.scrollLeft = left + shape.width(focus.column) - width;
    }
    draw(false);
  }

  const cellAt = (row, column) => [...(shown.get(row)?.children ?? [])].find((cell) => Number(cell.dataset.column) === column);

  const api = {
    element,
    note,
    shape,
    focus,
    move,
    selection,
    rowsInSight,
    source,
    columns,
    on,
    refresh,
    focusedCell: () => cellAt(focus.row, focus.column),
    reveal,
    /** Rows were put in front: what is seen stays where it is. */
    shifted(count) {
      element.scrollTop += count * ROW;
      focus.row += count;
      focus.fromRow += count;
    },
    selectedRows() {
      const [from, to] = selection().rows;
      return Array.from({ length: to - from + 1 }, (_, at) => source.at(from + at)).filter(Boolean);
    },
    selectedColumns() {
      const [from, to] = selection().places;
      return shape.order().slice(from, to + 1);
    },
    copySelection(withNames) {
      const wanted = api.selectedColumns();
      const rows = api.selectedRows().map((row) => wanted.map((at) => row.cells[at]));
      if (withNames) rows.unshift(wanted.map((at) => columns[at].name));
      const one = rows.length === 1 && rows[0].length === 1;
      const value = rows[0]?.[0];
      copy(one && typeof value === "string" ? value : tabbed(rows), one ? "Cell copied" : `${rows.length} × ${wanted.length} cells copied`);
    },
    top() {
      element.scrollTop = 0;
      move(0, shape.placeOf(focus.column));
    },
  };

  function refresh() {
    const end = Math.max(0, source.length() - 1);
    if (focus.row > end || focus.fromRow > end) focus.row = focus.fromRow = Math.min(focus.row, end);
    if (!shape.visible(focus.column)) focus.column = focus.fromColumn = shape.order()[0] ?? 0;
    draw(true);
  }

  element.addEventListener("scroll", perFrame(() => draw(false)), { passive: true });
  new ResizeObserver(perFrame(() => draw(false))).observe(element);
  gridKeys(api);
  pointer(api, head);
  draw(true);
  return api;
}

let counter = 0;

/** The mouse: select, sort, resize, menus. */
function pointer(self, head) {
  const { element, shape, on, columns } = self;
  const hit = (event) => {
    const cell = event.target.closest(".grid-cell, .grid-gutter");
    const line = cell?.closest(".grid-row");
    return line ? { row: Number(line.dataset.row), column: cell.dataset.column === undefined ? null : Number(cell.dataset.column) } : null;
  };
  element.addEventListener("pointerdown", (event) => {
    const at = hit(event);
    if (!at || event.target.closest(".hop")) return;
    if (event.button === 2 && inside(self, at)) return;
    if (at.column === null) {
      const order = shape.order();
      if (!event.shiftKey) self.move(at.row, 0);
      self.focus.fromColumn = order[0];
      self.move(at.row, order.length - 1, true);
      element.scrollLeft = 0;
    } else {
      self.move(at.row, shape.placeOf(at.column), event.shiftKey);
    }
    if (event.button !== 0) return;
    const drag = (now) => {
      const over = document.elementFromPoint(now.clientX, now.clientY)?.closest(".grid-cell");
      const line = over?.closest(".grid-row");
      if (line && element.contains(line) && now.buttons) self.move(Number(line.dataset.row), shape.placeOf(Number(over.dataset.column)), true);
    };
    document.addEventListener("pointermove", drag);
    document.addEventListener("pointerup", () => document.removeEventListener("pointermove", drag), { once: true });
  });
  element.addEventListener("click", (event) => {
    const hop = event.target.closest(".hop");
    const at = hit(event);
    if (hop && at) on.hop(self.source.at(at.row), Number(hop.dataset.hop), event);
    else if (at && at.column === null && event.detail === 2) on.open?.(at.row);
  });
  element.addEventListener("dblclick", (event) => {
    const at = hit(event);
    if (at && at.column !== null && !event.target.closest(".hop")) on.edit?.(at.row, at.column);
  });
  element.addEventListener("contextmenu", (event) => {
    const at = hit(event);
    const th = event.target.closest(".grid-th");
    if (at && on.menu) {
      event.preventDefault();
      on.menu({ x: event.clientX, y: event.clientY }, at.row, at.column ?? self.focus.column);
    } else if (th && on.head) {
      event.preventDefault();
      on.head({ x: event.clientX, y: event.clientY }, Number(th.dataset.column));
    }
  });
  head.addEventListener("click", (event) => {
    const more = event.target.closest(".th-more");
    const th = event.target.closest(".grid-th");
    if (event.target.closest(".th-grip")) return;
    if (more) on.head(more, Number(more.dataset.more));
    else if (th) on.sort?.(columns[Number(th.dataset.column)].name, event.shiftKey);
  });
  head.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".th-grip");
    if (!grip) return;
    event.preventDefault();
    const at = Number(grip.dataset.grip);
    const start = shape.width(at) - event.clientX;
    const move = (now) => shape.resize(at, start + now.clientX);
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", () => document.removeEventListener("pointermove", move), { once: true });
  });
  head.addEventListener("dblclick", (event) => {
    const grip = event.target.closest(".th-grip");
    if (grip) fitColumn(self, Number(grip.dataset.grip));
  });
}

/** As wide as the widest cell among those in sight. */
export function fitColumn(self, at) {
  const cells = [...self.element.querySelectorAll(`.grid-cell[data-column="${at}"]`)];
  const probe = h("div.grid-probe");
  document.body.append(probe);
  let width = 72;
  for (const cell of cells) {
    replace(probe, add(h("span"), [...cell.childNodes].filter((node) => !node.classList?.contains("hop")).map((node) => node.cloneNode(true))));
    width = Math.max(width, probe.scrollWidth + 28);
  }
  replace(probe, self.columns[at].name);
  self.shape.resize(at, Math.min(640, Math.max(width, probe.scrollWidth + 52)));
  probe.remove();
}

function inside(self, at) {
  const { rows, places } = self.selection();
  const place = self.shape.placeOf(at.column ?? self.focus.column);
  return at.row >= rows[0] && at.row <= rows[1] && place >= places[0] && place <= places[1];
}
