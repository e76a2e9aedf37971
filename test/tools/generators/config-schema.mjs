// drvlint.config.schema.json, shipped in @drvlint/project for editors, from the rules' meta.
import { load, loadRules } from '../load-rules.mjs';

export async function generate() {
  const { configSchema } = await load("export { configSchema } from './packages/project/src/config/schema.js';", 'schema');
  return new Map([['packages/project/drvlint.config.schema.json', `${JSON.stringify(configSchema(await loadRules()), null, 2)}\n`]]);
}
