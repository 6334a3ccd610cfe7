// The diagram as SVG: a box for each table, a curve for each reference.

import { s } from "./dom.js";

const LINE = 20;
export const HEAD = 30;
const MOST = 28;

const SHORT = [
  [/^timestamp(\(\d\))? with time zone/, "timestamptz$1"],
  [/^timestamp(\(\d\))? without time zone/, "timestamp$1"],
  [/^time(\(\d\))? with time zone/, "timetz$1"],
  [/^time(\(\d\))? without time zone/, "time$1"],
  [/^character varying/, "varchar"],
  [/^character\b/, "char"],
  [/^double precision/, "float8"],
];
const shortType = (type) => SHORT.reduce((text, [long, short]) => text.replace(long, short), type);

/** What a box shows at a level of detail: "all" columns, only "keys", only "names". */
export function shape(table, detail) {
  const keys = table.columns.filter((column) => column.primary || column.foreign);
  const wanted = detail === "names" ? [] : detail === "keys" ? keys : table.columns;
  const shown = wanted.slice(0, MOST);
  const more = wanted.length - shown.length;
  const names = Math.max(table.name.length * 7.6 + 44, ...shown.map((column) => column.name.length * 6.9 + Math.min(shortType(column.type).length, 18) * 6.2 + 56));
  return { table, shown, more, width: Math.round(Math.max(120, Math.min(320, names))), height: HEAD + (shown.length + (more ? 1 : 0)) * LINE + (shown.length ? 6 : 0) };
}

export function drawBox(box, place, hue) {
  const { table, shown, more, width, height } = box;
  const group = s("g.node", { transform: `translate(${place.x} ${place.y})`, tabindex: 0, role: "button", "aria-label": `${table.schema}.${table.name}` }, s("title", {}, `${table.schema}.${table.name}`));
  group.append(s("rect.box", { width, height, rx: 7 }), s("path.stripe", { class: `hue${hue}`, d: `M0 7a7 7 0 0 1 7-7h${width - 14}a7 7 0 0 1 7 7v-1.5a7 7 0 0 0-7-2.5h-${width - 14}a7 7 0 0 0-7 2.5z` }));
  group.append(s("text.node-name", { x: 12, y: 20 }, clip(table.name, (width - 24) / 7.4)));
  if (shown.length) group.append(s("path.rule", { d: `M0 ${HEAD}h${width}` }));
  shown.forEach((column, at) => {
    const y = HEAD + 3 + at * LINE;
    const kinds = [column.primary && "primary", column.foreign && "foreign"].filter(Boolean).join(" ");
    const line = s("g.column", { class: kinds, transform: `translate(0 ${y})` });
    if (column.primary) line.append(s("path.mark", { d: "M12 10.5a3 3 0 1 0 6 0a3 3 0 1 0-6 0zM17.2 8.4l4-4M19.4 6.2l1.6 1.6" }));
    else if (column.foreign) line.append(s("path.mark", { d: "M12 10.5h7M16 7.5l3 3-3 3" }));
    else if (column.unique || column.indexed) line.append(s("text.unique", { x: 12, y: 14 }, column.unique ? "U" : "I", s("title", {}, column.unique ? "unique" : "an index begins with it")));
    const type = clip(shortType(column.type), 18);
    line.append(s("text.column-name", { x: 27, y: 14 }, clip(column.name, (width - 50 - type.length * 6.2) / 6.6)), s("text.column-type", { x: width - 10, y: 14, "text-anchor": "end" }, `${type}${column.nullable ? "?" : ""}`));
    group.append(line);
  });
  if (more) group.append(s("text.column-type", { x: 27, y: HEAD + 3 + shown.length * LINE + 14 }, `${more} more`));
  return group;
}

/** From the referring column's line to the referred one's, by way of the layout's bends. */
export function drawEdge(edge, from, to, places, bends) {
  const [a, b] = [places[from.at], places[to.at]];
  const start = { y: a.y + lineOf(from.box, edge.from.columns[0]) };
  const end = { y: b.y + lineOf(to.box, edge.to.columns[0]) };
  let d;
  if (from.at === to.at) {
    const x = a.x + from.box.width;
    d = `M${x} ${start.y}C${x + 36} ${start.y} ${x + 36} ${end.y - 1} ${x} ${end.y - (start.y === end.y ? 8 : 0)}`;
    Object.assign(start, { x, out: 1 });
    Object.assign(end, { x, out: 1 });
  } else {
    // The side that faces the other box; boxes above each other are joined at their right.
    const right = a.x + from.box.width <= b.x;
    const left = b.x + to.box.width <= a.x;
    Object.assign(start, { x: right || !left ? a.x + from.box.width : a.x, out: right || !left ? 1 : -1 });
    Object.assign(end, { x: right ? b.x : b.x + to.box.width, out: right ? -1 : 1 });
    // A neighbour is reached in one curve; bends lead around what lies between.
    const points = [start, ...(right && bends.length > 1 ? bends.filter((point) => point.x > start.x + 4 && point.x < end.x - 4) : []), end];
    d = `M${start.x} ${start.y}`;
    for (let at = 1; at < points.length; at += 1) {
      const [p, q] = [points[at - 1], points[at]];
      const reach = Math.max(24, Math.abs(q.x - p.x) / 2);
      d += `C${p.x + (at === 1 ? start.out : 1) * reach} ${p.y} ${q.x + (at === points.length - 1 ? end.out : -1) * reach} ${q.y} ${q.x} ${q.y}`;
    }
  }
  const many = edge.unique ? `M${start.x} ${start.y}m${7 * start.out} -4v8` : `M${start.x} ${start.y - 4}l${9 * start.out} 4l${-9 * start.out} 4`;
  const one = edge.optional ? `M${end.x + 10 * end.out - 3} ${end.y}a3 3 0 1 0 6 0a3 3 0 1 0-6 0` : `M${end.x + 7 * end.out} ${end.y - 4}v8`;
  const said = `${edge.from.schema}.${edge.from.name} (${edge.from.columns.join(", ")}) → ${edge.to.schema}.${edge.to.name} (${edge.to.columns.join(", ")})\n${edge.name}`;
  return s("g.edge", { class: edge.optional ? "optional" : "" }, s("title", {}, said), s("path.hit", { d }), s("path.line", { d }), s("path.end", { d: many }), s("path.end", { d: one }));
}

function lineOf(box, column) {
  const at = box.shown.findIndex((one) => one.name === column);
  return at < 0 ? HEAD / 2 : HEAD + 3 + at * LINE + LINE / 2;
}

const clip = (text, most) => ([...text].length > most ? `${[...text].slice(0, Math.max(3, Math.floor(most) - 1)).join("")}…` : text);
