// A long list of rows of one height: only those in sight are in the document.

import { h, perFrame } from "./dom.js";

export function virtualList({ height, render, label, role = "listbox" }) {
  const space = h("div.virtual-space");
  const box = h("div.virtual", { role, "aria-label": label, tabIndex: 0 }, space);
  let items = [];
  let shown = new Map();

  function draw(fresh) {
    if (fresh) {
      space.textContent = "";
      shown = new Map();
    }
    const first = Math.max(0, Math.floor(box.scrollTop / height) - 6);
    const last = Math.min(items.length, Math.ceil((box.scrollTop + box.clientHeight) / height) + 6);
    for (const [index, row] of shown) {
      if (index >= first && index < last) continue;
      row.remove();
      shown.delete(index);
    }
    for (let index = first; index < last; index += 1) {
      if (shown.has(index)) continue;
      const row = render(items[index], index);
      row.style.top = `${index * height}px`;
      shown.set(index, row);
      space.append(row);
    }
  }

  const again = perFrame(() => draw(false));
  box.addEventListener("scroll", again, { passive: true });
  new ResizeObserver(again).observe(box);
  return {
    element: box,
    set(next) {
      items = next;
      space.style.height = `${items.length * height}px`;
      draw(true);
    },
    draw: () => draw(true),
    reveal(index) {
      const top = index * height;
      if (top < box.scrollTop) box.scrollTop = top;
      else if (top + height > box.scrollTop + box.clientHeight) box.scrollTop = top + height - box.clientHeight;
      draw(false);
    },
    row: (index) => shown.get(index),
  };
}
