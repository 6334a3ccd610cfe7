// Light, dark, or what the system says.

const KEY = "schema-studio:theme";
const ORDER = ["auto", "light", "dark"];

export const theme = () => document.documentElement.dataset.theme ?? "auto";

export function startTheme() {
  try {
    apply(localStorage.getItem(KEY) ?? "auto");
  } catch {
    apply("auto");
  }
}

export function nextTheme() {
  const next = ORDER[(ORDER.indexOf(theme()) + 1) % ORDER.length];
  apply(next);
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  return next;
}

function apply(name) {
  if (name === "light" || name === "dark") document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
}
