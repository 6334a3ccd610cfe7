// Editing one cell: a field over it that suits its type, with NULL and DEFAULT as choices of their own.

import { isDefault, textOf } from "./cells.js";
import { h, replace } from "./dom.js";
import { parse, pretty } from "./json.js";
import { walk } from "./ui.js";

const CHECKS = {
  number: [/^\s*([+-]?(\d[\d_]*\.?\d*|\.\d+)([eE][+-]?\d+)?|NaN|[+-]?Infinity|\$?-?[\d,.]+)\s*$/i, "this does not look like a number"],
  uuid: [/^\s*\{?[0-9a-f]{4}(-?[0-9a-f]{4}){7}\}?\s*$/i, "this does not look like a uuid"],
  bytea: [/^(\\x([0-9a-f]{2}|\s)*|[^\\]*)$/i, "hexadecimal starts with \\x and has two digits a byte"],
};

let open = null;

export const closeEditor = () => open?.();

/**
 * Over `anchor` (or in the middle of `fallback`); `text` is what was typed to begin with. `commit(value, way)`: value is a text, null or
 * {default: true}; way says where the focus goes next.
 */
export function editCell({ anchor, fallback, column, value, text, canDefault, commit, cancel, scroller }) {
  open?.();
  const whole = value === undefined || isDefault(value) ? null : value;
  const start = text ?? textOf(whole);
  const choices = column.base === "boolean" ? ["true", "false"] : column.labels;
  const large = !choices && (column.base === "json" || column.base === "array" || /[\n\r]/.test(start) || start.length > 120);
  const box = h("div.cell-editor", { role: "dialog", "aria-label": `Edit ${column.name}` });
  const hint = h("span.hint.grow", { role: "status" });
  let finished = false;

  const finish = (run) => {
    if (finished) return;
    finished = true;
    open = null;
    scroller.removeEventListener("scroll", accept);
    document.removeEventListener("pointerdown", outside, true);
    box.remove();
    run();
  };
  const set = (next, way) => finish(() => commit(next, way));
  const outside = (event) => box.contains(event.target) || accept();
  const accept = (way) => {
    if (!input) {
      finish(cancel);
      return;
    }
    const now = input.value;
    // Nothing was typed: NULL stays NULL, and does not become an empty text.
    if (now === start && text === undefined && !touched) finish(cancel);
    else set(now, way?.row || way?.column ? way : undefined);
  };
  let touched = false;
  let input = null;

  const bar = h(
    "div.bar",
    {},
    hint,
    column.nullable && h("button.button", { tabIndex: -1, title: "Alt N", onclick: () => set(null) }, "NULL"),
    canDefault && h("button.button", { tabIndex: -1, title: column.default ?? "what PostgreSQL puts there", onclick: () => set({ default: true }) }, "DEFAULT"),
    large && column.base === "json" && h("button.button", { tabIndex: -1, onclick: () => ((input.value = pretty(input.value)), (touched = true), check()) }, "Set out"),
    large && h("button.button.primary", { tabIndex: -1, onclick: () => accept() }, "Done"),
  );

  if (choices) {
    const find = h("input", { type: "text", placeholder: "Choose", "aria-label": column.name, value: text ?? "" });
    const list = h("div.pick", { role: "listbox" });
    const draw = () =>
      replace(
        list,
        choices
          .filter((choice) => choice.toLowerCase().includes(find.value.toLowerCase()))
          .map((choice) => h("button.item", { role: "option", "aria-selected": String(choice === start), onclick: () => set(choice) }, h("span.lead", {}, choice === start || (column.base === "boolean" && start && choice.startsWith(start[0])) ? "✓" : ""), choice)),
      );
    find.addEventListener("input", draw);
    find.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      list.querySelector("button")?.click();
    });
    box.addEventListener("keydown", (event) => walk(event, [...list.querySelectorAll("button")]));
    draw();
    replace(box, find, list, bar);
  } else {
    input = large ? h("textarea", { spellcheck: "false", "aria-label": column.name, value: column.base === "json" && text === undefined && start.length < 200_000 ? pretty(start) : start }) : h("input", { type: "text", spellcheck: "false", "aria-label": column.name, value: start, placeholder: whole === null && text === undefined ? "NULL" : "" });
    input.addEventListener("input", () => {
      touched = true;
      check();
    });
    replace(box, input, bar);
  }

  function check() {
    const bad = column.base === "json" ? input.value.trim() !== "" && !parse(input.value) && "this is not JSON yet" : CHECKS[column.base] && input.value !== "" && !CHECKS[column.base][0].test(input.value) && CHECKS[column.base][1];
    hint.classList.toggle("bad", Boolean(bad));
    replace(hint, bad || `${column.type}${column.nullable ? "" : " · NOT NULL"}${large ? " · Ctrl ↵ done" : ""}`);
  }

  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const command = event.ctrlKey || event.metaKey;
    if (event.key === "Escape") {
      event.preventDefault();
      finish(cancel);
    } else if (event.key === "Enter" && input && event.target === input && (!large || command)) {
      event.preventDefault();
      accept(large ? undefined : { row: event.shiftKey ? -1 : 1 });
    } else if (event.key === "Tab" && !choices) {
      event.preventDefault();
      accept({ column: event.shiftKey ? -1 : 1 });
    } else if (event.altKey && event.code === "KeyN" && column.nullable) {
      event.preventDefault();
      set(null);
    } else if (command && event.key === "s") {
      event.preventDefault();
      accept();
    }
  });

  document.body.append(box);
  const at = (anchor ?? fallback).getBoundingClientRect();
  const width = Math.max(at.width, large ? 440 : 260);
  box.style.width = `${Math.min(width, innerWidth - 24)}px`;
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - Math.min(width, innerWidth - 24) - 12))}px`;
  box.style.top = `${Math.max(8, Math.min(at.top, innerHeight - box.offsetHeight - 12))}px`;
  if (input) check();
  const field = box.querySelector("input, textarea");
  field.focus();
  if (text === undefined && !large) field.select();
  else field.setSelectionRange(field.value.length, field.value.length);
  if (large && text === undefined) {
    field.setSelectionRange(0, 0);
    field.scrollTop = 0;
  }
  open = () => finish(cancel);
  scroller.addEventListener("scroll", accept, { once: true });
  setTimeout(() => document.addEventListener("pointerdown", outside, true));
}
