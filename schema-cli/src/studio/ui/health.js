// What the database suffers from: dead rows and spare pages, indexes to drop or to build again, long transactions, waits for locks.

import { h } from "./dom.js";
import { bytes, count, seconds } from "./format.js";
import { icon } from "./icons.js";
import { address } from "./route.js";
import { sqlText } from "./sqltext.js";
import { section } from "./structure.js";

const WHAT = {
  invalid: ["bad", "A CREATE INDEX CONCURRENTLY that did not end: it costs writes and serves no query"],
  equal: ["warn", "The same as another index of the table"],
  unused: ["", "No scan since the statistics were reset, on this server"],
};

export function healthView({ database, tables, indexes, open, locks }) {
  const age = database.age / database.age_limit;
  return [
    h(
      "div.facts-row",
      {},
      fact(bytes(database.bytes), "on disk"),
      database.cache_hits !== null && fact(`${(100 * database.cache_hits).toFixed(1)} %`, "read from the cache", database.cache_hits < 0.9),
      fact(`${Math.round(100 * age)} %`, "of the age at which VACUUM must freeze", age > 1),
      fact(count(database.deadlocks), "deadlocks"),
      fact(database.autovacuum ? "on" : "off", "autovacuum", !database.autovacuum),
    ),
    section(
      "Waits for locks",
      locks.length,
      ["Process", "Wants", "On", "Blocked by", "Which holds"],
      locks.map((wait) => [h("span.num", {}, wait.pid), h("code", {}, wait.mode), wait.relation ?? wait.type, h("span.pill.bad", {}, icon("lock"), wait.blocked_by.join(", ")), h("code", {}, wait.held ?? "")]),
    ),
    section(
      "Open for long: VACUUM cannot take rows away that these may still see",
      open.length,
      ["What", "Who", "For", "State", "Query"],
      open.map((one) => [one.what, `${one.id}${one.user ? ` (${one.user})` : ""}`, h("span.num", {}, seconds(one.seconds)), one.state, one.query && h("code.sql", { title: one.query }, sqlText(one.query))]),
    ),
    section(
      "Tables to look after",
      tables.length,
      ["Table", "Rows", "Dead rows", "Size", "Could be spared", "Vacuumed", "Analyzed"],
      tables.map((table) => [
        h("a", { href: address("table", [table.schema, table.name]) }, `${table.schema}.${table.name}`),
        h("span.num", {}, count(table.rows)),
        h("span.num", {}, count(table.dead)),
        h("span.num", {}, bytes(table.bytes)),
        h("span.num", { title: "An estimate, from the widths that ANALYZE saw" }, table.spare_bytes ? `~${bytes(table.spare_bytes)}` : ""),
        when(table.vacuumed),
        when(table.analyzed),
      ]),
    ),
    section(
      "Indexes to look after",
      indexes.length,
      ["Index", "Of", "", "Size", "Scans"],
      indexes.map((index) => [
        h("b", {}, index.name),
        h("a", { href: address("table", [index.schema, index.table], { view: "structure" }) }, `${index.schema}.${index.table}`),
        h("span.pill", { class: WHAT[index.what][0], title: WHAT[index.what][1] }, index.equals ? `as ${index.equals}` : index.what),
        h("span.num", {}, bytes(index.bytes)),
        h("span.num", {}, count(index.scans)),
      ]),
    ),
    !locks.length && !open.length && !tables.length && !indexes.length && h("p.calm", {}, icon("check"), "Nothing stands out"),
    database.counted_since && h("p.dim", {}, `Scans, hits and deadlocks are counted since ${day(database.counted_since)}.`),
  ];
}

const fact = (value, name, bad) => h("div.fact", {}, h("strong.num", { class: bad ? "long" : "" }, value), h("span", {}, name));
const day = (at) => at.slice(0, 16).replace("T", " ");
const when = (at) => h("span.dim.num", {}, at ? day(at) : "never");
