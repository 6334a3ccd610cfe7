// Who is connected, what they run, who waits for whom; and what the database suffers from.

import { get } from "./api.js";
import { h, replace } from "./dom.js";
import { plural, seconds } from "./format.js";
import { healthView } from "./health.js";
import { icon } from "./icons.js";
import { address, current } from "./route.js";
import { sqlText } from "./sqltext.js";
import { blank, button, trouble, waiting } from "./ui.js";

const EVERY = { sessions: 3000, health: 20_000 };

export function view() {
  const body = h("div.document", { tabIndex: 0 }, waiting("Looking…"));
  const live = h("input", { type: "checkbox", checked: true });
  const note = h("span.dim.num");
  const segments = h("div.segments", { role: "tablist" });
  const element = h("div.table-view", {}, h("div.toolbar", {}, h("div.title", {}, h("h1", {}, "Activity")), note, h("span.grow"), segments, h("label.row", {}, live, "Live"), button("refresh", "Look again", () => load())), body);
  let timer = null;

  async function load() {
    clearTimeout(timer);
    const wanted = part();
    try {
      const found = await get(wanted === "health" ? "health" : "activity");
      if (wanted !== part()) return;
      if (wanted === "health") {
        replace(note);
        replace(body, healthView(found));
      } else {
        draw(found.sessions);
      }
    } catch (error) {
      replace(body, trouble(error, load));
    }
    if (element.isConnected) timer = setTimeout(() => (live.checked ? load() : null), EVERY[wanted]);
  }

  function show() {
    replace(
      segments,
      [
        ["sessions", "Sessions"],
        ["health", "Health"],
      ].map(([name, label]) => h("a", { role: "tab", href: address("activity", [], name === "sessions" ? {} : { view: name }), "aria-selected": String(part() === name) }, label)),
    );
    load();
  }

  function draw(sessions) {
    const blocking = new Map();
    for (const session of sessions) for (const pid of session.blocked_by) blocking.set(pid, (blocking.get(pid) ?? 0) + 1);
    const weight = (session) => session.blocked_by.length * 1000 + (blocking.get(session.pid) ?? 0) * 100 + (session.state === "active" ? 10 : session.state?.startsWith("idle in") ? 5 : 0);
    const waits = sessions.filter((session) => session.blocked_by.length).length;
    replace(note, `${plural(sessions.length, "session")}${waits ? ` · ${waits} waiting for a lock` : ""}`);
    if (!sessions.length) {
      replace(body, blank("activity", "Nobody else is connected"));
      return;
    }
    replace(
      body,
      h(
        "table.list.activity",
        {},
        h("thead", {}, h("tr", {}, ["Process", "User", "State", "For", "Waits for", "Query"].map((text) => h("th", { scope: "col" }, text)))),
        h(
          "tbody",
          {},
          [...sessions]
            .sort((a, b) => weight(b) - weight(a) || b.since_seconds - a.since_seconds)
            .map((session) =>
              h(
                "tr",
                {},
                h("td.num", {}, session.pid),
                h("td", {}, session.user),
                h("td", {}, h("span.pill", { class: session.state === "active" ? "good" : session.state?.startsWith("idle in") ? "warn" : "" }, session.state ?? "unknown")),
                h("td.num", { class: session.state !== "idle" && session.since_seconds > 60 ? "long" : "" }, seconds(session.since_seconds)),
                h("td", {}, session.waiting_for, session.blocked_by.length > 0 && h("span.pill.bad", {}, icon("lock"), `blocked by ${session.blocked_by.join(", ")}`), blocking.has(session.pid) && h("span.pill.warn", {}, `blocks ${blocking.get(session.pid)}`)),
                h("td", {}, h("code.sql", { title: session.query }, sqlText(String(session.query ?? "").slice(0, 600)))),
              ),
            ),
        ),
      ),
    );
  }

  return { element, show, leave: () => clearTimeout(timer) };
}

const part = () => (current().params.view === "health" ? "health" : "sessions");
