// The bar that shows staged edits: review as SQL, undo, save all in one transaction.

import { post } from "./api.js";
import { changedRelations, discard, payload, pending, refuse, settled, stage, undo } from "./edits.js";
import { h, replace } from "./dom.js";
import { plural } from "./format.js";
import { icon } from "./icons.js";
import { addActions } from "./palette.js";
import { sqlText } from "./sqltext.js";
import { COMMAND, typing } from "./shell.js";
import { canWrite, emit, on } from "./store.js";
import { confirmed, copy, dialog, failed, toast } from "./ui.js";

let saving = false;
/** Stages the way back of what was saved last. */
let takeBack = null;

export function savebar() {
  addActions(() => (takeBack && canWrite() && pending() === 0 ? [{ label: "Take back what was saved last", icon: "undo", run: takeBack }] : []));
  // Made once: a click that ends a cell's edit changes the numbers here, and must still find its button.
  const changes = h("strong", { "aria-live": "polite" });
  const tables = h("span.dim");
  const label = h("span");
  const saver = h("button.button.primary", { onclick: save }, label, h("kbd", {}, `${COMMAND}S`));
  const element = h(
    "div.savebar",
    { role: "region", "aria-label": "Staged changes", hidden: true },
    h("span.dot"),
    changes,
    tables,
    h("span.grow"),
    h("button.button.quiet", { onclick: undo, title: `${COMMAND}Z` }, icon("undo"), "Undo"),
    h("button.button.quiet", { onclick: drop }, "Discard"),
    h("button.button", { onclick: review }, icon("code"), "Review SQL"),
    saver,
  );
  const draw = () => {
    element.hidden = pending() === 0;
    const many = changedRelations();
    replace(changes, plural(pending(), "staged change"));
    replace(tables, many > 1 ? `in ${many} tables · saved in one transaction` : "saved in one transaction");
    replace(label, saving ? "Saving…" : "Save");
    saver.disabled = saving || !canWrite();
  };
  on("edits", draw);
  on("info", draw);
  on("saving", draw);
  addEventListener("keydown", (event) => {
    if (!(event.metaKey || event.ctrlKey) || event.altKey) return;
    if (event.key === "s" && !event.target.closest?.(".cm-editor")) {
      event.preventDefault();
      if (pending()) save();
    } else if (event.key === "z" && pending() && !typing(event.target)) {
      event.preventDefault();
      undo();
    }
  });
  return element;
}

async function drop() {
  if (await confirmed("Discard the staged changes?", `${plural(pending(), "change")} will not be saved.`, "Discard", true)) discard();
}

async function review() {
  try {
    const { statements } = await post("edits", { edits: payload(), preview: true });
    const text = `BEGIN;\n${statements.map((one) => `${one.replace(/;\s*$/, "")};`).join("\n")}\nCOMMIT;`;
    dialog(
      "What saving will run",
      (close) => [
        h("div.body", {}, h("p", {}, "Values are bound, not pasted; they are shown here to be read. A row that somebody changed meanwhile stops the whole transaction."), h("pre.note.sql", { tabIndex: 0 }, sqlText(text))),
        h(
          "footer",
          {},
          h("button.button.quiet", { onclick: () => copy(text, "SQL copied") }, icon("copy"), "Copy"),
          h("span.grow"),
          h("button.button", { onclick: close }, "Close"),
          h("button.button.primary", { autofocus: true, disabled: !canWrite(), onclick: () => (close(), save()) }, "Save"),
        ),
      ],
      { wide: true },
    );
  } catch (error) {
    failed(error);
  }
}

export async function save() {
  if (saving) return;
  document.activeElement?.closest?.(".cell-editor") && document.activeElement.blur();
  saving = true;
  emit("saving");
  try {
    const { saved, back } = await post("edits", { edits: payload(), preview: false });
    settled();
    emit("saved");
    takeBack = back ? () => pending() === 0 && stage(back) : null;
    toast(`${plural(saved, "change")} saved`, "info", takeBack && { label: "Take back", run: takeBack });
  } catch (error) {
    if (error.errors) {
      refuse(error.errors);
      emit("refused");
      // The whole message is on the cell; PostgreSQL's repeats the row, which the grid shows.
      const [first = "a change was refused"] = (error.errors[0]?.message ?? "").split(/: Failing row contains|\n/);
      toast(`Nothing was saved: ${first.length > 180 ? `${first.slice(0, 180)}…` : first}`, "error");
    } else {
      failed(error);
    }
  } finally {
    saving = false;
    emit("saving");
  }
}
