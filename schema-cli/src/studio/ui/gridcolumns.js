// Which columns a grid shows, in which order and how wide: hidden, pinned, resized, and remembered.

import { widthFor } from "./cells.js";

export function layout(columns, memory, changed) {
  const kept = memory?.get() ?? {};
  const own = new Map(Object.entries(kept.widths ?? {}));
  const widths = columns.map((column) => own.get(column.name) ?? widthFor(column));
  const hidden = new Set((kept.hidden ?? []).filter((name) => columns.some((column) => column.name === name)));
  const pins = new Set((kept.pinned ?? []).filter((name) => columns.some((column) => column.name === name)));
  let order = [];
  let places = [];
  let lefts = [0];

  function arrange() {
    const seen = columns.map((_, at) => at).filter((at) => !hidden.has(columns[at].name));
    order = [...seen.filter((at) => pins.has(columns[at].name)), ...seen.filter((at) => !pins.has(columns[at].name))];
    places = columns.map(() => -1);
    lefts = [0];
    order.forEach((at, place) => {
      places[at] = place;
      lefts.push(lefts[place] + widths[at]);
    });
  }

  function keep() {
    arrange();
    memory?.set({ widths: Object.fromEntries(columns.map((column, at) => [column.name, widths[at]]).filter(([, width], at) => width !== widthFor(columns[at]))), hidden: [...hidden], pinned: [...pins] });
    changed();
  }

  const pinned = () => order.filter((at) => pins.has(columns[at].name)).length;
  arrange();
  return {
    order: () => order,
    pinned,
    placeOf: (at) => places[at] ?? -1,
    visible: (at) => places[at] >= 0,
    leftOf: (place) => lefts[Math.min(place, lefts.length - 1)],
    total: () => lefts.at(-1),
    width: (at) => widths[at],
    isPinned: (at) => pins.has(columns[at].name),
    hidden: () => hidden,
    resize(at, width) {
      widths[at] = Math.max(48, Math.round(width));
      keep();
    },
    hide(at, yes) {
      if (yes && order.length > 1) hidden.add(columns[at].name);
      else hidden.delete(columns[at].name);
      keep();
    },
    pin(at, yes) {
      if (yes) pins.add(columns[at].name);
      else pins.delete(columns[at].name);
      keep();
    },
    showAll() {
      hidden.clear();
      keep();
    },
    /** The places [from, to) of the columns that are not pinned and in sight. */
    inSight(scrollLeft, width) {
      const fixed = pinned();
      const start = scrollLeft + lefts[fixed];
      let from = fixed;
      while (from < order.length - 1 && lefts[from + 1] < start) from += 1;
      let to = from;
      while (to < order.length && lefts[to] < scrollLeft + width + 40) to += 1;
      return [Math.max(fixed, from - 1), Math.min(order.length, to + 1)];
    },
  };
}
