// Staged edits: what was changed in the page and not yet saved. Nothing here talks to the server. What is kept by the names of columns is
// kept in Maps: a column may be called `constructor`.

import { emit, relationKey } from "./store.js";

let edits = [];
let past = [];
let nextId = 1;
let grouped = false;

export const pending = () => edits.length;
export const all = () => edits;

export const keyText = (key) => JSON.stringify(key);

/** The edits of one relation: changed and deleted rows by key, new rows in order. */
export function of(schema, name) {
  const byKey = new Map();
  const inserts = [];
  for (const edit of edits) {
    if (edit.schema !== schema || edit.name !== name) continue;
    if (edit.kind === "insert") inserts.push(edit);
    else byKey.set(keyText(edit.key), edit);
  }
  return { byKey, inserts };
}

export const changedRelations = () => new Set(edits.map((edit) => relationKey(edit.schema, edit.name))).size;

/** A cell of a row that exists. `old` is what the page has seen, `version` the row's xmin then. */
export function setCell(table, row, column, old, value) {
  remember();
  let edit = find(table, row.key);
  if (!edit) edit = push({ kind: "update", schema: table.schema, name: table.name, key: row.key, version: row.version, old: new Map(), set: new Map(), errors: new Map() });
  if (!edit.old.has(column)) edit.old.set(column, old);
  edit.errors.delete(column);
  if (edit.old.get(column) === value) {
    edit.set.delete(column);
    edit.old.delete(column);
  } else {
    edit.set.set(column, value);
  }
  if (!edit.set.size) edits = edits.filter((one) => one !== edit);
  changed();
}

/** `values`: [[column, value]]. */
export function insertRow(table, values = []) {
  remember();
  const edit = push({ kind: "insert", schema: table.schema, name: table.name, set: new Map(values), errors: new Map() });
  changed();
  return edit;
}

export function setInserted(edit, column, value) {
  remember();
  const own = edits.find((one) => one.id === edit.id);
  if (value === undefined) own.set.delete(column);
  else own.set.set(column, value);
  own.errors.delete(column);
  changed();
}

/** Deletes rows, or takes the deletion back when all of them are deleted already. */
export function toggleDelete(table, rows) {
  remember();
  const gone = rows.every((row) => row.insert || find(table, row.key)?.kind === "delete");
  for (const row of rows) {
    if (row.insert) {
      edits = edits.filter((edit) => edit.id !== row.insert.id);
      continue;
    }
    const edit = find(table, row.key);
    edits = edits.filter((one) => one !== edit);
    if (!gone) push({ kind: "delete", schema: table.schema, name: table.name, key: row.key, version: row.version, errors: new Map() });
  }
  changed();
}

/** The row was read again: the change stays, and is checked against what is there now. `values`: a Map by column. */
export function rebase(edit, version, values) {
  remember();
  const own = edits.find((one) => one.id === edit.id);
  own.version = version;
  own.errors = new Map();
  for (const column of own.old?.keys() ?? []) if (values.has(column)) own.old.set(column, values.get(column));
  changed();
}

/** Takes back what was staged for one row. */
export function revertRow(table, row) {
  remember();
  const edit = row.insert ?? find(table, row.key);
  edits = edits.filter((one) => one.id !== edit?.id);
  changed();
}

export function undo() {
  if (!past.length) return;
  edits = past.pop();
  changed();
}

export function discard() {
  remember();
  edits = [];
  changed();
}

/** After saving: nothing is staged, and there is nothing to take back. */
export function settled() {
  edits = [];
  past = [];
  changed();
}

/** The way back of what was saved, staged like anything else: it is looked at, and saved. */
export function stage(given) {
  remember();
  const map = (object) => new Map(Object.entries(object ?? {}));
  for (const edit of given) push({ version: null, ...edit, old: map(edit.old), set: map(edit.set), errors: new Map() });
  changed();
}

/** What the server gets. */
export const payload = () => edits.map(({ kind, schema, name, key, version, old, set }) => ({ kind, schema, name, key, version, old: object(old), set: object(set) }));

const object = (map) => map && Object.fromEntries(map);

/** The server's errors, put on the cells they are about. */
export function refuse(errors) {
  for (const edit of edits) edit.errors = new Map();
  for (const error of errors) {
    const edit = edits[error.edit];
    if (!edit) continue;
    edit.errors.set(error.column ?? "", { ...error, now: error.now && new Map(Object.entries(error.now)) });
    for (const [column, now] of Object.entries(error.now ?? {})) {
      if (edit.set?.has(column) && !edit.errors.has(column)) edit.errors.set(column, { ...error, now: new Map([[column, now]]) });
    }
  }
  changed();
}

function find(table, key) {
  const text = keyText(key);
  return edits.find((edit) => edit.kind !== "insert" && edit.schema === table.schema && edit.name === table.name && keyText(edit.key) === text);
}

function push(edit) {
  edit.id = nextId;
  nextId += 1;
  edits = [...edits, edit];
  return edit;
}

/** Several edits that are undone as one. */
export function together(run) {
  remember();
  grouped = true;
  try {
    run();
  } finally {
    grouped = false;
    changed();
  }
}

function remember() {
  if (grouped) return;
  past.push(structuredClone(edits));
  if (past.length > 200) past.shift();
}

const changed = () => grouped || emit("edits", edits.length);
