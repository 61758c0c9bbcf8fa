// The editor of a cell: CodeMirror with the colours of the page.
import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { csharp } from "@codemirror/legacy-modes/mode/clike";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { highlightTree, tagHighlighter, tags } from "@lezer/highlight";

// A capital letter begins a type, and after a point a member, which before a bracket is a method.
const language = StreamLanguage.define({
  ...csharp,
  token(stream, state) {
    const style = csharp.token(stream, state);
    if (style !== "variable") return style;
    if (stream.match(/^(<[\w<>, ]*>)?\(/, false)) return stream.string[stream.start - 1] === "." ? "variableName.function" : style;
    return /^[A-Z]/.test(stream.current()) && stream.string[stream.start - 1] !== "." ? "typeName" : style;
  },
});
const colours = tagHighlighter([
  { tag: [tags.keyword, tags.bool, tags.null, tags.operatorKeyword, tags.modifier], class: "c-keyword" },
  { tag: [tags.string, tags.character, tags.special(tags.string)], class: "c-string" },
  { tag: tags.comment, class: "c-comment" },
  { tag: [tags.typeName, tags.className, tags.standard(tags.typeName)], class: "c-type" },
  { tag: tags.function(tags.variableName), class: "c-method" },
  { tag: tags.number, class: "c-number" },
]);
const look = EditorView.theme({
  "&": { backgroundColor: "var(--raised)", color: "var(--text)", borderRadius: "0.4rem", fontSize: "0.82rem", zIndex: "3" },
  // Above the numbers of the lines, which lie above the code.
  "&.cm-focused": { outline: "none" },
  "&.cm-focused::after": { content: '""', position: "absolute", inset: "0", zIndex: "300", border: "3px solid var(--accent)", borderRadius: "inherit", pointerEvents: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", padding: "0.9rem 0" },
  ".cm-content": { padding: "0", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 1.1rem 0 0.5rem" },
  ".cm-gutters": { backgroundColor: "var(--raised)", border: "0", color: "var(--quiet)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "1.8rem", padding: "0 0.3rem 0 0.4rem" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--tint)", outline: "1px solid var(--accent)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--text)", border: "1px solid var(--line)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--tint)", color: "var(--text)" },
});

/** Opens an editor in a place. */
window.openEditor = (place, { code, label, changed, run, leave, complete }) => {
  const press = (act) => () => (act(), true);
  const go = press(() => (closeCompletion(view), run()));
  const view = new EditorView({
    parent: place,
    state: EditorState.create({
      doc: code,
      extensions: [
        language,
        syntaxHighlighting(colours),
        look,
        lineNumbers(),
        history(),
        bracketMatching(),
        closeBrackets(),
        indentOnInput(),
        indentUnit.of("    "),
        EditorState.tabSize.of(4),
        autocompletion({ override: [asked] }),
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: go }, { key: "Ctrl-Enter", run: go }])),
        keymap.of([...closeBracketsKeymap, ...completionKeymap, { key: "Escape", run: press(leave) }, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.contentAttributes.of({ "aria-label": label, "aria-description": "Ctrl+Enter runs, Escape leaves the editor." }),
        EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
      ],
    }),
  });
  async function asked(context) {
    if (!context.explicit && !context.matchBefore(/[\w.]$/)) return null;
    const found = await complete(context.state.doc.toString(), context.pos);
    if (!found || context.aborted) return null;
    const options = found.items.map(({ text, kind }) => ({ label: text, type: kind }));
    return { from: found.start, to: found.end, options, validFor: /^\w*$/ };
  }
  return {
    focus: () => view.focus(),
    hasFocus: () => view.hasFocus,
    show: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    close: () => view.destroy(),
  };
};

/** Shows code in an element in the colours of the editor. */
window.colourCode = (element, code) => {
  element.textContent = "";
  let at = 0;
  highlightTree(language.parser.parse(code), colours, (from, to, style) => {
    element.append(code.slice(at, from));
    const part = document.createElement("span");
    part.className = style;
    part.textContent = code.slice(from, to);
    element.append(part);
    at = to;
  });
  element.append(code.slice(at));
};
