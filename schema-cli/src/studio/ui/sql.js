// The SQL view: tabs of text, running, results, plans, history and saved queries.

import { get, post } from "./api.js";
import { debounce, h, replace } from "./dom.js";
import { explainView } from "./explain.js";
import { milliseconds } from "./format.js";
import { icon } from "./icons.js";
import { queryLists } from "./queries.js";
import { resultsView } from "./results.js";
import { settle } from "./route.js";
import { COMMAND } from "./shell.js";
import { sqlEditor } from "./sqleditor.js";
import { canWrite, on, remembered } from "./store.js";
import { addActions } from "./palette.js";
import { button, confirmed, dialog, failed, menu, toast } from "./ui.js";

const LIMIT = 1000;
let ids = 0;

export function view() {
  const kept = remembered.get("sql", { tabs: [{ title: "Query 1", text: "" }], at: 0 });
  const tabs = kept.tabs.map((tab) => ({ ...tab, results: null }));
  let at = Math.min(kept.at, tabs.length - 1);
  const keepNow = () => remembered.set("sql", { tabs: tabs.map(({ title, text, saved }) => ({ title, text, saved })), at });
  const keep = debounce(400, keepNow);
  addEventListener("pagehide", keepNow);

  const editor = sqlEditor({
    change: (text) => {
      tabs[at].text = text;
      keep();
      if (tabs[at].saved) drawTabs();
    },
    run: () => run(editor.wanted()),
    runAll: () => run({ text: editor.text(), from: 0 }),
    explain: () => explain(false),
    save: () => saveQuery(),
  });
  const lists = queryLists({ open: (text, title, saved) => openTab(text, title, saved), changed: () => drawTools() });
  const strip = h("div.sql-tabs", { role: "tablist", "aria-label": "Queries" });
  const tools = h("div.sql-tools");
  const output = h("div.sql-output");
  const side = h("div.sql-side", { hidden: !remembered.get("sql-side", true) }, lists.element);
  const upper = h("div.sql-upper", {}, editor.element);
  const element = h("div.sql-view", {}, h("div.sql-main", {}, strip, tools, upper, divider(upper), output), side);
  upper.style.height = `${remembered.get("sql-height", 260)}px`;

  function drawTabs() {
    replace(
      strip,
      tabs.map((tab, index) =>
        h(
          "div.sql-tab",
          { role: "tab", "aria-selected": String(index === at), tabIndex: index === at ? 0 : -1, onclick: () => choose(index), ondblclick: () => rename(index), onkeydown: (event) => step(event, index), onauxclick: (event) => event.button === 1 && shut(index) },
          tab.running ? h("span.spinner") : tab.saved ? icon("save") : null,
          h("span", {}, tab.title, tab.saved && tab.saved !== tab.text ? " •" : ""),
          tabs.length > 1 && button("close", `Close ${tab.title}`, (event) => (event.stopPropagation(), shut(index)), { tabIndex: -1 }),
        ),
      ),
      button("plus", "New query", () => openTab("")),
      h("span.grow"),
      button("panel", "Saved queries and history", () => {
        side.hidden = !side.hidden;
        remembered.set("sql-side", !side.hidden);
      }),
    );
  }

  function step(event, index) {
    const next = { ArrowRight: index + 1, ArrowLeft: index - 1 }[event.key];
    if (next === undefined || !tabs[next]) return;
    choose(next);
    strip.children[next].focus();
  }

  function drawTools() {
    const { running } = tabs[at];
    replace(
      tools,
      running
        ? h("button.button.danger", { onclick: cancel }, icon("stop"), "Cancel")
        : h("button.button.primary", { onclick: () => run(editor.wanted()), title: "The selection, or the statement at the cursor" }, icon("play"), "Run", h("kbd", {}, `${COMMAND}↵`)),
      h("button.button", { disabled: running, onclick: () => run({ text: editor.text(), from: 0 }), title: `${COMMAND}⇧↵` }, "Run all"),
      h("button.button", { disabled: running, onclick: (event) => explainMenu(event.currentTarget) }, icon("plan"), "Explain", icon("down")),
      h("button.button.quiet", { onclick: saveQuery, disabled: !lists.canSave(), title: lists.canSave() ? "Into queries/ beside schema.toml" : "Saved queries are files of a project: run schema studio where schema.toml is" }, icon("save"), "Save"),
      h("span.grow"),
      h("span.dim", {}, canWrite() ? "Writing is on: statements are committed" : "Read-only: every statement runs in a read-only transaction"),
    );
  }

  function show(route) {
    if (route.params.text !== undefined) {
      settle("sql");
      openTab(route.params.text);
    }
    removeActions ??= addActions(() => [
      { label: "New query", icon: "plus", run: () => openTab("") },
      { label: "Save this query", icon: "save", run: saveQuery },
    ]);
    lists.load();
    editor.focus();
  }
  let removeActions = null;

  function choose(index) {
    tabs[at].state = editor.state();
    at = index;
    editor.use(tabs[at].state ?? tabs[at].text);
    draw();
    keep();
    editor.focus();
  }

  function openTab(text, title, saved) {
    const present = saved !== undefined ? tabs.findIndex((tab) => tab.title === title && tab.saved !== undefined) : -1;
    if (present >= 0) {
      choose(present);
      return;
    }
    tabs[at].state = editor.state();
    let number = tabs.length + 1;
    while (tabs.some((tab) => tab.title === `Query ${number}`)) number += 1;
    const fresh = { title: title ?? `Query ${number}`, text, saved, results: null };
    // An empty tab is used before a new one is made.
    if (text && !tabs[at].text.trim() && !tabs[at].running) tabs[at] = fresh;
    else {
      tabs.push(fresh);
      at = tabs.length - 1;
    }
    editor.use(text);
    draw();
    keep();
    editor.focus();
  }

  function shut(index) {
    if (tabs.length === 1) return;
    if (tabs[index].running) post("sql/cancel", { id: tabs[index].running }).catch(() => {});
    if (index === at) {
      tabs.splice(index, 1);
      at = Math.max(0, index - 1);
      editor.use(tabs[at].state ?? tabs[at].text);
    } else {
      tabs.splice(index, 1);
      if (index < at) at -= 1;
    }
    draw();
    keep();
  }

  function rename(index) {
    dialog("Name of the tab", (close) => {
      const input = h("input", { type: "text", value: tabs[index].title, "aria-label": "Name", autofocus: true });
      const accept = () => {
        tabs[index].title = input.value.trim() || tabs[index].title;
        close();
        drawTabs();
        keep();
      };
      input.addEventListener("keydown", (event) => event.key === "Enter" && accept());
      return [h("div.body", {}, input), h("footer", {}, h("button.button.primary", { onclick: accept }, "Rename"))];
    });
  }

  function draw() {
    drawTabs();
    drawTools();
    replace(output, tabs[at].results ?? h("div.blank", {}, icon("play"), h("p", {}, h("kbd", {}, `${COMMAND}↵`), " runs the selection or the statement at the cursor, ", h("kbd", {}, `${COMMAND}E`), " explains it")));
  }

  /** Runs `work` for the tab that is shown now; the tab may be another one when it ends. */
  async function during(text, from, work) {
    if (!text.trim()) {
      toast("There is nothing to run");
      return;
    }
    const tab = tabs[at];
    if (tab.running) return;
    const id = `${Date.now().toString(36)}-${(ids += 1)}-${Math.random().toString(36).slice(2)}`;
    tab.running = id;
    editor.unmark();
    const clock = h("span.num");
    const start = performance.now();
    const tick = setInterval(() => replace(clock, milliseconds(performance.now() - start)), 100);
    tab.results = h("div.waiting", { role: "status" }, h("span.spinner"), "Running ", clock, h("button.button", { onclick: cancel }, "Cancel"));
    draw();
    if (document.activeElement === document.body) editor.focus();
    try {
      tab.results = await work(id, (error) => tab === tabs[at] && editor.mark(error.position, from, text, error.message));
    } catch (error) {
      tab.results = resultsView({ results: [], error, notices: [] });
      if (tab === tabs[at]) editor.mark(error.position, from, text, error.message);
    }
    clearInterval(tick);
    tab.running = null;
    draw();
    lists.load();
    // The button that was pressed is gone with the run: the keyboard goes on in the editor.
    if (document.activeElement === document.body && element.isConnected) editor.focus();
  }

  const run = ({ text, from }) =>
    during(text, from, async (id, mark) => {
      const answer = await post("sql", { id, sql: text, limit: LIMIT, write: canWrite() });
      if (answer.error) mark(answer.error);
      return resultsView(answer);
    });

  function explain(analyze) {
    const { text, from } = editor.wanted();
    const bare = text.replace(/;\s*$/, "");
    return during(bare, from, async (id) => explainView(await post("explain", { id, sql: bare, analyze, buffers: analyze }), bare));
  }

  function explainMenu(anchor) {
    menu(anchor, [
      { label: "Explain", icon: "plan", keys: `${COMMAND}E`, run: () => explain(false) },
      { label: "Explain analyze with buffers", icon: "clock", run: () => explain(true), title: "Runs the statement; what it writes is rolled back" },
    ]);
  }

  function cancel() {
    const { running } = tabs[at];
    if (running) post("sql/cancel", { id: running }).catch(failed);
    editor.focus();
  }

  function saveQuery() {
    if (!lists.canSave()) return;
    const tab = tabs[at];
    dialog("Save the query", (close) => {
      const input = h("input", { type: "text", value: tab.saved !== undefined ? tab.title : tab.title.startsWith("Query ") ? "" : tab.title, placeholder: "late orders", "aria-label": "Name", autofocus: true });
      const accept = async () => {
        const name = input.value.trim();
        if (!name) return;
        const { queries } = await get("queries").catch(() => ({ queries: [] }));
        if (queries.some((query) => query.name === name) && name !== tab.title && !(await confirmed("Overwrite it?", `There is a query called ${name} already.`, "Overwrite"))) return;
        try {
          await post("queries", { name, sql: tab.text });
          Object.assign(tab, { title: name, saved: tab.text });
          close();
          drawTabs();
          keep();
          lists.load();
          toast(`Saved as queries/${name}.sql`);
        } catch (error) {
          failed(error);
        }
      };
      input.addEventListener("keydown", (event) => event.key === "Enter" && accept());
      return [h("div.body", {}, h("p", {}, "It becomes a file in queries/ beside schema.toml, to be kept with the code."), input), h("footer", {}, h("button.button", { onclick: close }, "Cancel"), h("button.button.primary", { onclick: accept }, "Save"))];
    });
  }

  on("info", drawTools);
  editor.use(tabs[at].text);
  draw();
  return {
    element,
    show,
    leave() {
      removeActions?.();
      removeActions = null;
    },
  };
}

/** The line between text and results, to pull. */
function divider(upper) {
  const handle = h("div.divider", { role: "separator", "aria-orientation": "horizontal", "aria-label": "Height of the editor" });
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    const start = upper.offsetHeight - event.clientY;
    const move = (now) => (upper.style.height = `${Math.max(80, Math.min(innerHeight - 260, start + now.clientY))}px`);
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", () => (handle.removeEventListener("pointermove", move), remembered.set("sql-height", upper.offsetHeight)), { once: true });
  });
  return handle;
}
