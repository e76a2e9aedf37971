import { defineRule } from '@drvlint/core';

// The runner itself makes these findings, after all other rules: see check/unused.ts.
export default defineRule({
  meta: {
    id: 'unused-suppression',
    title: 'A suppression that suppresses nothing',
    family: 'driver',
    level: 'warning',
    presets: ['recommended', 'cluster'],
    since: '0.1.0',
    aliases: [],
    models: ['kernel', 'user'],
    help: 'Remove the suppression, or correct the rule it names.',
    fixable: 'fix',
  },
});
