// Serves VS Code for the web with the built extension and a folder in memory, on loopback only.

import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const types = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.png': 'image/png', '.ttf': 'font/ttf' };

function workbench(origin) {
  const { host } = new URL(origin);
  const extension = (folder) => ({ scheme: 'http', authority: host, path: folder });
  const product = {
    productConfiguration: { nameShort: 'drvlint test', nameLong: 'drvlint test', applicationName: 'drvlint-test', dataFolderName: '.drvlint-test', version: '1.91.1', enableTelemetry: false },
    additionalBuiltinExtensions: [extension('/drvlint'), extension('/memory-files')],
    folderUri: { scheme: 'memory', path: '/sample' },
    configurationDefaults: {
      'workbench.startupEditor': 'none', 'workbench.colorTheme': 'Default Dark Modern', 'security.workspace.trust.enabled': false, 'telemetry.telemetryLevel': 'off',
      'editor.minimap.enabled': false, 'workbench.tips.enabled': false, 'editor.codeLens': true, 'editor.inlayHints.enabled': 'on', 'drvlint.debounce': 50,
    },
    settingsSyncOptions: { enabled: false },
  };
  const base = 'out/vs';
  return `<!DOCTYPE html><html><head><meta charset="utf-8">
<link data-name="vs/workbench/workbench.web.main" rel="stylesheet" href="/${base}/workbench/workbench.web.main.css"></head><body aria-label="">
<script>window.product = ${JSON.stringify(product)};</script>
<script src="/${base}/loader.js"></script><script src="/${base}/webPackagePaths.js"></script>
<script>
Object.keys(self.webPackagePaths).forEach((key) => { self.webPackagePaths[key] = location.origin + '/node_modules/' + key + '/' + self.webPackagePaths[key]; });
require.config({ baseUrl: location.origin + '/out', recordStats: true, paths: self.webPackagePaths, trustedTypesPolicy: window.trustedTypes?.createPolicy('amdLoader', { createScriptURL: (value) => value }) });
</script>
<script src="/${base}/workbench/workbench.web.main.nls.js"></script><script src="/${base}/workbench/workbench.web.main.js"></script><script src="/${base}/code/browser/workbench/workbench.js"></script>
</body></html>`;
}

/** `folders`: URL prefix to folder on disk; `sample`: name to text. Resolves to the origin and a function that ends it. */
export async function serve({ web, extension, memory, sample }) {
  const folders = [['/drvlint/', extension], ['/memory-files/', memory], ['/', web]];
  const missing = [];
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const send = (status, type, body) => response.writeHead(status, { 'content-type': type, 'access-control-allow-origin': '*', 'cache-control': 'no-store' }).end(body);
    if (pathname === '/') return send(200, types['.html'], workbench(`http://${request.headers.host}`));
    if (pathname === '/sample.json') return send(200, types['.json'], JSON.stringify(sample));
    const [prefix, folder] = folders.find(([p]) => pathname.startsWith(p));
    const file = path.join(folder, path.normalize(decodeURIComponent(pathname.slice(prefix.length))));
    if (!file.startsWith(folder) || !fs.statSync(file, { throwIfNoEntry: false })?.isFile()) {
      missing.push(pathname);
      return send(404, 'text/plain', 'not found');
    }
    return send(200, types[path.extname(file)] ?? 'application/octet-stream', fs.readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://localhost:${server.address().port}`, missing, close: () => server.close() };
}
