// A plan as a tree: each node's own share of the time or the cost as a bar, what was expected beside what came.

import { h, replace } from "./dom.js";
import { count, milliseconds } from "./format.js";
import { icon } from "./icons.js";
import { copy } from "./ui.js";

const HIDDEN = new Set(["Plans", "Node Type", "Parent Relationship", "Startup Cost", "Total Cost", "Plan Rows", "Plan Width", "Actual Startup Time", "Actual Total Time", "Actual Rows", "Actual Loops", "Relation Name", "Schema", "Alias", "Index Name", "Join Type", "Parallel Aware", "Async Capable", "Strategy", "Operation", "Scan Direction", "Inner Unique", "Single Copy", "Workers"]);

export function explainView(answer, sql) {
  const [whole] = answer.plan;
  const root = whole.Plan;
  const analyzed = root["Actual Total Time"] !== undefined;
  const nodes = [];
  walk(root, 0, nodes, analyzed, 1);
  const all = Math.max(...nodes.map((node) => node.own), 1e-9);
  const details = h("div.plan-details");
  const rows = nodes.map((node) => row(node, all, analyzed, choose));
  function choose(node) {
    rows.forEach((element, at) => element.setAttribute("aria-selected", String(nodes[at] === node)));
    replace(details, facts(node, analyzed));
  }
  choose(nodes.reduce((most, node) => (node.own > most.own ? node : most), nodes[0]));
  const tree = h("div.plan-tree", { role: "tree", "aria-label": "Plan", tabIndex: 0 }, h("div.plan-head", {}, h("span.grow", {}, "Node"), h("span.plan-rows", {}, analyzed ? "Rows (expected)" : "Rows"), h("span.plan-bar", {}, analyzed ? "Time of its own" : "Cost of its own")), rows);
  tree.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = rows.findIndex((element) => element.getAttribute("aria-selected") === "true");
    choose(nodes[Math.max(0, Math.min(nodes.length - 1, at + step))]);
  });
  return h(
    "div.results",
    {},
    h(
      "div.plan-summary",
      {},
      analyzed ? h("strong", {}, milliseconds(whole["Execution Time"] ?? root["Actual Total Time"])) : h("strong", {}, `cost ${count(Math.round(root["Total Cost"]))}`),
      whole["Planning Time"] !== undefined && h("span.dim", {}, `planning ${milliseconds(whole["Planning Time"])}`),
      h("span.dim.clip.grow.mono", { title: sql }, sql.replace(/\s+/g, " ")),
      h("button.button.quiet", { onclick: () => copy(JSON.stringify(answer.plan, null, 2), "Plan copied") }, icon("copy"), "JSON"),
    ),
    h("div.plan", {}, tree, details),
  );
}

/** `share`: how many processes run this part side by side; their loops do not add up to time that passed. */
function walk(plan, depth, nodes, analyzed, share) {
  const loops = plan["Actual Loops"] ?? 1;
  const children = plan.Plans ?? [];
  const passed = (node, beside) => (analyzed ? ((node["Actual Total Time"] ?? 0) * (node["Actual Loops"] ?? 1)) / Math.min(beside, Math.max(1, node["Actual Loops"] ?? 1)) : node["Total Cost"]);
  const below = plan["Workers Launched"] !== undefined ? plan["Workers Launched"] + 1 : share;
  const total = passed(plan, share);
  const inside = children.reduce((sum, child) => sum + passed(child, below), 0);
  nodes.push({ plan, depth, total, own: Math.max(0, total - inside), loops });
  for (const child of children) walk(child, depth + 1, nodes, analyzed, below);
}

function row(node, all, analyzed, choose) {
  const { plan } = node;
  const share = node.own / all;
  const expected = plan["Plan Rows"] * (analyzed ? node.loops : 1);
  const came = analyzed ? (plan["Actual Rows"] ?? 0) * node.loops : null;
  const off = came === null ? 1 : Math.max((came + 1) / (expected + 1), (expected + 1) / (came + 1));
  const element = h(
    "div.plan-row",
    { role: "treeitem", "aria-level": node.depth + 1, onclick: () => choose(node), class: analyzed && plan["Actual Loops"] === 0 ? "never" : "" },
    h("span.plan-name.grow.clip", { style: { paddingLeft: `${node.depth * 18}px` } }, node.depth > 0 && h("span.elbow", { "aria-hidden": "true" }, "└ "), h("b", {}, title(plan)), h("span.dim", {}, subject(plan))),
    h("span.plan-rows.num", {}, came !== null ? [count(Math.round(came)), h("span", { class: off > 10 ? "off" : "dim", title: off > 10 ? `The estimate is off ${count(Math.round(off))} times` : "" }, ` (${count(Math.round(expected))})`)] : count(expected)),
    h("span.plan-bar", {}, h("span.track", {}, h("span.bar", { class: share > 0.6 ? "hot" : "", style: { width: `${Math.max(1, share * 100)}%` } })), h("span.num", {}, analyzed ? milliseconds(node.own) : count(Math.round(node.own)))),
  );
  return element;
}

const title = (plan) => [plan.Operation, plan["Join Type"] && plan["Join Type"] !== "Inner" ? plan["Join Type"] : null, plan["Parallel Aware"] ? "Parallel" : null, plan["Node Type"]].filter(Boolean).join(" ");

function subject(plan) {
  const relation = plan["Relation Name"] ? `${plan["Relation Name"]}${plan.Alias && plan.Alias !== plan["Relation Name"] ? ` ${plan.Alias}` : ""}` : null;
  const text = [plan["Index Name"], relation].filter(Boolean).join(" on ");
  return text ? `  ${text}` : "";
}

function facts({ plan, own, total, loops }, analyzed) {
  const rows = [
    ["Cost", `${plan["Startup Cost"]} … ${plan["Total Cost"]}`],
    analyzed && ["Time", `${milliseconds(total)} (its own ${milliseconds(own)})`],
    ["Rows expected", count(plan["Plan Rows"])],
    analyzed && ["Rows", `${count(plan["Actual Rows"])}${loops > 1 ? ` × ${count(loops)} loops` : ""}`],
    ...Object.entries(plan)
      .filter(([name, value]) => !HIDDEN.has(name) && value !== 0 && value !== false)
      .map(([name, value]) => [name, Array.isArray(value) || typeof value === "object" ? (Array.isArray(value) && value.every((one) => typeof one === "string") ? value.join(", ") : JSON.stringify(value)) : typeof value === "number" ? count(value) : String(value)]),
  ].filter(Boolean);
  return [h("h3", {}, title(plan)), h("dl.facts", {}, rows.map(([name, value]) => [h("dt", {}, name), h("dd.num", {}, value)]))];
}
