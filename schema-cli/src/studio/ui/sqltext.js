// SQL that is only read: coloured spans, and the border of statements.

import { h } from "./dom.js";

const TOKEN = /(--[^\n]*|\/\*[\s\S]*?\*\/)|(\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\3\$|$)|[eE]?'(?:[^'\\]|\\.|'')*(?:'|$))|("(?:[^"]|"")*(?:"|$))|\b(\d+(?:\.\d+)?)\b|\b([A-Za-z_]\w*)\b/g;
const KEYWORDS = new Set(
  "add after all alter always analyze and any as asc before begin between by cascade case check cluster collate column comment commit concurrently constraint create cross current_date current_timestamp database default deferrable deferred delete desc distinct do domain drop each else enable end enum exists extension false fetch for foreign from full function generated grant group having identity if in include index inner insert into is join key lateral left like limit materialized natural no not null of offset on only or order outer over owner partition policy primary procedure range references rename replace restrict returning revoke right role rollback row schema security select sequence set table temporary then to trigger true truncate type union unique update user using valid validate values view when where with".split(" "),
);

/** Nodes for a text of SQL. */
export function sqlText(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(TOKEN)) {
    const [all, comment, string, , , number, word] = found;
    const kind = comment ? "c" : string ? "s" : number ? "n" : word && KEYWORDS.has(word.toLowerCase()) ? "k" : null;
    if (!kind) continue;
    nodes.push(text.slice(at, found.index), h(`span.${kind}`, {}, all));
    at = found.index + all.length;
  }
  nodes.push(text.slice(at));
  return nodes;
}

/** Where each statement of a text starts and ends: [{from, to}], without what only separates them. */
export function statements(text) {
  const found = [];
  let from = 0;
  const push = (to) => {
    const part = text.slice(from, to);
    const lead = part.match(/^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/)[0].length;
    if (lead < part.length) found.push({ from: from + lead, to: from + part.trimEnd().length });
    from = to;
  };
  const pieces = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)|[eE]'(?:[^'\\]|\\.|'')*'?|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|;/g;
  for (const piece of text.matchAll(pieces)) {
    if (piece[0] === ";") push(piece.index + 1);
  }
  push(text.length);
  return found;
}
