// What the whole page knows (the connection, the relations), and who wants to hear of changes.

export const state = { info: null, relations: [], loading: true };

const listeners = new Map();

export function on(name, listener) {
  if (!listeners.has(name)) listeners.set(name, new Set());
  listeners.get(name).add(listener);
  return () => listeners.get(name).delete(listener);
}

export function emit(name, value) {
  for (const listener of listeners.get(name) ?? []) listener(value);
}

export function setInfo(info) {
  state.info = info;
  emit("info", info);
}

export const canWrite = () => Boolean(state.info?.writing);

/** One text for a relation, as a key of maps: names may hold any character but this one. */
export const relationKey = (schema, name) => `${schema}\u0000${name}`;

/** What is remembered in this browser, per database. */
export const remembered = {
  key: (name) => `schema-studio:${state.info ? `${state.info.host}:${state.info.port}/${state.info.database}` : ""}:${name}`,
  get(name, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(this.key(name))) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(this.key(name), JSON.stringify(value));
    } catch {
      // Storage is full or forbidden: the page works without a memory.
    }
  },
};
