// Lays the diagram out, in a worker: groups of connected tables by dagre, packed beside each other; large groups first fall into neighbourhoods.

import { Graph, layout } from "./vendor/dagre.js";

const GAP = 48;
// A group of more tables than LARGE is split into neighbourhoods of at most NEAR tables: as one layered drawing nobody could read it.
const LARGE = 60;
const NEAR = 28;
const PAD = 20;
const TITLE = 56;

onmessage = ({ data: { id, nodes, edges, ratio } }) => {
  postMessage({ id, ...arrange(nodes, edges, ratio) });
};

/** `nodes`: [{width, height}], `edges`: [{from, to}] by index. Gives the places of nodes, the bends of edges, the size of all. */
function arrange(nodes, edges, ratio) {
  const groups = connected(nodes.length, edges);
  const blocks = groups.filter((group) => group.length > 1).flatMap((group) => (group.length > LARGE ? neighbourhoods(group, edges).map((near) => framed(block(near, nodes, edges))) : [block(group, nodes, edges)]));
  const alone = groups.filter((group) => group.length === 1).map(([at]) => at);
  if (alone.length) blocks.push(shelf(alone, nodes, ratio, Math.max(0, ...blocks.map((one) => one.width))));
  // What is connected comes first, tall before low, and what stands alone after it.
  blocks.sort((a, b) => (a.alone ?? 0) - (b.alone ?? 0) || b.height - a.height);
  return pack(blocks, nodes, edges, ratio);
}

function connected(size, edges) {
  const parent = Array.from({ length: size }, (_, at) => at);
  const root = (at) => {
    while (parent[at] !== at) at = parent[at] = parent[parent[at]];
    return at;
  };
  for (const { from, to } of edges) parent[root(from)] = root(to);
  const groups = new Map();
  for (let at = 0; at < size; at += 1) {
    const name = root(at);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(at);
  }
  return [...groups.values()];
}

/** Tables that belong together: joined along their references, those between tables with few references first, while there is room. */
function neighbourhoods(group, edges) {
  const inside = new Set(group);
  const own = edges.filter(({ from, to }) => from !== to && inside.has(from));
  const degree = new Map(group.map((at) => [at, 0]));
  for (const { from, to } of own) {
    degree.set(from, degree.get(from) + 1);
    degree.set(to, degree.get(to) + 1);
  }
  const joined = new Map(group.map((at) => [at, [at]]));
  const weight = ({ from, to }) => degree.get(from) * degree.get(to);
  for (const { from, to } of own.sort((a, b) => weight(a) - weight(b))) {
    const [a, b] = [joined.get(from), joined.get(to)];
    if (a === b || a.length + b.length > NEAR) continue;
    const [large, small] = a.length >= b.length ? [a, b] : [b, a];
    for (const at of small) {
      large.push(at);
      joined.set(at, large);
    }
  }
  return [...new Set(joined.values())];
}

/** A block with a ground around it. */
function framed(one) {
  const shift = ({ x, y, ...rest }) => ({ ...rest, x: x + PAD, y: y + PAD });
  return { places: one.places.map(shift), bends: one.bends.map((bend) => ({ ...bend, points: bend.points.map(shift) })), width: one.width + 2 * PAD, height: one.height + 2 * PAD, framed: true };
}

function block(group, nodes, edges) {
  const inside = new Set(group);
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 26, ranksep: 80, edgesep: 10, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const at of group) graph.setNode(String(at), { width: nodes[at].width, height: nodes[at].height });
  edges.forEach(({ from, to }, index) => {
    // A table that refers to itself needs no room between ranks: its loop is drawn at its side.
    if (inside.has(from) && inside.has(to) && from !== to) graph.setEdge(String(from), String(to), {}, String(index));
  });
  layout(graph);
  const places = group.map((at) => {
    const { x, y } = graph.node(String(at));
    return { at, x: x - nodes[at].width / 2, y: y - nodes[at].height / 2 };
  });
  const bends = graph.edges().map((edge) => ({ at: Number(edge.name), points: graph.edge(edge).points.slice(1, -1) }));
  return { places, bends, width: graph.graph().width, height: graph.graph().height };
}

/** Tables without any reference, in rows. */
function shelf(group, nodes, ratio, least) {
  const area = group.reduce((sum, at) => sum + (nodes[at].width + 24) * (nodes[at].height + 24), 0);
  const wide = Math.max(least, ...group.map((at) => nodes[at].width), Math.sqrt(area * ratio));
  const places = [];
  let [x, y, tall, width] = [0, 0, 0, 0];
  for (const at of [...group].sort((a, b) => nodes[b].height - nodes[a].height)) {
    if (x > 0 && x + nodes[at].width > wide) {
      x = 0;
      y += tall + 24;
      tall = 0;
    }
    places.push({ at, x, y });
    x += nodes[at].width + 24;
    width = Math.max(width, x - 24);
    tall = Math.max(tall, nodes[at].height);
  }
  return { places, bends: [], width, height: y + tall, alone: 1 };
}

function pack(blocks, nodes, edges, ratio) {
  const area = blocks.reduce((sum, one) => sum + (one.width + GAP) * (one.height + GAP), 0);
  const wide = Math.max(...blocks.map((one) => one.width), Math.sqrt(area * ratio));
  const places = new Array(nodes.length);
  const bends = edges.map(() => []);
  const frames = [];
  const above = blocks.some((one) => one.framed) ? TITLE : 0;
  let [x, y, tall, width] = [0, above, 0, 0];
  for (const one of blocks) {
    if (x > 0 && x + one.width > wide) {
      x = 0;
      y += tall + GAP + above / 2;
      tall = 0;
    }
    for (const place of one.places) places[place.at] = { x: place.x + x, y: place.y + y };
    for (const bend of one.bends) bends[bend.at] = bend.points.map((point) => ({ x: point.x + x, y: point.y + y }));
    if (one.framed) frames.push({ x, y, width: one.width, height: one.height });
    x += one.width + GAP;
    width = Math.max(width, x - GAP);
    tall = Math.max(tall, one.height);
  }
  return { places, bends, frames, width, height: y + tall };
}
