// JSON as a tree that keeps every number's own text (a parse by the browser would round them).

import { h } from "./dom.js";

/** {kind: "object" | "array" | "string" | "number" | "word", ...}, or null when the text is not JSON. */
export function parse(text) {
  let at = 0;
  const token = /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;
  const next = () => {
    token.lastIndex = at;
    const found = token.exec(text);
    if (!found) throw new SyntaxError("not JSON");
    at = token.lastIndex;
    return found;
  };
  const peek = () => {
    const before = at;
    const found = next();
    at = before;
    return found[1];
  };
  const value = () => {
    const [, mark, string, number, word] = next();
    if (string !== undefined) return { kind: "string", text: string };
    if (number !== undefined) return { kind: "number", text: number };
    if (word !== undefined) return { kind: "word", text: word };
    if (mark !== "{" && mark !== "[") throw new SyntaxError("not JSON");
    const close = mark === "{" ? "}" : "]";
    const items = [];
    if (peek() === close) next();
    else
      for (;;) {
        let name = null;
        if (mark === "{") {
          name = next()[2];
          if (name === undefined || next()[1] !== ":") throw new SyntaxError("not JSON");
        }
        items.push({ name, value: value() });
        const after = next()[1];
        if (after === close) break;
        if (after !== ",") throw new SyntaxError("not JSON");
      }
    return { kind: mark === "{" ? "object" : "array", items };
  };
  try {
    const whole = value();
    return text.slice(at).trim() ? null : whole;
  } catch {
    return null;
  }
}

/** The text set out over lines, or the text itself when it is not JSON. */
export function pretty(text) {
  const write = (node, indent) => {
    if (!node.items) return node.text;
    const [open, close] = node.kind === "object" ? "{}" : "[]";
    if (!node.items.length) return open + close;
    const inner = `${indent}  `;
    return `${open}\n${node.items.map((item) => inner + (item.name ? `${item.name}: ` : "") + write(item.value, inner)).join(",\n")}\n${indent}${close}`;
  };
  const node = parse(text);
  return node ? write(node, "") : text;
}

export function tree(text) {
  const node = parse(text);
  return node ? h("div.json-tree", {}, branch(null, node, 0)) : h("div.json-tree", {}, text);
}

function branch(name, node, depth) {
  const label = name === null ? null : [h("span.json-name", {}, String(name)), h("span.dim", {}, ": ")];
  if (!node.items) return h("div.json-line", {}, label, h("span", { class: `json-${node.kind}` }, node.text));
  const [open, close] = node.kind === "object" ? "{}" : "[]";
  if (!node.items.length) return h("div.json-line", {}, label, open + close);
  const details = h("details", { open: depth < 2 && node.items.length <= 60 }, h("summary", {}, label, h("span.dim", {}, `${open} ${node.items.length} ${close}`)));
  // Filled when it is first open: a long document costs nothing until it is looked at.
  const fill = () => {
    if (!details.open || details.children.length > 1) return;
    details.append(h("div.json-inside", {}, node.items.map((item, at) => branch(item.name ?? at, item.value, depth + 1))));
  };
  details.addEventListener("toggle", fill);
  fill();
  return details;
}
