#!/usr/bin/env bash
# Builds the libraries that the studio's page uses into schema-cli/src/studio/ui/vendor/: an editor and a graph layout, nothing else.
#
#   scripts/studio_vendor.sh     needs Node and npm, and the network; `cargo build` needs neither, since what this makes is committed
#
# Versions are pinned here. The page's own files are served as they are.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$PWD/schema-cli/src/studio/ui/vendor
folder=$(mktemp -d "${TMPDIR:-/tmp}/schema-vendor.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >package.json <<'JSON'
{
  "private": true,
  "type": "module",
  "dependencies": {
    "@codemirror/autocomplete": "6.20.4",
    "@codemirror/commands": "6.11.1",
    "@codemirror/lang-sql": "6.10.0",
    "@codemirror/language": "6.13.1",
    "@codemirror/state": "6.7.6",
    "@codemirror/view": "6.43.15",
    "@dagrejs/dagre": "3.1.3",
    "@lezer/highlight": "1.2.5",
    "esbuild": "0.28.2"
  }
}
JSON
npm install --silent --no-audit --no-fund

# The page's policy allows no <style> elements. CodeMirror's style sheets are adopted (which needs no permission) only inside of a shadow root; the
# document itself can adopt them just as well.
mod=node_modules/style-mod/src/style-mod.js
grep -qF '!root.head && root.adoptedStyleSheets' "$mod" || { echo "style-mod has changed: look at how it mounts style sheets" >&2; exit 1; }
sed -i 's/!root\.head && root\.adoptedStyleSheets/root.adoptedStyleSheets/' "$mod"

cat >codemirror.js <<'JS'
export { EditorState, StateEffect, StateField, Compartment, Prec } from "@codemirror/state";
export { EditorView, Decoration, keymap, lineNumbers, drawSelection, highlightActiveLine, highlightSpecialChars, placeholder } from "@codemirror/view";
export { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
export { sql, PostgreSQL } from "@codemirror/lang-sql";
export { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
export { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
export { tags } from "@lezer/highlight";
JS
cat >dagre.js <<'JS'
export { Graph, layout } from "@dagrejs/dagre";
JS

bundle() { # NAME, TITLE
    npx esbuild "$1.js" --bundle --minify --format=esm --target=es2022 --legal-comments=none --log-level=warning \
        --banner:js="// $2; built by scripts/studio_vendor.sh, licences in LICENSES.txt" --outfile="$out/$1.js" --metafile="$1.meta.json"
}
mkdir -p "$out"
bundle codemirror "CodeMirror 6 with PostgreSQL"
bundle dagre "dagre: layered graph layout"

# Whatever went into a bundle, with its version and licence.
node >"$out/LICENSES.txt" <<'JS'
const { readFileSync, readdirSync } = require("node:fs");
const names = new Set();
for (const bundle of ["codemirror", "dagre"]) {
  for (const input of Object.keys(JSON.parse(readFileSync(`${bundle}.meta.json`)).inputs)) {
    const found = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
    if (found) names.add(found[1]);
  }
}
console.log("What the files in this folder are made of.");
for (const name of [...names].sort()) {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`));
  const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  console.log(`\n${"=".repeat(80)}\n${name} ${version} (${license})\n\n${file ? readFileSync(`${folder}/${file}`, "utf8").trim() : ""}`);
}
JS
for file in "$out"/*.js; do
    echo "$(basename "$file"): $(wc -c <"$file") bytes, $(gzip -9c "$file" | wc -c) gzipped"
done
