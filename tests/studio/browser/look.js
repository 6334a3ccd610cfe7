// For the tests of how the page looks: texts that can hardly be read, and what is cut off.
const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
const known = new Map();
const rgba = (colour) => {
  if (!known.has(colour)) {
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = colour;
    pixel.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data;
    known.set(colour, [r, g, b, a / 255]);
  }
  return known.get(colour);
};
const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
const ground = (element) => {
  if (!element) return rgba(getComputedStyle(document.documentElement).colorScheme === "dark" ? "black" : "white");
  const own = rgba(getComputedStyle(element).backgroundColor);
  return own[3] === 1 ? own : over(own, ground(element.parentElement));
};
const light = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const contrast = (a, b) => {
  const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
};
const inSight = (box) => box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
const path = (element) => `${element.tagName.toLowerCase()}.${(element.getAttribute("class") ?? "").trim().replaceAll(" ", ".")}`;

/** Texts below the contrast that WCAG AA wants: 4.5, or 3 for large ones. What is disabled, and drawings, are left out. */
const faint = () => {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("svg, :disabled, noscript, [aria-disabled], [aria-hidden=true]") || !seen(element) || !inSight(element.getBoundingClientRect())) continue;
    const style = getComputedStyle(element);
    const back = ground(element);
    let colour = rgba(style.color);
    let opacity = 1;
    for (let up = element; up; up = up.parentElement) opacity *= Number(getComputedStyle(up).opacity);
    colour = over([colour[0], colour[1], colour[2], colour[3] * opacity], back);
    const size = parseFloat(style.fontSize);
    const wanted = size >= 24 || (size >= 18.6 && style.fontWeight >= 700) ? 3 : 4.5;
    const is = contrast(colour, back);
    if (is < wanted - 0.005) found.add(`${path(element)} in ${path(element.parentElement)}: ${is.toFixed(2)} “${node.data.trim().slice(0, 20)}”`);
  }
  return [...found];
};

/** Words of headings and buttons that are cut, what sticks out of the window, and what lies over each other in a bar. */
const cutOff = () => {
  const found = new Set();
  for (const element of document.querySelectorAll("button, a.tab, h1, h2, .pill, th, label, .segments a, .toolbar > *, .header > *, .statusbar > *, .savebar > *")) {
    const box = element.getBoundingClientRect();
    // Long messages end in dots, and are whole in their title.
    if (!seen(element) || !inSight(box) || element.matches(".problem, .keys")) continue;
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && getComputedStyle(element).overflowX !== "visible") found.add(`cut: ${path(element)} “${element.textContent.slice(0, 30)}”`);
    const scrolls = element.closest(".document, .grid, .virtual, .canvas, .sql-tabs, .query-list, .panel, .scroll, .plan-tree");
    if (!scrolls && (box.right > innerWidth + 1 || box.left < -1)) found.add(`outside: ${path(element)} “${element.textContent.slice(0, 30)}”`);
  }
  for (const bar of document.querySelectorAll(".header, .toolbar, .statusbar, .savebar, .filterbar, .sql-tools, .sql-tabs")) {
    const parts = [...bar.children].filter((one) => seen(one) && one.getBoundingClientRect().width > 0);
    parts.slice(1).forEach((one, at) => {
      const [left, right] = [parts[at].getBoundingClientRect(), one.getBoundingClientRect()];
      if (left.right > right.left + 1 && left.bottom > right.top + 1) found.add(`over each other: ${path(parts[at])} and ${path(one)}`);
    });
    if (seen(bar) && bar.scrollWidth > bar.clientWidth + 1 && !bar.matches(".sql-tabs")) found.add(`too full: ${path(bar)} ${bar.scrollWidth} > ${bar.clientWidth}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) found.add("the page is wider than the window");
  return [...found];
};
