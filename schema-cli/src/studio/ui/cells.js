// What a cell looks like: PostgreSQL's text by the kind of its type. NULL, empty and default stay apart.

import { h } from "./dom.js";

const SHOWN = 240;

export const isCut = (value) => value !== null && typeof value === "object" && "cut" in value;
export const isDefault = (value) => value !== null && typeof value === "object" && value.default === true;
export const textOf = (value) => (value === null || value === undefined ? "" : isCut(value) ? value.cut : isDefault(value) ? "" : String(value));

/** A kind for a column of a query's answer, whose type only has a name. */
export function baseOf(type) {
  if (/\[\]$/.test(type)) return "array";
  if (/^(smallint|integer|bigint|int[248]?|numeric|decimal|real|double precision|float[48]|money|oid)\b/.test(type)) return "number";
  if (/^bool/.test(type)) return "boolean";
  if (/^jsonb?$/.test(type)) return "json";
  if (/^timestamp/.test(type)) return "timestamp";
  if (/^(date|time|bytea|uuid)\b/.test(type)) return type.match(/^[a-z]+/)[0];
  return /^(text|character|varchar|char|name|citext)/.test(type) ? "text" : "other";
}

/** Fills an element with a value; `base` is the contract's kind of type. */
export function draw(element, value, base) {
  if (value === undefined || isDefault(value)) {
    element.append(h("span.default", {}, "default"));
    return;
  }
  if (value === null) {
    element.append(h("span.null", {}, "NULL"));
    return;
  }
  const text = textOf(value);
  if (text === "") {
    element.append(h("span.empty", { title: "an empty text" }, "''"));
    return;
  }
  if (base === "boolean") {
    const yes = truth(text);
    element.append(h("span.bool", { class: yes ? "yes" : "no" }, yes ? "true" : "false"));
    return;
  }
  if (base === "enum") {
    element.append(h("span.label", {}, text));
    return;
  }
  if (base === "timestamp") {
    stamp(element, text);
    return;
  }
  const line = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  if (/[\n\r\t]|^ | $/.test(line)) spaced(element, line);
  else element.append(line);
  if (isCut(value)) element.append(h("span.cut", {}, `${Math.round(value.length / 1000)}k`));
}

const truth = (text) => text === "t" || text === "true";

/** The zone apart, dim. */
function stamp(element, text) {
  const zone = text.match(/([+-]\d\d(?::?\d\d)*)( BC)?$/);
  if (zone && text.includes(":")) element.append(text.slice(0, zone.index), h("span.zone", {}, text.slice(zone.index)));
  else element.append(text);
}

/** Line ends, tabs and outer blanks are seen. */
function spaced(element, text) {
  for (const part of text.split(/(\r\n|[\n\r\t]|^ +| +$)/)) {
    if (!part) continue;
    const mark = part === "\t" ? "⇥" : /^ +$/.test(part) ? "·".repeat(part.length) : /^[\n\r]/.test(part) ? "↵" : null;
    element.append(mark ? h("span.blank-mark", {}, mark) : part);
  }
}

const WIDTHS = { number: 112, boolean: 84, json: 280, timestamp: 224, date: 104, time: 120, bytea: 200, uuid: 292, enum: 124, array: 200, text: 208, other: 160 };

export function widthFor(column) {
  const name = column.name.length * 7.4 + 44 + (column.primary ? 16 : 0) + (column.references ? 16 : 0);
  const short = Number(column.type.match(/^(?:char|character|varchar|character varying|bpchar)\((\d+)\)/)?.[1] ?? 99);
  if (short < 20) return Math.round(Math.max(72, name, short * 9));
  return Math.round(Math.max(72, Math.min(320, name), column.primary && column.base === "number" ? Math.max(88, name) : WIDTHS[column.base] ?? 160));
}

/** A cell as JSON: numbers keep their own text, which is exact; what came cut is a text. */
export function jsonOf(value, base) {
  const text = textOf(value);
  if (value === null || value === undefined) return "null";
  if (base === "boolean") return String(/^t/.test(text));
  const raw = !isCut(value) && (base === "json" || (base === "number" && /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text)));
  return raw ? text : JSON.stringify(text);
}

/** Cells as text that a spreadsheet takes. */
export function tabbed(rows) {
  return rows.map((row) => row.map((value) => textOf(value).replace(/[\t\n\r]+/g, " ")).join("\t")).join("\n");
}
