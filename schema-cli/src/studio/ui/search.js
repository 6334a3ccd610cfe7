// Finding by typing: letters in order, whole words and beginnings first, the letters that matched marked.

import { h } from "./dom.js";

/** How well `text` answers `words` (already lower case), or -1. Smaller texts and earlier places win. */
export function score(text, words) {
  const lower = text.toLowerCase();
  let total = 0;
  for (const word of words) {
    const at = lower.indexOf(word);
    if (at < 0) return -1;
    const starts = at === 0 || /[\W_]/.test(lower[at - 1]);
    total += (starts ? 100 : 40) - Math.min(30, at);
  }
  return total + (lower === words.join(" ") ? 200 : 0) + Math.max(0, 40 - text.length);
}

export const words = (text) => text.toLowerCase().split(/[\s.]+/).filter(Boolean);

export function find(items, text, name, limit = 80) {
  const wanted = words(text);
  if (!wanted.length) return items.slice(0, limit);
  const found = [];
  for (const item of items) {
    const points = score(name(item), wanted);
    if (points >= 0) found.push([points, item]);
  }
  return found.sort((a, b) => b[0] - a[0]).slice(0, limit).map(([, item]) => item);
}

/** The text with the found words in <mark>. */
export function marked(text, wanted) {
  const lower = text.toLowerCase();
  const word = wanted.find((one) => lower.includes(one));
  if (!word) return text;
  const at = lower.indexOf(word);
  return [text.slice(0, at), h("mark", {}, text.slice(at, at + word.length)), text.slice(at + word.length)];
}
