// Prints how long the knowledge package takes to import and to answer the first question of each kind. Not a test: times depend on
// the machine.
import { fileURLToPath } from 'node:url';

const steps = [];
let last = performance.now();
const step = (name) => {
  const now = performance.now();
  steps.push(`${name} ${(now - last).toFixed(1)} ms`);
  last = now;
};

const wdk = await import(fileURLToPath(new URL('../../packages/wdk/dist/index.js', import.meta.url)));
step('import');
wdk.ddi('KeSetEvent');
step('ddi');
wdk.irqlEffect('KeSetEvent');
step('effect');
wdk.role('PDRIVER_DISPATCH');
step('role');
wdk.registrationsOfCall('KeInitializeDpc');
step('registration');
wdk.resolveType('PDEVICE_OBJECT');
step('type');
wdk.constantOf('TRUE');
wdk.annotation('_In_');
step('constant, annotation');
for (const name of wdk.ddiNames()) wdk.ddi(name);
step('all 6000 ddi rows');
console.log(steps.join(', '));
