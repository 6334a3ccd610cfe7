// Declared in code, recorded in migrations, live in the database: what differs, what is pending, what ran. Nothing is changed here.

import { get, post } from "./api.js";
import { h, replace } from "./dom.js";
import { milliseconds, plural } from "./format.js";
import { icon } from "./icons.js";
import { on } from "./store.js";
import { sqlText } from "./sqltext.js";
import { button, copy, trouble, waiting } from "./ui.js";

export function view() {
  const element = h("div.document", { tabIndex: 0 });
  let loading = false;

  async function load() {
    if (loading) return;
    loading = true;
    replace(element, waiting("Comparing the code, the migrations and the database…"));
    try {
      draw(await get("changes"));
    } catch (error) {
      replace(element, trouble(error, load));
    }
    loading = false;
  }

  function draw({ declared, pending, drift, timeline }) {
    const recorded = timeline.filter((one) => one.state === "applied").length;
    replace(
      element,
      h("div.row.changes-head", {}, h("h1.big.grow", {}, "Changes"), button("refresh", "Compare again", load)),
      h(
        "div.states",
        {},
        place("code", "Declared", "in the code", declared.available ? (declared.changes.length ? [plural(declared.changes.length, "change"), "warn"] : ["as recorded", "good"]) : ["not known", ""]),
        icon("arrow"),
        place("changes", "Recorded", `in ${plural(timeline.length, "migration")}`, pending.length ? [`${pending.length} pending`, "warn"] : recorded ? [`${recorded} applied`, "good"] : ["none yet", ""]),
        icon("arrow"),
        place("table", "Live", "in the database", drift.available ? (drift.changes.length ? [`${plural(drift.changes.length, "object")} drifted`, "bad"] : ["as recorded", "good"]) : ["not known", ""]),
      ),
      h("p.note", {}, "The schema is changed in the code: edit the field that a line names, then let ", h("code", {}, "schema"), " make the migration. This page runs no DDL."),
      part(declared.against === "database" ? "Declared, not in the database" : "Declared, not yet recorded", declared, declared.against === "database" ? "The code says what the database is." : "The code says what the migrations say.", (change) => [verb(change.verb), h("b.grow", {}, change.object), change.at ? where(change.at) : h("span.dim", {}, "not in the code")], [[declared.against === "database" ? "What push would run" : "The migration that would be made", declared.sql]]),
      h("section", {}, h("h2", {}, "Pending migrations", h("span.dim.num", {}, pending.length || "")), pending.length ? pending.map(waits) : h("p.dim", {}, recorded ? "Everything recorded is applied." : "No migrations are recorded.")),
      part("Drift: live, not recorded", drift, "The database is as the migrations left it.", (change) => [verb(change.verb), h("b.grow", {}, change.object), change.at && where(change.at)], [
        ["From recorded to live", drift.sql],
        ["Back to what is recorded", drift.back_sql],
      ]),
      h("section", {}, h("h2", {}, "Timeline", elsewhere(timeline)), timeline.length ? h("ol.timeline", {}, timeline.map(entry)) : h("p.dim", {}, "No migrations yet.")),
    );
  }

  on("back", () => element.isConnected && load());
  return { element, show: load };
}

const place = (mark, title, where, [text, kind]) => h("div.state", {}, icon(mark), h("div", {}, h("strong", {}, title), h("span.dim", {}, where)), h("span.pill", { class: kind }, text));

function part(title, side, none, line, plans) {
  return h(
    "section",
    {},
    h("h2", {}, title, h("span.dim.num", {}, side.changes?.length || "")),
    !side.available
      ? h("p.note", {}, side.why ?? "It cannot be said.")
      : side.changes.length
        ? [h("ul.change-list", {}, side.changes.map((change) => h("li", {}, line(change)))), plans.filter(([, sql]) => sql).map(([name, sql]) => folded(name, sql))]
        : h("p.dim", {}, none),
  );
}

const where = (at) => h("button.code-place", { title: "Copy", onclick: () => copy(at) }, at);

const VERBS = { add: "good", create: "good", drop: "bad", remove: "bad", change: "warn", alter: "warn" };
const verb = (text) => h("span.pill.verb", { class: VERBS[text.split(" ")[0].toLowerCase()] ?? "warn" }, text);

const folded = (name, sql, open = false) =>
  h("details.folded", { open }, h("summary", {}, icon("right"), h("span.grow", {}, name), button("copy", "Copy", (event) => (event.preventDefault(), copy(sql, "SQL copied")))), h("pre.sql.block", { tabIndex: 0 }, sqlText(sql)));

const PROOFS = {
  "up and down": ["good", "proven up and down"],
  up: ["warn", "proven up; no way back"],
  wrong: ["bad", "proof fails"],
  "not known": ["", "not proven here"],
};
const proven = ({ state, why, on }) => h("span.pill", { class: PROOFS[state][0], title: [on && `It ran on an empty ${on}`, why].filter(Boolean).join("\n") }, PROOFS[state][1]);

const SEVERITIES = { error: "bad", warn: "warn", info: "" };

const waits = ({ id, sql, hazards, sections, locks, lint, proof }) =>
  h(
    "div.migration",
    {},
    h("div.row", {}, h("b.mono.grow", {}, id), sections.map((section) => h("span.pill", {}, section))),
    h("div.row.badges", {}, proven(proof), locks.map(({ table, mode, blocks }) => h("span.pill", { class: /ACCESS EXCLUSIVE|^SHARE( ROW|$)/.test(mode) ? "warn" : "", title: blocks }, icon("lock"), `${mode} on ${table}`))),
    proof.state === "wrong" && h("p.note.bad", {}, proof.why),
    lint.length > 0 && h("ul.hazards", {}, lint.map((finding) => h("li", {}, h("span.pill", { class: SEVERITIES[finding.severity] }, finding.severity), h("span", {}, h("b", {}, finding.rule), h("span.dim", {}, `  ${finding.file ?? ""}${finding.line ? `:${finding.line}` : ""}`), h("div", {}, finding.message), finding.next && h("div.dim", {}, finding.next))))),
    hazards.length ? h("ul.hazards", {}, hazards.map((hazard) => h("li", {}, icon("warning"), h("span", {}, h("b", {}, hazard.kind), h("span.dim", {}, `  ${hazard.of}`), hazard.why && h("div", {}, hazard.why)), hazard.at && [h("span.grow"), where(hazard.at)]))) : h("p.calm", {}, icon("check"), "No hazards"),
    folded("SQL", sql),
  );

const STATES = { "half-applied": ["bad", "warning"], missing: ["bad", "warning"], applied: ["good", "check"], pending: ["", "clock"], failed: ["bad", "warning"], "rolled back": ["warn", "undo"] };

function entry({ id, state, at, by, milliseconds: took, tool, up, down, edited, out_of_order }) {
  const [kind, mark] = STATES[state] ?? ["", "clock"];
  return h(
    "li",
    { class: kind },
    h("span.bead", {}, icon(mark)),
    h(
      "details.folded",
      {},
      h("summary", {}, h("b.mono", {}, id), h("span.pill", { class: kind }, state), edited && h("span.pill.bad", { title: "The file is not what was applied" }, "edited since"), out_of_order && h("span.pill.warn", { title: "A later migration was applied before it" }, "out of order"), h("span.grow"), h("span.dim.num", {}, [by, at ? String(at).slice(0, 19) : null, milliseconds(took), tool].filter(Boolean).join(" · ")), icon("right")),
      up && h("pre.sql.block", { tabIndex: 0 }, sqlText(up)),
      down ? [h("h4", {}, "Down"), h("pre.sql.block", { tabIndex: 0 }, sqlText(down))] : h("p.dim", {}, "No way down is recorded."),
    ),
  );
}

/** The other databases of schema.toml, asked one after the other when somebody wants to know. */
function elsewhere(timeline) {
  const place = h("span.row");
  get("environments").then(
    ({ environments }) => environments.length && timeline.length && replace(place, h("button.button.quiet", { onclick: ask }, "Ask the other environments")),
    () => {},
  );
  async function ask() {
    const { environments } = await get("environments");
    replace(place, h("span.spinner"));
    const all = await Promise.all(environments.map((name) => post("environment", { name }).then(({ databases }) => databases, (error) => [{ name, states: null, why: error.message }])));
    replace(place, all.flat().map((one) => h("span.pill", { class: one.why ? "bad" : standing(one, timeline).every(([, state]) => state === "applied") ? "good" : "warn", title: one.why ?? standing(one, timeline).map(([id, state]) => `${id}: ${state}`).join("\n") }, `${one.name}: ${one.why ? "no answer" : summary(standing(one, timeline))}`)));
  }
  return place;
}

const standing = ({ states }, timeline) => timeline.map(({ id }) => [id, states[id] ?? "pending"]);

function summary(states) {
  const counts = new Map();
  for (const [, state] of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(", ");
}
