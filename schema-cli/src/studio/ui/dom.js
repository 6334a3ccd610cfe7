// Elements from a short notation. Text only ever becomes text nodes; nothing here parses markup.

const SVG = "http://www.w3.org/2000/svg";

/** h("div.bar.wide", {title, onclick, style: {width}}, ...children): children are nodes, strings, arrays or nothing. */
export function h(spec, props, ...children) {
  const [tag, ...classes] = spec.split(".");
  return fill(document.createElement(tag || "div"), classes, props, children);
}

/** The same for SVG. */
export function s(spec, props, ...children) {
  const [tag, ...classes] = spec.split(".");
  return fill(document.createElementNS(SVG, tag), classes, props, children);
}

function fill(element, classes, props, children) {
  if (classes.length) element.classList.add(...classes);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(element.style, value);
    else if (name === "class") element.classList.add(...value.split(" ").filter(Boolean));
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name in LIVE) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  add(element, children);
  return element;
}

// Set as properties: as attributes they would only say what they start with.
const LIVE = { value: 1, checked: 1, disabled: 1, indeterminate: 1, hidden: 1, tabIndex: 1 };

export function add(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

export function replace(element, ...children) {
  element.textContent = "";
  return add(element, children);
}

/** A function that runs once things have been quiet for a while. */
export function debounce(wait, run) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...args), wait);
  };
}

/** A function that runs at most once a frame. */
export function perFrame(run) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      run();
    });
  };
}
