// The SQL editor itself: CodeMirror with PostgreSQL, completion from the catalog, and errors marked where they are.

import {
  autocompletion, bracketMatching, closeBrackets, closeBracketsKeymap, Compartment, completionKeymap, Decoration, defaultKeymap, drawSelection, EditorState, EditorView,
  highlightActiveLine, highlightSpecialChars, HighlightStyle, history, historyKeymap, indentWithTab, keymap, lineNumbers, placeholder, PostgreSQL, Prec, sql, StateEffect, StateField,
  syntaxHighlighting, tags,
} from "./vendor/codemirror.js";
import { get } from "./api.js";
import { statements } from "./sqltext.js";

const setError = StateEffect.define();

/** The place of an error, until the text changes. */
const errors = StateField.define({
  create: () => Decoration.none,
  update(marks, change) {
    if (change.docChanged) marks = Decoration.none;
    for (const effect of change.effects) {
      if (!effect.is(setError)) continue;
      const { at, message } = effect.value ?? {};
      if (at === undefined) marks = Decoration.none;
      else {
        const line = change.state.doc.lineAt(Math.min(at, change.state.doc.length));
        const rest = line.text.slice(at - line.from).match(/^("(?:[^"]|"")*"|[\w$]+|\S)/)?.[0].length ?? 1;
        const from = Math.min(at, Math.max(line.from, line.to - 1));
        const to = Math.min(Math.max(from + rest, from + 1), change.state.doc.length);
        marks = to > from ? Decoration.set([Decoration.line({ class: "cm-error-line" }).range(line.from), Decoration.mark({ class: "cm-error", attributes: { title: message } }).range(from, to)], true) : Decoration.none;
      }
    }
    return marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], class: "tok-keyword" },
  { tag: [tags.string, tags.special(tags.string)], class: "tok-string" },
  { tag: [tags.number, tags.bool, tags.null], class: "tok-number" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], class: "tok-comment" },
  { tag: [tags.typeName, tags.standard(tags.name)], class: "tok-type" },
  { tag: [tags.operator, tags.punctuation], class: "tok-operator" },
]);

const language = new Compartment();
let catalog = null;

function languageWith(found) {
  const schema = found ? found.schemas : {};
  const support = sql({ dialect: PostgreSQL, schema, defaultSchema: "public", upperCaseKeywords: false });
  const functions = (found?.functions ?? []).map((name) => ({ label: name, type: "function", apply: `${name}(`, boost: -99 }));
  const names = PostgreSQL.language.data.of({
    autocomplete: (context) => {
      const word = context.matchBefore(/\w+$/);
      const before = word && context.state.sliceDoc(Math.max(0, word.from - 1), word.from);
      if (!word || before === "." || (!context.explicit && word.to - word.from < 2)) return null;
      return { from: word.from, options: [...columnsNear(found, context), ...functions], validFor: /^\w*$/ };
    },
  });
  return [support, names];
}

/**
 * Typing over a selection, done here: the browser's own way writes inline styles into the text, which the page's policy refuses (with a
 * complaint in the console each time).
 */
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    if (event.inputType !== "insertText" || !event.data || empty || view.composing || view.state.selection.ranges.length > 1) return false;
    event.preventDefault();
    const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    if (!view.state.facet(EditorView.inputHandler).some((handler) => handler(view, from, to, event.data, insert))) view.dispatch(insert());
    return true;
  },
});

/** What an object has under a name itself: `constructor` is the name of a table, too. */
const own = (object, name) => (object && Object.hasOwn(object, name) ? object[name] : undefined);

/** The columns of the tables that the statement at the cursor names. */
function columnsNear(found, context) {
  const text = context.state.doc.toString();
  const here = statements(text).find((one) => context.pos >= one.from && context.pos <= one.to + 1);
  if (!found || !here) return [];
  const tables = new Map();
  for (const [, schema, table] of text.slice(here.from, here.to).matchAll(/\b(?:from|join|update|into|,)\s+(?:only\s+)?(?:"?([\w$]+)"?\.)?"?([\w$]+)"?/gi)) {
    const columns = schema ? own(own(found.schemas, schema), table) : (own(own(found.schemas, "public"), table) ?? own(Object.values(found.schemas).find((tables) => own(tables, table)), table));
    if (columns) tables.set(table, columns);
  }
  return [...tables].flatMap(([table, columns]) => columns.map((name) => ({ label: name, apply: /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`, type: "property", detail: table, boost: 99 })));
}

/** `on`: change(text), run(), runAll(), explain(), save(). */
export function sqlEditor(on) {
  // What could be completed is of no interest any more, and would lie over the result.
  const done = completionKeymap.find((one) => one.key === "Escape").run;
  const keys = [
    { key: "Mod-Enter", run: (view) => (done(view), on.run(), true) },
    { key: "Mod-Shift-Enter", run: (view) => (done(view), on.runAll(), true) },
    { key: "Mod-e", run: (view) => (done(view), on.explain(), true) },
    { key: "Mod-s", run: () => (on.save(), true) },
  ];
  const extensions = [
    lineNumbers(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    EditorState.allowMultipleSelections.of(true),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ icons: false }),
    highlightActiveLine(),
    syntaxHighlighting(colours),
    errors,
    typedOver,
    placeholder("select …"),
    EditorView.contentAttributes.of({ "aria-label": "SQL" }),
    EditorView.updateListener.of((update) => update.docChanged && on.change(update.state.doc.toString())),
    language.of(languageWith(catalog)),
    Prec.highest(keymap.of(keys)),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, indentWithTab]),
  ];
  const fresh = (doc) => EditorState.create({ doc, extensions });
  const view = new EditorView({ state: fresh("") });

  if (!catalog) {
    get("completion").then(
      (found) => {
        catalog = found;
        view.dispatch({ effects: language.reconfigure(languageWith(catalog)) });
      },
      () => {}, // Writing SQL works without completion; the next view asks again.
    );
  }

  return {
    element: view.dom,
    focus: () => view.focus(),
    text: () => view.state.doc.toString(),
    state: () => view.state,
    /** Another tab's state, with its undo and its selection; a text makes a new one. */
    use(state) {
      view.setState(typeof state === "string" ? fresh(state) : state);
      view.dispatch({ effects: language.reconfigure(languageWith(catalog)) });
    },
    replace(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    /** What to run: the selection, or the statement at the cursor. {text, from} */
    wanted() {
      const { from, to, head } = view.state.selection.main;
      const text = view.state.doc.toString();
      if (from !== to && text.slice(from, to).trim()) return { text: text.slice(from, to), from };
      const all = statements(text);
      const at = all.find((one) => head >= one.from && head <= one.to) ?? [...all].reverse().find((one) => one.to <= head) ?? all[0];
      return at ? { text: text.slice(at.from, at.to), from: at.from } : { text: "", from: 0 };
    },
    /** Marks an error: `position` counts characters from 1 in what was run, which began at `from`. */
    mark(position, from, ran, message) {
      if (!position) return;
      // PostgreSQL counts characters, the editor UTF-16 units.
      const at = from + [...ran].slice(0, position - 1).join("").length;
      view.dispatch({ effects: [setError.of({ at, message }), EditorView.scrollIntoView(Math.min(at, view.state.doc.length))] });
    },
    unmark: () => view.dispatch({ effects: setError.of(null) }),
  };
}
