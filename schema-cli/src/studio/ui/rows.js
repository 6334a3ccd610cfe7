// A relation's rows as keyset pages: from the first on, or from the last back.

import { post } from "./api.js";

const PAGE = 200;

/** Rows in the order they are shown: {cells, key, version}. `changed` is called whenever there is more to see. */
export function rowSource(table, changed) {
  const self = { rows: [], columns: [], filters: [], sort: [], fromEnd: false, loading: false, done: false, error: null, sql: "", milliseconds: null, added: 0, load, more };
  let cursor = null;
  let run = 0;

  /** Starts again. */
  function load({ filters, sort, fromEnd = false }) {
    Object.assign(self, { filters, sort, fromEnd, rows: [], done: false, error: null, loading: false });
    cursor = null;
    run += 1;
    return more();
  }

  self.jump = (fromEnd) => load({ filters: self.filters, sort: self.sort, fromEnd });

  async function more() {
    if (self.loading || self.done || self.error) return;
    self.loading = true;
    const mine = run;
    const start = performance.now();
    changed("loading");
    try {
      const sort = self.fromEnd ? backwards(table, self.sort) : self.sort;
      const page = await post("rows", { schema: table.schema, name: table.name, filters: self.filters, sort, limit: PAGE, after: cursor ?? undefined });
      if (mine !== run) return;
      self.milliseconds = performance.now() - start;
      const rows = page.rows.map((cells, at) => ({ cells, key: page.keys?.[at] ?? null, version: page.versions?.[at] ?? null }));
      self.columns = page.columns;
      self.rows = self.fromEnd ? [...rows.reverse(), ...self.rows] : self.rows.concat(rows);
      self.added = self.fromEnd ? rows.length : 0;
      self.sql = page.sql;
      cursor = page.next;
      self.done = !page.next;
    } catch (error) {
      if (mine !== run) return;
      self.error = error;
    }
    self.loading = false;
    changed("rows");
  }

  return self;
}

/** The other way round, for the last rows first. */
function backwards(table, sort) {
  const given = sort.length ? sort : table.primary_key.map((column) => ({ column, descending: false }));
  return given.map(({ column, descending }) => ({ column, descending: !descending }));
}

export const canStartFromEnd = (table, sort) => sort.length > 0 || table.primary_key.length > 0;
