// One self-contained page: every file with findings as source, the findings at their lines, their paths step by step. Works
// offline; everything that comes from sources or rules is escaped.

import type { Finding } from '@drvlint/core';
import { printable } from '../printable.js';
import { countByLevel, pageUrl, type ReportData } from './report.js';

export function html(report: ReportData): string {
  const findings = report.findings.filter((f) => !f.suppressed);
  const counts = countByLevel(report.findings);
  const files = [...new Set(findings.map((f) => f.file))];
  const body = files.map((file) => fileSection(file, files, findings, report)).join('');
  const given = report.functions - report.functionsAnalysed;
  const summary = `${report.files} files, ${report.functions} functions (${given} given up): ${counts.error} errors, ${counts.warning} warnings, ${counts.info} infos, ${counts.suppressed} suppressed`;
  const nav = files.map((file, i) => `<li><a href="#f${i}">${escape(file)}</a> <b>${findings.filter((f) => f.file === file).length}</b></li>`).join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>drvlint report</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<style>${style}</style></head>
<body><header><h1>drvlint ${escape(report.tool.version)}</h1><p>${escape(summary)}</p><p class="legend">Interrupt level: <span class="passive">PASSIVE</span><span class="apc">up to APC</span><span class="dispatch">up to DISPATCH</span><span class="device">device and above</span><span class="unknown">not known</span></p></header>
<nav><ul>${nav || '<li>No findings.</li>'}</ul></nav>
<main>${body}</main><script>${script}</script></body></html>
`;
}

function fileSection(file: string, files: readonly string[], findings: readonly Finding[], report: ReportData): string {
  const index = files.indexOf(file);
  const source = report.sources.get(file);
  const levels = report.levels?.get(file);
  const own = findings.filter((f) => f.file === file);
  const lines = source ? source.text.split(/\r\n|\r|\n/) : [];
  const marked = new Map<number, Finding[]>();
  for (const f of own) marked.set(f.line, [...marked.get(f.line) ?? [], f]);
  const shown = linesAround(file, findings, lines.length);
  let previous = 0;
  const rows = shown.map((line) => {
    const gap = line > previous + 1 ? '<tr class="gap"><td></td><td></td><td>&#8943;</td></tr>' : '';
    previous = line;
    const here = marked.get(line) ?? [];
    const level = levels?.get(line);
    const strip = level ? `<td class="strip ${level.kind}" title="${escape(level.text)}"></td>` : '<td class="strip"></td>';
    return `${gap}<tr id="f${index}l${line}"${here.length > 0 ? ` class="${here[0].level}"` : ''}><td>${line}</td>${strip}<td><pre>${code((lines[line - 1] ?? '').slice(0, 2000), here)}</pre></td></tr>${here.map((f) => note(f, files)).join('')}`;
  });
  return `<section id="f${index}"><h2>${escape(file)}</h2><div class="code"><svg aria-hidden="true"></svg><table>${rows.join('')}</table></div></section>`;
}

/** A line with the places of its findings marked; where they overlap, the first one is. */
function code(line: string, findings: readonly Finding[]): string {
  let html = '';
  let at = 0;
  for (const f of [...findings].sort((a, b) => a.column - b.column)) {
    const from = f.column - 1;
    const to = f.endLine > f.line ? line.length : Math.min(f.endColumn - 1, line.length);
    if (from < at || to <= from) continue;
    html += `${escape(line.slice(at, from))}<mark class="${f.level}">${escape(line.slice(from, to))}</mark>`;
    at = to;
  }
  return html + escape(line.slice(at));
}

/** The whole file when it is short, else a few lines around every place a finding speaks of. */
function linesAround(file: string, findings: readonly Finding[], count: number): number[] {
  if (count <= 400) return Array.from({ length: count }, (_, i) => i + 1);
  const wanted = new Set<number>();
  for (const f of findings) {
    for (const at of [f, ...f.flow, ...f.related].filter((place) => place.file === file)) {
      for (let line = at.line - 4; line <= at.line + 4; line++) if (line >= 1 && line <= count) wanted.add(line);
    }
  }
  return [...wanted].sort((a, b) => a - b);
}

function note(f: Finding, files: readonly string[]): string {
  const steps = f.flow.map((s) => `<li>${place(s.file, s.line, f, files)} ${escape(s.message)}${s.irql ? ` <span class="irql">${escape(s.irql)}</span>` : ''}</li>`).join('');
  const related = f.related.map((r) => `<li>${place(r.file, r.line, f, files)} ${escape(r.message)}</li>`).join('');
  return `<tr class="note ${f.level}"><td></td><td></td><td><p><b>${f.level}</b> ${escape(f.message)} <a href="${pageUrl(encodeURIComponent(f.rule))}">${escape(f.rule)}</a></p>${steps ? `<ol class="flow">${steps}</ol>` : ''}${related ? `<ul>${related}</ul>` : ''}</td></tr>`;
}

function place(file: string, line: number, f: Finding, files: readonly string[]): string {
  const text = file === f.file ? `line ${line}` : `${escape(file)}:${line}`;
  const index = files.indexOf(file);
  return index < 0 ? text : `<a href="#f${index}l${line}">${text}</a>`;
}

export function escape(text: string): string {
  return printable(text).replace(/[&<>"'`]/g, (c) => `&#${c.charCodeAt(0)};`);
}

const style = `:root{--fg:#1f2328;--bg:#fff;--dim:#6e7781;--edge:#d8dee4;--note:#f6f8fa;--link:#0969da;--path:#8250df}
@media (prefers-color-scheme:dark){:root{--fg:#e6edf3;--bg:#15191f;--dim:#8b949e;--edge:#30363d;--note:#1c2229;--link:#6cb6ff;--path:#b392f0}}
body{font:14px/1.45 system-ui,sans-serif;margin:0;color:var(--fg);background:var(--bg)}header,nav,main{padding:0 1.5rem}h1{font-size:1.3rem}h2{font-size:1rem;margin:2rem 0 .5rem}a{color:var(--link)}
.code{position:relative;overflow-x:auto;border:1px solid var(--edge);border-radius:6px}table{border-collapse:collapse;width:100%}td{padding:0 .6rem;vertical-align:top}td:first-child{text-align:right;color:var(--dim);user-select:none;width:6rem;min-width:6rem}
pre{margin:0;tab-size:4;white-space:pre-wrap;font:13px/1.45 ui-monospace,monospace}mark{background:none;color:inherit;text-decoration:underline 2px}mark.error{text-decoration-color:#d1242f}mark.warning{text-decoration-color:#bf8700}mark.info{text-decoration-color:#0969da}
tr.note td:last-child{background:var(--note);border-left:3px solid #d1242f;padding:.2rem .8rem}tr.note.warning td:last-child{border-color:#bf8700}tr.note.info td:last-child{border-color:#0969da}tr.note p{margin:.2rem 0}tr.note ol,tr.note ul{margin:.2rem 0;padding-left:1.6rem}ol.flow{cursor:pointer}
.irql{background:#8882;padding:0 .3em;border-radius:3px}td.strip{padding:0;width:8px;min-width:8px}.passive{background:#57ab5a}.apc{background:#c6b03c}.dispatch{background:#e8872b}.device{background:#d1242f}.unknown{background:repeating-linear-gradient(45deg,#999,#999 1px,transparent 1px,transparent 5px)}
.gap{color:var(--dim)}.legend span{padding:0 .5em;margin-right:.6em;border-radius:3px;color:#000}.legend .unknown{color:inherit}tr.step pre{background:color-mix(in srgb,var(--path) 14%,transparent)}
svg{position:absolute;inset:0;width:6rem;height:100%;pointer-events:none;overflow:visible}svg path{fill:none;stroke:var(--path);stroke-width:2}svg circle{fill:var(--path)}svg text{fill:#fff;font:bold 10px system-ui,sans-serif;text-anchor:middle}@media print{.code{overflow:visible}}`;

/**
 * Draws the path of one finding per file through the code, from step to step in the margin: of the first one, of the one that is pointed at,
 * or of the one that was clicked.
 */
const script = `const NS='http://www.w3.org/2000/svg';
function add(svg,name,attributes,text){const e=document.createElementNS(NS,name);for(const k in attributes)e.setAttribute(k,attributes[k]);if(text)e.textContent=text;svg.append(e)}
for(const section of document.querySelectorAll('section')){
const svg=section.querySelector('svg'),box=section.querySelector('.code');
const lists=[...section.querySelectorAll('ol.flow')].map(list=>[list,[...list.children].map((li,i)=>{const a=li.querySelector('a');return [a&&document.getElementById(a.hash.slice(1)),i+1]}).filter(([row])=>row&&section.contains(row))]);
let kept=lists[0];
function draw(entry){svg.replaceChildren();for(const row of section.querySelectorAll('tr.step')){row.classList.remove('step');delete row.dataset.steps}
if(!entry)return;
const top=box.getBoundingClientRect().top,at=new Map(),y=row=>{const r=row.getBoundingClientRect();return r.top-top+r.height/2};
entry[1].forEach(([row,n],i)=>{row.classList.add('step');row.dataset.steps=row.dataset.steps?row.dataset.steps+','+n:''+n;
const next=entry[1][i+1];if(!next||next[0]===row)return;const a=y(row),b=y(next[0]),d=14+Math.min(26,Math.abs(b-a)/8);
add(svg,'path',{d:'M52 '+a+' C'+(52-d)+' '+a+' '+(52-d)+' '+b+' 46 '+b+' l-5 -4 m5 4 l-5 4'})});
for(const [row] of entry[1])at.set(row,row.dataset.steps);
for(const [row,steps] of at){const c=y(row);add(svg,'circle',{cx:54,cy:c,r:7+(steps.length>2?3:0)});add(svg,'text',{x:54,y:c+3.5},steps)}}
for(const entry of lists){const [list]=entry;
list.addEventListener('mouseenter',()=>draw(entry));list.addEventListener('mouseleave',()=>draw(kept));list.addEventListener('click',e=>{if(e.target.tagName!=='A'){kept=kept===entry?undefined:entry;draw(kept)}})}
draw(kept);addEventListener('resize',()=>draw(kept))}`;
