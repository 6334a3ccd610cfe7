// What every expression of the tests can use: finds what a person sees, by where it is and what is written on it.
const seen = (element) => element.checkVisibility({ visibilityProperty: true });
const said = (element) => `${element.getAttribute("aria-label") ?? ""} ${element.textContent}`;
const all = (css, text = "") => [...document.querySelectorAll(css)].filter((element) => seen(element) && said(element).includes(text));
const one = (css, text) => all(css, text)[0] ?? null;
const text = (css) => one(css)?.textContent ?? null;
// The grid: rows as they are shown, cells by the name of their column.
const head = (name) => all(".grid-th").find((one) => one.querySelector(".th-name > span").textContent === name) ?? null;
const inRow = (row, name) => row?.querySelector(`.grid-cell[data-column="${head(name)?.dataset.column}"]`) ?? null;
const cell = (row, name) => inRow(one(`.grid-row[data-row="${row}"]`), name);
const rows = () => all(".grid-row").sort((a, b) => a.dataset.row - b.dataset.row);
const values = (name) => rows().map((row) => inRow(row, name)?.textContent);
const focused = () => { const id = one(".grid")?.getAttribute("aria-activedescendant"); const at = id && document.getElementById(id); return at && at.closest(".grid-row") ? [Number(at.closest(".grid-row").dataset.row), document.querySelector(`.grid-th[data-column="${at.dataset.column}"] .th-name > span`)?.textContent] : null; };
// The middle of an element that stands still and that nothing covers, once it is so.
const point = async (element) => {
  if (!element) return null;
  element.scrollIntoView({ block: "nearest", inline: "nearest" });
  const before = element.getBoundingClientRect();
  await new Promise(requestAnimationFrame);
  const now = element.getBoundingClientRect();
  if (!now.width || ["x", "y", "width", "height"].some((side) => before[side] !== now[side])) return null;
  const at = { x: now.x + now.width / 2, y: now.y + now.height / 2 };
  return element.contains(document.elementFromPoint(at.x, at.y)) && !element.disabled ? at : null;
};
