// Rows as another role sees them: its rights, its row security, and the settings that policies ask for.

import { get, post } from "./api.js";
import { h, replace } from "./dom.js";
import { pending } from "./edits.js";
import { emit, remembered, setInfo, state } from "./store.js";
import { dialog, failed, toast } from "./ui.js";

export async function viewAs() {
  if (pending() > 0) {
    toast("Save or discard the staged changes first", "error");
    return;
  }
  let roles;
  try {
    ({ roles } = await get("roles"));
  } catch (error) {
    failed(error);
    return;
  }
  const last = state.info.viewer ?? remembered.get("viewer", { role: roles[0]?.name, settings: {} });
  dialog("See rows as a role", (close) => {
    const select = h("select", { "aria-label": "Role", autofocus: true }, roles.map(({ name, bypasses }) => h("option", { value: name }, bypasses ? `${name} (row security does not apply)` : name)));
    select.value = roles.some(({ name }) => name === last.role) ? last.role : (roles[0]?.name ?? "");
    const text = Object.entries(last.settings).map(([name, value]) => `${name} = ${value}`).join("\n");
    const settings = h("textarea", { rows: 4, "aria-label": "Settings, one a line", placeholder: 'request.jwt.claims = {"sub": "42"}\napp.user_id = 42', spellcheck: "false", value: text });
    const wrong = h("div", { role: "status" });
    const accept = async () => {
      try {
        const wish = { role: select.value, settings: parse(settings.value) };
        become(await post("role", wish));
        remembered.set("viewer", wish);
        close();
      } catch (error) {
        replace(wrong, h("p.note.bad", {}, [error.message, error.next].filter(Boolean).join(" · ")));
      }
    };
    if (!roles.length) return [h("div.body", {}, h("p", {}, `There is no role that ${state.info.user} could look as: it must be a member of it, and superusers are left out, since row security does not apply to them.`)), h("footer", {}, h("button.button", { onclick: close }, "Close"))];
    return [
      h("div.body", {}, h("p", {}, "Rows, counts, exports and the SQL editor then show what this role may see: its rights and its policies. Nothing is written meanwhile."), select, h("p", {}, "What the application sets for its user, where policies ask for it:"), settings, wrong),
      h("footer", {}, h("button.button", { onclick: close }, "Cancel"), h("button.button.primary", { onclick: accept }, "See as this role")),
    ];
  });
}

export async function beYourself() {
  try {
    become(await post("role", { role: null }));
  } catch (error) {
    failed(error);
  }
}

function become(info) {
  setInfo(info);
  emit("viewer");
}

function parse(text) {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = line.match(/^([^=\s]+)\s*=\s*(.*)$/) ?? [];
      if (name === undefined) throw new Error(`“${line}” is not name = value`);
      return [name, value];
    }),
  );
}
