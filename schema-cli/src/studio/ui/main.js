// The page's start: the token is exchanged, the shell stands, and each view is shown when the address asks for it.

import { get, post } from "./api.js";
import { replace } from "./dom.js";
import { current, follow, takeToken } from "./route.js";
import { shell } from "./shell.js";
import { emit, on, relationKey, remembered, setInfo, state } from "./store.js";
import { startTheme } from "./theme.js";
import { blank, failed, waiting } from "./ui.js";
import { pending } from "./edits.js";
import { savebar } from "./savebar.js";

const VIEWS = {
  home: () => import("./home.js"),
  table: () => import("./table.js"),
  sql: () => import("./sql.js"),
  diagram: () => import("./diagram.js"),
  changes: () => import("./changes.js"),
  activity: () => import("./activity.js"),
};

startTheme();
start();

async function start() {
  const app = document.getElementById("app");
  const token = takeToken();
  try {
    setInfo(token ? await post("session", { token }) : await get("info"));
  } catch (error) {
    const closed = error.status === 401;
    replace(
      app,
      closed
        ? blank("lock", "This address has no key", "Open the whole address that schema studio printed in the terminal: it ends with #token=… and is good for one run.")
        : blank("warning", "The database does not answer", error.message, "The page tries again every few seconds."),
    );
    if (!closed) setTimeout(() => location.reload(), 4000);
    return;
  }
  document.title = `${state.info.database} · schema studio`;
  const frame = shell();
  replace(app, frame.element);
  frame.foot.append(savebar());
  router(frame.main);
  loadRelations();
  watch();
}

async function loadRelations() {
  try {
    state.relations = (await get("tables")).relations;
    state.byKey = new Map(state.relations.map((relation) => [relationKey(relation.schema, relation.name), relation]));
    // Without a project nothing is known of any table, and nothing needs to be said of each.
    state.ownershipKnown = state.relations.some((relation) => relation.declared !== null);
    state.loading = false;
    emit("relations", state.relations);
  } catch (error) {
    failed(error);
  }
}
on("reload", loadRelations);
on("forbidden", () => get("info").then(setInfo, () => {}));

function router(main) {
  const made = {};
  let now = null;
  const show = async (route) => {
    const name = VIEWS[route.view] ? route.view : "home";
    if (!made[name]) {
      if (!now) replace(main, waiting("Loading…"));
      const module = await VIEWS[name]();
      made[name] ??= module.view();
    }
    const asked = current();
    if ((VIEWS[asked.view] ? asked.view : "home") !== name) return;
    if (now !== made[name]) {
      now?.leave?.();
      now = made[name];
      replace(main, now.element);
    }
    now.show(asked);
    remembered.set("place", location.hash);
    emit("shown", asked);
  };
  on("route", (route) => show(route).catch(failed));
  follow();
  if (!location.hash) {
    const place = remembered.get("place", "");
    if (place) history.replaceState(null, "", place);
  }
  show(current()).catch(failed);
}

/** A database that went away: a banner, and the same question until it is back. */
function watch() {
  let asking = false;
  on("away", () => {
    if (asking) return;
    asking = true;
    const again = async () => {
      try {
        setInfo(await get("info"));
        asking = false;
        emit("back");
        loadRelations();
      } catch (error) {
        if (error.status !== 401) setTimeout(again, 2000);
      }
    };
    setTimeout(again, 1500);
  });
  addEventListener("beforeunload", (event) => {
    if (pending() === 0) return;
    event.preventDefault();
    event.returnValue = true;
  });
}

