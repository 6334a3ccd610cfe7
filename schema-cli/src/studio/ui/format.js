// Numbers, sizes, times and names as people read them.

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const plain = new Intl.NumberFormat("en");

export const count = (n) => (n === null || n === undefined || n < 0 ? "" : plain.format(n));
export const about = (n) => (n === null || n === undefined || n < 0 ? "" : compact.format(n).replace("K", "k"));

export function bytes(n) {
  if (n === null || n === undefined) return "";
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) {
    n /= 1024;
    unit += 1;
  }
  return `${unit && n < 10 ? n.toFixed(1) : Math.round(n)} ${units[unit]}`;
}

export function milliseconds(n) {
  if (n === null || n === undefined) return "";
  if (n < 1) return "<1 ms";
  if (n < 1000) return `${n < 10 ? n.toFixed(1) : Math.round(n)} ms`;
  return n < 60_000 ? `${(n / 1000).toFixed(1)} s` : seconds(n / 1000);
}

export function seconds(n) {
  if (n === null || n === undefined) return "";
  if (n < 60) return `${Math.round(n)} s`;
  if (n < 3600) return `${Math.floor(n / 60)} min`;
  return n < 86_400 ? `${(n / 3600).toFixed(1)} h` : `${Math.floor(n / 86_400)} d`;
}

export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** A name as SQL writes it: quoted when it must be. */
export const quoted = (name) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

export const literal = (value) => (value === null ? "NULL" : `'${String(value).replaceAll("'", "''")}'`);
