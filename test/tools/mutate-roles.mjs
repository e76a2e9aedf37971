// Measures what the rules on roles and annotations miss: plants one slip each in callbacks of real sources and looks for a new finding at
// the function's name. Nothing is written: the slips are overlays over the files on disk. Where a slip can go is read from the text alone,
// so that what drvlint does not understand counts as missed.
//   node test/tools/mutate-roles.mjs <folder>... [--count 100] [--seed 1] [--language c|cpp] [--show]
// Left out, since nothing would be wrong or the rules do not speak there: user-mode projects, functions declared twice, declarations
// through a function type of the project's own that has no function class, classes that the kit has only as a pointer type (there is
// nothing to declare a function with), swapped parameters whose types are the same (HANDLE, PVOID, void *).
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { analyse, Configurations } from '@drvlint/project';
import { rules } from '@drvlint/rules';
import { role } from '@drvlint/wdk';
import { random } from '../fuzz/random.mjs';

const SOURCE = /\.(?:c|cc|cpp|cxx|h|hpp|hxx)$/i;
const families = new Set(['roles', 'annotations']);
const checked = rules.filter((rule) => families.has(rule.meta.family));

/** Blanks comments, strings and preprocessor lines; offsets stay. */
function bare(text) {
  const blank = (found) => found.replace(/[^\n]/g, ' ');
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'/g, blank).replace(/^[ \t]*#(?:[^\n\\]|\\[\s\S])*/gm, blank);
}

function closing(text, open) {
  for (let at = open, depth = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return -1;
}

/** Texts of a folder's sources, generated and undecodable ones left out. */
function readFolder(folder) {
  const files = new Map();
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !SOURCE.test(entry.name)) continue;
    const file = path.join(entry.parentPath, entry.name);
    const text = fs.readFileSync(file, 'utf8');
    if (/[\0\uFFFD]/.test(text) || /generated/i.test(text.slice(0, 1500))) continue;
    const plain = bare(text);
    files.set(file, { text, bare: plain, words: new Set(plain.match(/\b[A-Za-z_]\w*/g)) });
  }
  return files;
}

/** Files that have the word. */
function* having(word, files) {
  for (const entry of files) if (entry[1].words.has(word)) yield entry;
}

/** Project files below the folder: the sources each lists, and whether it makes something for user mode. */
function readProjects(folder) {
  const found = [];
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.vcxproj$/i.test(entry.name)) continue;
    const text = fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8');
    const sources = [...text.matchAll(/<Cl(?:Compile|Include)\s+Include="([^"]+)"/g)]
      .flatMap((m) => m[1].split(';').map((one) => path.resolve(entry.parentPath, one.trim().replaceAll('\\', '/'))));
    const isUser = /<DriverType>\s*UMDF|WindowsUserModeDriver|WindowsApplicationForDrivers|<ConfigurationType>\s*(?:Application|DynamicLibrary)/.test(text)
      && !/<DriverType>\s*(?:KMDF|WDM)|WindowsKernelModeDriver/.test(text);
    found.push({ sources: new Set(sources), isUser });
  }
  return found;
}

/** Every project file that lists the source is for user mode; of one that is in none, its own includes say so. */
function isUserMode(file, files, projects) {
  const listed = projects.filter((p) => p.sources.has(file));
  if (listed.length > 0) return listed.every((p) => p.isUser);
  return /#\s*include\s*<(?:windows|wudfddi|atlbase)\.h>/i.test(files.get(file).text);
}

/** Functions with a body, by name: where the name stands, its parameters and where its head begins. */
function definitions(files) {
  const found = new Map();
  for (const [file, { bare: text }] of files) {
    for (const m of text.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)) {
      const open = m.index + m[0].length - 1;
      const close = closing(text, open);
      if (close < 0 || !/^\s*\{/.test(text.slice(close + 1, close + 400)) || /^(?:if|for|while|switch|__except|catch)$/.test(m[1])) continue;
      const head = Math.max(text.lastIndexOf(';', m.index), text.lastIndexOf('}', m.index), text.lastIndexOf('{', m.index)) + 1;
      if (/[=(,]\s*$/.test(text.slice(head, m.index)) || !/\w\s*[*&\s]*(?:\w+\s*::\s*)*$/.test(text.slice(head, m.index)) || /^\s*$/.test(text.slice(head, m.index))) continue;
      const list = found.get(m[1]) ?? [];
      list.push({ name: m[1], file, at: m.index, open, close, head });
      found.set(m[1], list);
    }
  }
  return found;
}

const folderOf = (file) => path.dirname(file);
const near = (a, b) => folderOf(a).startsWith(path.dirname(folderOf(b))) || folderOf(b).startsWith(path.dirname(folderOf(a)));

/** Uses of a name as a value, anywhere near: what makes a function a callback. */
function isGivenAway(name, file, files) {
  const value = new RegExp(`\\b${name}\\b(?!\\s*[(;\\w])`);
  for (const [other, { bare: text }] of having(name, files)) if (near(file, other) && value.test(text)) return true;
  return /^DriverEntry/.test(name);
}

/** The head of a definition names a function class itself. */
function namesClass({ file, head, at }, files) {
  return /\b(?:_Function_class_|__drv_functionClass)\b/.test(files.get(file).bare.slice(head, at));
}

/** A structure or enumeration of the sources has that name: `TYPE Name;` is then a variable. */
function isDataType(type, files) {
  const shape = new RegExp(`\\}\\s*(?:\\*?\\w+\\s*,\\s*)*${type}\\b|\\b(?:struct|class|union|enum)\\s+_?${type}\\b`);
  return [...having(type, files), ...having(`_${type}`, files)].some(([, { bare: text }]) => shape.test(text));
}

/** An earlier declaration has annotations, so that `_Use_decl_annotations_` takes something over. */
function hasAnnotatedDeclaration(name, target, files) {
  const declared = new RegExp(`^([^;{}]*)\\b${name}\\s*(\\([^;{}]*\\)[^;{}]*)?;`, 'gm');
  for (const [file, { bare: text }] of having(name, files)) {
    if (!near(file, target.file)) continue;
    for (const m of text.matchAll(declared)) if (m.index !== target.head && (m[2] === undefined ? /\b[A-Z]\w*\s+$/.test(m[1]) : /\b_[A-Z]\w*_\b/.test(m[0]))) return true;
  }
  return false;
}

/** The sources make the function type themselves and give it no function class: nothing asks for a declaration through it. */
function isPlainType(type, files) {
  const made = new RegExp(`\\btypedef\\b([^;{}]*?)\\b${type}\\s*\\(`);
  const heads = [...having(type, files)].map(([, { bare: text }]) => made.exec(text)?.[1]).filter((head) => head !== undefined);
  return heads.length > 0 && !heads.some((head) => /\b(?:_Function_class_|__drv_functionClass)\b/.test(head));
}

/** Every place a slip can go: `{ kind, edits: [{ file, start, end, text }], target }`. */
function slips(files) {
  const bodies = definitions(files);
  const found = [];
  const declared = new Map();
  for (const [file, { bare: text }] of files) {
    for (const m of text.matchAll(/^[ \t]*((?:(?:static|extern|virtual)\s+)*)([A-Z][A-Z0-9]*_[A-Z0-9_]+)[ \t]+([A-Za-z_]\w*)[ \t]*;/gm)) {
      const list = declared.get(m[3]) ?? [];
      list.push({ file, start: m.index, end: m.index + m[0].length, role: m[2] });
      declared.set(m[3], list);
    }
  }
  const isVariableType = variableTypes(declared, bodies);
  for (const [name, list] of declared) {
    for (const one of list) {
      if (isVariableType(one.role)) continue;
      const mine = (bodies.get(name) ?? []).filter((d) => near(d.file, one.file));
      if (mine.length !== 1 || list.filter((o) => near(o.file, one.file)).length !== 1 || namesClass(mine[0], files) || isDataType(one.role, files) || !isGivenAway(name, mine[0].file, files)) continue;
      if (!isPlainType(one.role, files)) found.push({ kind: 'declaration', name, role: one.role, target: mine[0], edits: [{ ...one, text: '' }] });
      signatureSlips(name, one.role, mine[0], files, found);
    }
  }
  for (const [file, { bare: text }] of files) annotationSlips(file, text, bodies, files, found);
  return found;
}

/** Types of which most names that are declared through them have no body: `LIST_ENTRY Head;` is a variable, whatever else has that name. */
function variableTypes(declared, bodies) {
  const count = new Map();
  for (const [name, list] of declared) {
    for (const { role: type } of list) {
      const one = count.get(type) ?? { all: 0, defined: 0 };
      one.all++;
      if (bodies.has(name)) one.defined++;
      count.set(type, one);
    }
  }
  return (type) => count.get(type).defined * 2 < count.get(type).all;
}

function annotationSlips(file, text, bodies, files, found) {
  for (const m of text.matchAll(/\b(_Use_decl_annotations_\b|_Function_class_\s*\(\s*\w+\s*\))/g)) {
    const name = /([A-Za-z_]\w*)\s*\((?!\s*(?:PAGE|IRP_MJ|\w+_LEVEL\b))[^;{}]*\)\s*[;{]/.exec(text.slice(m.index + m[0].length, m.index + 1500).replace(/\b_\w+_\s*\([^()]*\)/g, (s) => ' '.repeat(s.length)))?.[1];
    const mine = name && (bodies.get(name) ?? []).filter((d) => near(d.file, file));
    if (!mine || mine.length !== 1) continue;
    const edits = [{ file, start: m.index, end: m.index + m[0].length, text: '' }];
    if (m[1].startsWith('_Use')) {
      if (mine[0].file === file && m.index >= mine[0].head && m.index < mine[0].at && hasAnnotatedDeclaration(name, mine[0], files)) found.push({ kind: 'use-decl', name, target: mine[0], edits });
      continue;
    }
    const others = [...having(name, files)].some(([f, t]) => near(f, file) && [...t.bare.matchAll(new RegExp(`_Function_class_\\s*\\([^)]*\\)[^;{}]{0,300}\\b${name}\\s*\\(|\\b[A-Z_0-9]+\\s+${name}\\s*;`, 'g'))].some((o) => f !== file || Math.abs(o.index - m.index) > 2));
    const known = role(/\(\s*(\w+)/.exec(m[1])[1]);
    if (known && !known.hasFunctionType) continue;
    if (!others && isGivenAway(name, mine[0].file, files)) found.push({ kind: 'class', name, target: mine[0], edits });
  }
}

const returns = new Map([['NTSTATUS', 'VOID'], ['VOID', 'NTSTATUS'], ['void', 'NTSTATUS'], ['BOOLEAN', 'NTSTATUS'], ['NDIS_STATUS', 'VOID'], ['ULONG', 'PVOID'], ['BOOL', 'PVOID']]);

/** Another result, another type of one parameter, two parameters swapped, one left out. */
function signatureSlips(name, role, target, files, found) {
  const { text, bare: plain } = files.get(target.file);
  const result = [...plain.slice(target.head, target.at).matchAll(/\b[A-Za-z_]\w*\b/g)].reverse().find((m) => returns.has(m[0]));
  if (result) found.push({ kind: 'return', name, role, target, edits: [edit(target.file, target.head + result.index, result[0].length, returns.get(result[0]))] });
  const params = parametersOf(plain, target);
  params.forEach((p, i) => {
    const type = /([A-Za-z_]\w*)\s*(\*?)\s*(?:\/\S*\s*)?([A-Za-z_]\w*)?\s*$/.exec(plain.slice(p.start, p.end));
    if (!type?.[3] || /^_/.test(type[1])) return;
    const at = p.start + type.index;
    const pointer = type[2] === '*' || /^(?:P|LP)[A-Z]|^WDF|HANDLE$/.test(type[1]);
    found.push({ kind: 'parameter', name, role, target, edits: [edit(target.file, at, type[1].length + 0, pointer ? 'ULONG' : 'PUNICODE_STRING')].map((e) => ({ ...e, end: at + plain.slice(at, p.end).lastIndexOf(type[3]), text: `${e.text} ` })) });
    const next = params[i + 1];
    const [a, b] = [p, next].map((q) => q && text.slice(q.start, q.end));
    const typeOf = (q) => bare(q).replace(/\b_\w+_(?:\([^()]*\))?|\b(?:IN|OUT|OPTIONAL|CONST|const)\b/g, '').replace(/[A-Za-z_]\w*\s*$/, '').trim().replace(/^(?:NDIS_HANDLE|HANDLE|WDFOBJECT|void\s*\*|VOID\s*\*)$/, 'PVOID');
    if (next && !/\n\s*\n|\/\//.test(a + b) && typeOf(a) !== typeOf(b) && typeOf(a) && typeOf(b)) {
      found.push({ kind: 'order', name, role, target, edits: [edit(target.file, p.start, a.length, b), edit(target.file, next.start, b.length, a)] });
    }
  });
}

function edit(file, start, length, text) {
  return { file, start, end: start + length, text };
}

/** Trimmed ranges between the commas of a parameter list. */
function parametersOf(text, { open, close }) {
  const found = [];
  for (let at = open + 1, start = at, depth = 0; at <= close; at++) {
    const c = text[at];
    if (at === close || (c === ',' && depth === 0)) {
      const raw = text.slice(start, at);
      if (raw.trim() !== '') found.push({ start: start + raw.length - raw.trimStart().length, end: start + raw.trimEnd().length });
      start = at + 1;
    } else if (c === '(') depth++;
    else if (c === ')') depth--;
  }
  return found;
}

/** `count` slips in different functions. */
function choose(all, count, pick) {
  const chosen = [];
  const used = new Set();
  const kinds = [...new Set(all.map((s) => s.kind))];
  const byKind = new Map(kinds.map((k) => [k, all.filter((s) => s.kind === k)]));
  while (chosen.length < count && kinds.length > 0) {
    const kind = kinds[pick(kinds.length)];
    const list = byKind.get(kind);
    const [slip] = list.splice(pick(list.length), 1);
    if (list.length === 0) kinds.splice(kinds.indexOf(kind), 1);
    if (!slip || used.has(slip.name)) continue;
    used.add(slip.name);
    chosen.push(slip);
  }
  return chosen;
}

async function findingsOf(folder, overlays) {
  const configurations = new Configurations({ cwd: folder, rules: checked, overrides: { presets: ['all'], level: 'info' } });
  const result = await analyse({ cwd: folder, inputs: [folder], rules: checked, configurations, overlays });
  return result.findings;
}

function overlaysFor(chosen, files) {
  const perFile = new Map();
  for (const e of chosen.flatMap((s) => s.edits)) perFile.set(e.file, [...perFile.get(e.file) ?? [], e]);
  return new Map([...perFile].map(([file, edits]) => {
    let { text } = files.get(file);
    for (const e of edits.sort((a, b) => b.start - a.start)) {
      // What is deleted leaves its line ends, so that the lines of the rest stay.
      text = text.slice(0, e.start) + (e.text || text.slice(e.start, e.end).replace(/[^\n]/g, '')) + text.slice(e.end);
    }
    return [file, text];
  }));
}

const lineOf = (text, offset) => text.slice(0, offset).split('\n').length;
const key = (f) => `${f.file}:${f.line}:${f.rule}`;

async function measure(folder, count, seed, language) {
  const files = readFolder(folder);
  const projects = readProjects(folder);
  const speaks = (file) => language === undefined || (language === 'c' ? /\.c$/i : /\.(?:cc|cpp|cxx)$/i).test(file);
  const open = slips(files).filter(({ target: { file } }) => speaks(file) && !isUserMode(file, files, projects));
  const chosen = choose(open, count, random(seed));
  const before = new Set((await findingsOf(folder, new Map())).map(key));
  const fresh = (await findingsOf(folder, overlaysFor(chosen, files))).filter((f) => !before.has(key(f)));
  return chosen.map((slip) => {
    const { file, at, open } = slip.target;
    const { text } = files.get(file);
    const lines = [lineOf(text, at), lineOf(text, open)];
    const hit = fresh.filter((f) => path.resolve(folder, f.file) === file && f.line >= lines[0] && f.line <= lines[1] + (slip.kind === 'use-decl' ? 12 : 0));
    const shown = path.relative(folder, slip.edits[0].file);
    return { ...slip, place: `${shown}:${lineOf(files.get(slip.edits[0].file).text, slip.edits[0].start)}`, defined: `${path.relative(folder, file)}:${lines[0]}`, found: hit.map((f) => f.rule) };
  });
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { count: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' }, language: { type: 'string' }, show: { type: 'boolean' } } });
if (positionals.length === 0) {
  console.error(`usage: node ${path.basename(fileURLToPath(import.meta.url))} <folder>... [--count N] [--seed N] [--language c|cpp] [--show]`);
  process.exit(2);
}
const all = [];
for (const folder of positionals) all.push(...await measure(path.resolve(folder), Math.ceil(Number(values.count) / positionals.length), Number(values.seed), values.language));
const kinds = [...new Set(all.map((s) => s.kind))].sort();
for (const kind of kinds) console.log(`${kind}: ${all.filter((s) => s.kind === kind && s.found.length > 0).length} of ${all.filter((s) => s.kind === kind).length}`);
console.log(`all: ${all.filter((s) => s.found.length > 0).length} of ${all.length}`);
for (const s of all) if (s.found.length === 0 || values.show) console.log(`${s.found.length === 0 ? 'missed' : 'found '} ${s.kind} '${s.name}' ${s.role ?? ''} at ${s.place}, defined at ${s.defined}: ${s.edits.map((e) => JSON.stringify(e.text)).join(' ')} ${[...new Set(s.found)].join(' ')}`);
