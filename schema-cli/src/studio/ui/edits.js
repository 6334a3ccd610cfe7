// Staged edits: what was changed in the page and not yet saved. Nothing here talks to the server.

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
  if (!edit) edit = push({ kind: "update", schema: table.schema, name: table.name, key: row.key, version: row.version, old: {}, set: {}, errors: {} });
  if (!(column in edit.old)) edit.old[column] = old;
  delete edit.errors[column];
  if (edit.old[column] === value) {
    delete edit.set[column];
    delete edit.old[column];
  } else {
    edit.set[column] = value;
  }
  if (edit.kind === "update" && !Object.keys(edit.set).length) edits = edits.filter((one) => one !== edit);
  changed();
}

export function insertRow(table, set = {}) {
  remember();
  const edit = push({ kind: "insert", schema: table.schema, name: table.name, set: { ...set }, errors: {} });
  changed();
  return edit;
}

export function setInserted(edit, column, value) {
  remember();
  const own = edits.find((one) => one.id === edit.id);
  if (value === undefined) delete own.set[column];
  else own.set[column] = value;
  delete own.errors[column];
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
    if (!gone) push({ kind: "delete", schema: table.schema, name: table.name, key: row.key, version: row.version, errors: {} });
  }
  changed();
}

/** The row was read again: the change stays, and is checked against what is there now. */
export function rebase(edit, version, values) {
  remember();
  const own = edits.find((one) => one.id === edit.id);
  own.version = version;
  own.errors = {};
  for (const column of Object.keys(own.old ?? {})) if (column in values) own.old[column] = values[column];
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
  for (const edit of given) push({ old: {}, set: {}, version: null, ...edit, errors: {} });
  changed();
}

/** What the server gets. */
export const payload = () => edits.map(({ kind, schema, name, key, version, old, set }) => ({ kind, schema, name, key, version, old, set }));

/** The server's errors, put on the cells they are about. */
export function refuse(errors) {
  for (const edit of edits) edit.errors = {};
  for (const error of errors) {
    const edit = edits[error.edit];
    if (edit) edit.errors[error.column ?? ""] = error;
    for (const [column, now] of Object.entries(error.now ?? {})) {
      if (edit && column in (edit.set ?? {}) && !edit.errors[column]) edit.errors[column] = { ...error, now: { [column]: now } };
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
