// Where the page is: the hash of the address, read and written.

import { emit } from "./store.js";

/** `#/table/public/orders?view=structure` -> {view: "table", path: ["public", "orders"], params: {view: "structure"}} */
export function current() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const [view, ...rest] = path.split("/").map(decode);
  return { view: view || "home", path: rest, params: Object.fromEntries(new URLSearchParams(query ?? "")) };
}

export function address(view, path = [], params = {}) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== "")).toString();
  return `#/${[view, ...path].map(encodeURIComponent).join("/")}${query ? `?${query}` : ""}`;
}

export function go(view, path, params) {
  const to = address(view, path, params);
  if (to !== location.hash) location.hash = to;
}

/** Says where we are without a new entry in the browser's history. */
export function settle(view, path, params) {
  history.replaceState(null, "", address(view, path, params));
}

/** A link to a relation's rows, with filters such as {column: value}. */
export function rowsAddress(schema, name, where) {
  const filters = Object.entries(where ?? {}).map(([column, value]) => (value === null ? { column, op: "null" } : { column, op: "=", value }));
  return address("table", [schema, name], { filters: filters.length ? JSON.stringify(filters) : "" });
}

export function follow() {
  addEventListener("hashchange", () => emit("route", current()));
}

/** The token in the address is taken out at once: it must not stay in the history. */
export function takeToken() {
  const token = location.hash.match(/^#token=([0-9a-zA-Z_-]+)/)?.[1] ?? null;
  if (token) history.replaceState(null, "", location.pathname);
  return token;
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
