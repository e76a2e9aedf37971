// One self-contained page: every file with findings as source, the findings at their lines, their paths step by step. Works
// offline; everything that comes from sources or rules is escaped.

import type { Finding } from '@drvlint/core';
import { countByLevel, pageUrl, type ReportData } from './report.js';

export function html(report: ReportData): string {
  const findings = report.findings.filter((f) => !f.suppressed);
  const counts = countByLevel(report.findings);
  const files = [...new Set(findings.map((f) => f.file))];
  const body = files.map((file, i) => fileSection(file, i, findings, report)).join('');
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

function fileSection(file: string, index: number, findings: readonly Finding[], report: ReportData): string {
  const source = report.sources.get(file);
  const levels = report.levels?.get(file);
  const own = findings.filter((f) => f.file === file);
  const lines = source ? source.text.split(/\r\n|\r|\n/) : [];
  const marked = new Map<number, Finding[]>();
  for (const f of own) marked.set(f.line, [...marked.get(f.line) ?? [], f]);
  const shown = linesAround(own, lines.length);
  let previous = 0;
  const rows = shown.map((line) => {
    const gap = line > previous + 1 ? '<tr class="gap"><td></td><td></td><td>&#8943;</td></tr>' : '';
    previous = line;
    const here = marked.get(line) ?? [];
    const level = levels?.get(line);
    const strip = level ? `<td class="strip ${level.kind}" title="${escape(level.text)}"></td>` : '<td class="strip"></td>';
    return `${gap}<tr id="f${index}l${line}"${here.length > 0 ? ` class="${here[0].level}"` : ''}><td>${line}</td>${strip}<td><pre>${escape((lines[line - 1] ?? '').slice(0, 2000))}</pre></td></tr>${here.map((f) => note(f, index)).join('')}`;
  });
  return `<section id="f${index}"><h2>${escape(file)}</h2><table>${rows.join('')}</table></section>`;
}

/** The whole file when it is short, else a few lines around every place a finding speaks of. */
function linesAround(findings: readonly Finding[], count: number): number[] {
  if (count <= 400) return Array.from({ length: count }, (_, i) => i + 1);
  const wanted = new Set<number>();
  for (const f of findings) {
    for (const at of [f, ...f.flow.filter((s) => s.file === f.file), ...f.related.filter((r) => r.file === f.file)]) {
      for (let line = at.line - 4; line <= at.line + 4; line++) if (line >= 1 && line <= count) wanted.add(line);
    }
  }
  return [...wanted].sort((a, b) => a - b);
}

function note(f: Finding, index: number): string {
  const steps = f.flow.map((s) => `<li>${place(s.file, s.line, f, index)} ${escape(s.message)}${s.irql ? ` <span class="irql">${escape(s.irql)}</span>` : ''}</li>`).join('');
  const related = f.related.map((r) => `<li>${place(r.file, r.line, f, index)} ${escape(r.message)}</li>`).join('');
  return `<tr class="note ${f.level}"><td></td><td></td><td><p><b>${f.level}</b> ${escape(f.message)} <a href="${pageUrl(encodeURIComponent(f.rule))}">${escape(f.rule)}</a></p>${steps ? `<ol class="flow">${steps}</ol>` : ''}${related ? `<ul>${related}</ul>` : ''}</td></tr>`;
}

function place(file: string, line: number, f: Finding, index: number): string {
  return file === f.file ? `<a href="#f${index}l${line}">line ${line}</a>` : `${escape(file)}:${line}`;
}

export function escape(text: string): string {
  return text.replace(/[&<>"'`]/g, (c) => `&#${c.charCodeAt(0)};`);
}

const style = `body{font:14px/1.4 system-ui,sans-serif;margin:0;color:#222;background:#fff}header,nav,main{padding:0 1.5rem}h1{font-size:1.3rem}h2{font-size:1rem;margin:2rem 0 .5rem}
table{border-collapse:collapse;width:100%}td{padding:0 .6rem;vertical-align:top}td:first-child{text-align:right;color:#888;user-select:none;width:4rem;border-right:3px solid #eee}pre{margin:0;tab-size:4;white-space:pre-wrap}
tr.error>td:first-child{border-color:#c00}tr.warning>td:first-child{border-color:#d80}tr.info>td:first-child{border-color:#08c}tr.note p{margin:.2rem 0}tr.note td{background:#f6f6f6}.irql{background:#def;padding:0 .3em;border-radius:3px}td.strip{padding:0;width:6px;min-width:6px}.passive{background:#8c8}.apc{background:#cc6}.dispatch{background:#e93}.device{background:#d33}.unknown{background:repeating-linear-gradient(45deg,#bbb,#bbb 2px,#fff 2px,#fff 5px)}.gap{color:#aaa}.legend span{padding:0 .4em;margin-right:.6em}tr.step pre{background:#ffc}td[data-steps]::before{content:attr(data-steps);color:#fff;background:#06c;border-radius:.7em;padding:0 .4em;margin-right:.4em}ol.flow{cursor:pointer}
@media (prefers-color-scheme:dark){body{background:#1b1b1b;color:#ddd}tr.note td{background:#262626}.irql{background:#135}a{color:#8bf}tr.step pre{background:#442}}`;

/** Draws a path through the code while its list is pointed at: every step's number at its line. A click keeps it drawn. */
const script = `for(const list of document.querySelectorAll('ol.flow')){
const rows=[...list.querySelectorAll('li')].map((li,i)=>{const a=li.querySelector('a');return [a&&document.getElementById(a.hash.slice(1)),i+1]}).filter(([row])=>row);
let kept=false;
const draw=on=>{for(const [row] of rows){row.classList.toggle('step',on);delete row.firstElementChild.dataset.steps}
if(on)for(const [row,n] of rows){const cell=row.firstElementChild;cell.dataset.steps=cell.dataset.steps?cell.dataset.steps+','+n:''+n}};
list.addEventListener('mouseenter',()=>draw(true));list.addEventListener('mouseleave',()=>kept||draw(false));list.addEventListener('click',e=>{if(e.target.tagName!=='A'){kept=!kept;draw(kept)}})}`;
