// The frame of the page: header with the connection and the write switch, sidebar, the view, the foot.

import { post } from "./api.js";
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { pending } from "./edits.js";
import { openPalette } from "./palette.js";
import { address, current } from "./route.js";
import { sidebar } from "./sidebar.js";
import { emit, on, remembered, setInfo, state } from "./store.js";
import { nextTheme, theme } from "./theme.js";
import { button, confirmed, failed, popover, toast } from "./ui.js";
import { beYourself, viewAs } from "./viewas.js";

export const TABS = [
  ["home", "Tables", "table"],
  ["sql", "SQL", "code"],
  ["diagram", "Diagram", "diagram"],
  ["changes", "Changes", "changes"],
  ["activity", "Activity", "activity"],
];

export const COMMAND = /Mac/.test(navigator.platform) ? "⌘" : "Ctrl ";

export function shell() {
  const main = h("main", { id: "main", tabIndex: -1 });
  const foot = h("div.foot");
  const list = sidebar();
  const body = h("div.body-row", {}, list, h("div.stage", {}, main, foot));
  const element = h("div.shell", {}, h("a.skip", { href: "#main", onclick: (event) => (event.preventDefault(), main.focus()) }, "Skip to the content"), header(body), banner(), body);
  if (remembered.get("sidebar", true) === false) body.classList.add("narrow");
  addEventListener("keydown", shortcuts);
  return { element, main, foot };
}

function header(body) {
  // Made once: who has come to one by keyboard stays on it.
  const links = TABS.map(([name, label, mark]) => h("a.tab", { href: address(name) }, icon(mark), label));
  const tabs = h("nav.tabs", { "aria-label": "Views" }, links);
  const here = () => {
    const view = current().view;
    TABS.forEach(([name], at) => {
      if (view === name || (name === "home" && view === "table")) links[at].setAttribute("aria-current", "page");
      else links[at].removeAttribute("aria-current");
    });
    links[0].setAttribute("href", lastTable ?? address("home"));
  };
  let lastTable = null;
  on("shown", (route) => {
    if (route.view === "table") lastTable = location.hash;
    if (route.view === "home") lastTable = null;
    here();
  });
  here();
  const toggle = () => remembered.set("sidebar", !body.classList.toggle("narrow"));
  const shade = button(themeIcon(), themeLabel(), () => {
    nextTheme();
    replace(shade, icon(themeIcon()));
    shade.title = themeLabel();
    shade.setAttribute("aria-label", themeLabel());
    emit("theme");
  });
  return h(
    "header.header",
    {},
    button("sidebar", "Show or hide the tables", toggle),
    place(),
    tabs,
    h("span.grow"),
    h("button.go", { onclick: openPalette, "aria-label": "Go to a table or an action" }, icon("search"), h("span", {}, "Go to…"), h("kbd", {}, `${COMMAND}K`)),
    button("view", "See rows as a role", viewAs),
    writeSwitch(),
    shade,
  );
}

const themeIcon = () => ({ light: "sun", dark: "moon", auto: "auto" })[theme()];
const themeLabel = () => ({ light: "Theme: light", dark: "Theme: dark", auto: "Theme: as the system" })[theme()];

/** Which database this is: name, environment, and the rest on demand. */
function place() {
  const element = h("button.place", { "aria-label": "The connection" });
  const draw = () => {
    const { database, environment, host, port } = state.info;
    const name = environment.name ?? (environment.local ? "local" : "remote");
    document.documentElement.dataset.environment = environment.production ? "production" : environment.local ? "local" : "remote";
    replace(element, h("span.mark"), h("strong", {}, database), h("span.pill.environment", {}, name), h("span.host", {}, `${host}${port ? `:${port}` : ""}`));
  };
  element.addEventListener("click", () => {
    const { version, project, environment, database, host, port, user, server_version, superuser, warnings } = state.info;
    const rows = [
      ["Database", database],
      ["Server", `${host}:${port}`],
      ["User", superuser ? `${user} (superuser)` : user],
      ["PostgreSQL", server_version],
      ["Environment", `${environment.name ?? "none"}${environment.production ? ", production" : environment.local ? ", local" : ""}`],
      ["Project", project ?? "none"],
      ["schema", version],
    ];
    popover(element, h("div.card", {}, h("dl.facts", {}, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])), warnings.map((text) => h("p.note.warn", {}, text))), { label: "The connection", width: 340 });
  });
  on("info", draw);
  draw();
  return element;
}

function writeSwitch() {
  const element = h("button.write", { role: "switch" });
  const draw = () => {
    const { may_write, writing } = state.info;
    element.setAttribute("aria-checked", String(writing));
    element.title = may_write ? (writing ? "Writing is on: click to lock" : "Read-only: click to allow writing") : "Read-only: start schema studio with --write to write here";
    element.setAttribute("aria-label", element.title);
    replace(element, icon(writing ? "unlock" : "lock"), h("span", {}, writing ? "Writing" : "Read-only"), may_write && h("span.knob"));
    element.classList.toggle("fixed", !may_write);
    document.documentElement.classList.toggle("writing", writing);
  };
  element.addEventListener("click", () => switchWriting());
  on("info", draw);
  draw();
  return element;
}

export async function switchWriting() {
  const { may_write, writing, superuser, environment, user, database, warnings, viewer } = state.info;
  if (viewer) {
    toast(`You look as ${viewer.role}: be yourself again to write`, "error");
    return;
  }
  if (!may_write) {
    toast("This session is read-only. Start schema studio with --write to write to this database.");
    return;
  }
  if (writing && pending() > 0) {
    toast("Save or discard the staged changes first", "error");
    return;
  }
  if (!writing) {
    const text = [
      `You can then stage edits in the grid and run writing statements in the SQL editor on ${database}. Nothing is written before you save or run it.`,
      superuser ? `${user} is a superuser: PostgreSQL checks no privileges and no row security for it, and a statement can reach files and programs of the server.` : null,
      environment.production ? "This is production." : null,
      ...(superuser ? [] : warnings),
    ];
    if (!(await confirmed("Allow writing?", text.filter(Boolean), "Allow writing", superuser || environment.production))) return;
  }
  try {
    setInfo(await post("write", { on: !writing }));
  } catch (error) {
    failed(error);
  }
}

function banner() {
  const element = h("div.banners", { role: "alert" });
  let away = null;
  let closed = false;
  const draw = () => {
    const lines = [];
    if (closed) lines.push(["bad", "This session is over. Open the address that schema studio printed, or start it again."]);
    else if (away) lines.push(["bad", `${away.message}. Trying again…`]);
    if (state.info.environment.production) lines.push(["production", `Production: ${state.info.database} on ${state.info.host}, as ${state.info.user}`]);
    const { viewer } = state.info;
    replace(
      element,
      lines.map(([kind, text]) => h("div.banner", { class: kind }, icon(kind === "production" ? "lock" : "warning"), text)),
      viewer && h("div.banner.viewer", {}, icon("view"), `Rows are seen as ${viewer.role}`, Object.entries(viewer.settings).map(([name, value]) => h("code", {}, `${name} = ${value}`)), h("button.button", { onclick: beYourself }, "Be yourself again")),
    );
  };
  on("away", (failure) => ((away = failure), draw()));
  on("back", () => ((away = null), draw(), toast("The database is back")));
  on("closed", () => ((closed = true), draw()));
  on("info", draw);
  draw();
  return element;
}

function shortcuts(event) {
  const command = event.metaKey || event.ctrlKey;
  if (command && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
  } else if (event.altKey && !command && /^[1-5]$/.test(event.key)) {
    event.preventDefault();
    location.hash = address(TABS[Number(event.key) - 1][0]);
  } else if (event.key === "/" && !typing(event.target)) {
    event.preventDefault();
    document.querySelector(".sidebar input")?.focus();
  }
}

export const typing = (target) => target.closest?.("input, textarea, select, [contenteditable='true'], .cm-editor") !== null;

