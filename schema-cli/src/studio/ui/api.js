// Talking to the server: one function per way of asking, errors as objects, and a watch for a database that went away.

import { emit } from "./store.js";

export class Failure extends Error {
  constructor(status, body) {
    const error = body?.error ?? {};
    super(error.message ?? (body?.errors ? "nothing was saved" : `the server answered ${status}`));
    this.status = status;
    Object.assign(this, { code: error.code, position: error.position, line: error.line, hint: error.hint, detail: error.detail, next: error.next });
    this.errors = body?.errors ?? null;
  }
}

export const get = (path, params) => ask("GET", params ? `${path}?${new URLSearchParams(params)}` : path);
export const post = (path, body, signal) => ask("POST", path, body, signal);

async function ask(method, path, body, signal) {
  const answer = await send(method, path, body, signal);
  const text = await answer.text();
  let value = {};
  try {
    value = text ? JSON.parse(text) : {};
  } catch {
    if (answer.ok) throw new Failure(answer.status, { error: { message: "the server's answer is not JSON" } });
  }
  if (answer.ok) {
    emit("reachable", true);
    return value;
  }
  const failure = new Failure(answer.status, value);
  if (answer.status === 502) emit("away", failure);
  if (answer.status === 401) emit("closed", failure);
  // Another tab may have turned writing off.
  if (answer.status === 403) emit("forbidden", failure);
  throw failure;
}

/** A file, as the server streams it. */
export async function download(path, body, name) {
  const answer = await send("POST", path, body);
  if (!answer.ok) throw new Failure(answer.status, await answer.json().catch(() => null));
  const address = URL.createObjectURL(await answer.blob());
  saveAs(address, named(answer.headers.get("Content-Disposition")) ?? name);
}

export function saveAs(address, name) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

const named = (disposition) => disposition?.match(/filename="([^"]+)"/)?.[1];

async function send(method, path, body, signal) {
  const headers = { "X-Schema-Studio": "1" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(`/api/${path}`, { method, headers, signal, credentials: "same-origin", body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    const failure = new Failure(0, { error: { message: "the studio does not answer: was it stopped?" } });
    emit("away", failure);
    throw failure;
  }
}
