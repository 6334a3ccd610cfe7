// Things that lie above the page: popovers, menus, dialogs, short messages.

import { add, h } from "./dom.js";
import { icon } from "./icons.js";

let open = null;

/** A box beside `anchor` (an element or {x, y}); it goes with Escape or a click outside. */
export function popover(anchor, content, { width, onclose, label, match } = {}) {
  closePopover();
  const before = document.activeElement;
  const box = h("div.popover", { role: "dialog", "aria-label": label, tabIndex: -1, style: width ? { width: `${width}px` } : {} }, content);
  document.body.append(box);
  place(box, anchor, match);
  const outside = (event) => {
    if (!box.contains(event.target) && !(anchor instanceof Element && anchor.contains(event.target))) closePopover();
  };
  const keys = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    event.preventDefault();
    closePopover();
  };
  box.addEventListener("keydown", keys);
  setTimeout(() => open === self && document.addEventListener("pointerdown", outside, true));
  const self = (open = {
    box,
    anchor,
    close() {
      if (open !== self) return;
      open = null;
      document.removeEventListener("pointerdown", outside, true);
      const inside = box.contains(document.activeElement);
      box.remove();
      if (inside && before?.isConnected) before.focus({ preventScroll: true });
      onclose?.();
    },
    place: () => place(box, anchor, match),
  });
  (box.querySelector("[autofocus], input, textarea, select, button, [tabindex='0']") ?? box).focus({ preventScroll: true });
  return self;
}

export function closePopover() {
  open?.close();
}

function place(box, anchor, match) {
  const at = anchor instanceof Element ? anchor.getBoundingClientRect() : { left: anchor.x, right: anchor.x, top: anchor.y, bottom: anchor.y };
  if (match) box.style.minWidth = `${at.right - at.left}px`;
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = at.bottom + 4 + height <= innerHeight - 8 || at.top < height;
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  box.style.top = `${Math.max(8, below ? Math.min(at.bottom + 4, innerHeight - height - 8) : at.top - 4 - height)}px`;
}

/** A menu of {label, icon?, keys?, run, danger?, checked?} and "-" for a line. */
export function menu(anchor, items, label = "Menu") {
  const rows = items.filter(Boolean).map((item) =>
    item === "-"
      ? h("hr")
      : h(
          "button.item",
          {
            role: item.checked === undefined ? "menuitem" : "menuitemcheckbox",
            "aria-checked": item.checked,
            class: item.danger ? "danger" : "",
            disabled: item.disabled,
            title: item.title,
            onclick: () => {
              closePopover();
              item.run();
            },
          },
          h("span.lead", {}, item.checked ? icon("check") : item.icon ? icon(item.icon) : null),
          h("span.grow", {}, item.label),
          item.keys && h("kbd", {}, item.keys),
        ),
  );
  const list = h("div.menu", { role: "menu", "aria-label": label }, rows);
  list.addEventListener("keydown", (event) => walk(event, [...list.querySelectorAll("button:not(:disabled)")]));
  return popover(anchor, list, { label });
}

/** Arrow keys among buttons. */
export function walk(event, buttons) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !buttons.length) return;
  event.preventDefault();
  const next = buttons.indexOf(document.activeElement) + step;
  buttons[(next + buttons.length) % buttons.length].focus();
}

/** A modal box; `build(close)` makes its content. */
export function dialog(title, build, { wide, onclose } = {}) {
  closePopover();
  const box = h("dialog.dialog", { "aria-label": title, class: wide ? "wide" : "" });
  const close = () => box.close();
  add(box, [h("header", {}, h("h2", {}, title), button("close", "Close", close)), build(close)]);
  box.addEventListener("close", () => {
    box.remove();
    onclose?.();
  });
  box.addEventListener("pointerdown", (event) => event.target === box && close());
  document.body.append(box);
  box.showModal();
  return { box, close };
}

/** Asks, and promises the answer. */
export function confirmed(title, text, yes, danger = false) {
  return new Promise((resolve) => {
    let answer = false;
    dialog(
      title,
      (close) => {
        const accept = () => {
          answer = true;
          close();
        };
        return [
          h("div.body", {}, [text].flat().map((line) => h("p", {}, line))),
          h("footer", {}, h("button.button", { onclick: close }, "Cancel"), h("button.button", { class: danger ? "danger" : "primary", autofocus: true, onclick: accept }, yes)),
        ];
      },
      { onclose: () => resolve(answer) },
    );
  });
}

/** A button that is only an icon: its label is what a screen reader says and what the mouse shows. */
export function button(name, label, run, props = {}) {
  return h("button.icon-button", { type: "button", "aria-label": label, title: label, onclick: run, ...props }, icon(name));
}

let shelf;

export function toast(text, kind = "info", action = null) {
  shelf ??= document.body.appendChild(h("div.toasts", { role: "status", "aria-live": "polite", popover: "manual" }));
  // The same words once are enough.
  for (const other of shelf.children) if (other.dataset.text === text) other.remove();
  const note = h("div.toast", { class: kind, data: { text } }, h("span.grow", {}, text), action && h("button.button", { onclick: () => (note.remove(), action.run()) }, action.label), button("close", "Dismiss", () => note.remove()));
  shelf.append(note);
  // Shown again it lies above a dialog that was opened since.
  if (shelf.matches(":popover-open")) shelf.hidePopover();
  shelf.showPopover();
  setTimeout(() => note.remove(), kind === "error" || action ? 12_000 : 3500);
}

export const failed = (error) => error.name !== "AbortError" && toast([error.message, error.hint, error.next].filter(Boolean).join(" · "), "error");

export async function copy(text, what = "Copied") {
  try {
    await navigator.clipboard.writeText(text);
    toast(what);
  } catch {
    toast("The browser did not allow copying", "error");
  }
}

/** What an empty or failed view shows. */
export function blank(name, title, ...text) {
  return h("div.blank", {}, icon(name), h("h2", {}, title), text.filter(Boolean).map((line) => (line instanceof Node ? line : h("p", {}, line))));
}

export function trouble(error, again) {
  return blank("warning", error.message, error.detail, error.hint, error.next, again && h("button.button", { onclick: again }, "Try again"));
}

export const waiting = (text) => h("div.waiting", { role: "status" }, h("span.spinner"), text);
