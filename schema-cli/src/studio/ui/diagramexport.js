// The diagram as a file: SVG with its colours inside, or mermaid.

import { saveAs } from "./api.js";

const KEPT = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-family", "font-size", "font-weight", "text-anchor"];

/** What the style sheet says becomes attributes, so that the file needs no style sheet. */
export function exportSvg(svg, stage, size, name) {
  const copy = svg.cloneNode(true);
  const sources = stage.querySelectorAll("*");
  const moved = [...copy.children].find((child) => child.classList.contains("stage"));
  moved.querySelectorAll("*").forEach((element, at) => {
    const style = getComputedStyle(sources[at]);
    if (style.display === "none" || element.classList.contains("hit")) {
      element.setAttribute("display", "none");
      return;
    }
    for (const property of KEPT) element.setAttribute(property, style.getPropertyValue(property));
    element.removeAttribute("tabindex");
  });
  moved.setAttribute("transform", "translate(24 24)");
  for (const [key, value] of Object.entries({ xmlns: "http://www.w3.org/2000/svg", width: size.width + 48, height: size.height + 48, viewBox: `0 0 ${size.width + 48} ${size.height + 48}` })) copy.setAttribute(key, value);
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [key, value] of Object.entries({ width: "100%", height: "100%", fill: getComputedStyle(document.body).backgroundColor })) ground.setAttribute(key, value);
  copy.prepend(ground);
  saveAs(URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" })), `${name}.svg`);
}

export function mermaid(tables, edges) {
  const schemas = new Set(tables.map((table) => table.schema));
  const id = (table) => JSON.stringify(schemas.size > 1 ? `${table.schema}.${table.name}` : table.name).replaceAll('\\"', "'");
  const word = (text) => text.replace(/[^\w]+/g, "_").replace(/^_+|_+$/g, "") || "_";
  const lines = ["erDiagram"];
  for (const table of tables) {
    lines.push(`    ${id(table)} {`);
    for (const column of table.columns) {
      const keys = [column.primary && "PK", column.foreign && "FK", column.unique && !column.primary && "UK"].filter(Boolean).join(", ");
      lines.push(`        ${word(column.type)} ${word(column.name)}${keys ? ` ${keys}` : ""}`);
    }
    lines.push("    }");
  }
  for (const edge of edges) lines.push(`    ${id(edge.from)} ${edge.unique ? "|o" : "}o"}--${edge.optional ? "o|" : "||"} ${id(edge.to)} : "${edge.from.columns.join(", ").replaceAll('"', "'")}"`);
  return `${lines.join("\n")}\n`;
}
