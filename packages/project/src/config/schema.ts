// The JSON schema of drvlint.config.json, made from the rules' meta. It is what is shipped for editors and what a configuration
// is checked against.

import type { Rule } from '@drvlint/core';

type Schema = Record<string, unknown>;

export const levels = ['off', 'info', 'warning', 'error'] as const;
export const extendable = ['recommended', 'strict', 'cluster', 'all', 'mustfix'] as const;

/** With `named`, only those rules are in it. */
export function configSchema(rules: readonly Rule[], named?: ReadonlySet<string>): Schema {
  const ruleSet = rulesSchema(rules, named);
  const presets = { enum: [...extendable] };
  const extend = { description: 'Built-in presets to start from.', anyOf: [presets, { type: 'array', items: presets, uniqueItems: true }] };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'drvlint configuration',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      root: { type: 'boolean', description: 'Stop looking for configurations in parent folders.' },
      extends: extend,
      rules: ruleSet,
      level: { enum: levels.slice(1), description: 'Lowest level that is reported.' },
      defines: {
        type: 'object', description: 'Macros for conditional compilation; false means known not to be defined.',
        additionalProperties: { type: ['string', 'number', 'boolean'] },
      },
      architecture: { enum: ['amd64', 'arm64', 'x86'], description: 'Scale of interrupt levels.' },
      configuration: { type: 'string', description: 'Build configuration of Visual C++ projects, such as "Release|x64".', pattern: '^[^|]+\\|[^|]+$' },
      ignores: { type: 'array', items: { type: 'string' }, description: 'Paths left out, in .gitignore form, relative to this file.' },
      baseline: { type: 'string', description: 'Baseline file, relative to this file.' },
      knowledge: knowledgeSchema,
      overrides: {
        type: 'array', description: 'Rules for some files only; later entries win.',
        items: {
          type: 'object', additionalProperties: false, required: ['files'],
          properties: { files: { type: 'array', items: { type: 'string' }, minItems: 1, description: 'Patterns in .gitignore form, relative to this file.' }, extends: extend, rules: ruleSet },
        },
      },
    },
  };
}

function rulesSchema(rules: readonly Rule[], named?: ReadonlySet<string>): Schema {
  const properties: Record<string, Schema> = {};
  for (const { meta } of rules) {
    const value = ruleValue(meta.options ?? { type: 'object', additionalProperties: false });
    if (!named || named.has(meta.id)) properties[meta.id] = { description: meta.title, ...value };
    for (const alias of meta.aliases) if (!named || named.has(alias)) properties[alias] = { description: `${meta.id}: ${meta.title}`, ...value };
  }
  return { type: 'object', description: 'Levels and options of rules, by id or by C28xxx number.', additionalProperties: false, properties };
}

function ruleValue(options: Schema): Schema {
  return {
    if: { type: 'array' },
    then: { type: 'array', items: [{ enum: [...levels] }, options], minItems: 1, additionalItems: false },
    else: { enum: [...levels] },
  };
}

const level = { anyOf: [{ type: 'integer', minimum: 0, maximum: 31 }, { type: 'string', pattern: '^[A-Z_]+$' }] };
const parameters = { type: 'array', items: { type: 'string' }, description: 'Parameters as declared: "PKSPIN_LOCK Lock".' };

/** Own interfaces: annotated prototypes in another form. */
const knowledgeSchema: Schema = {
  type: 'object', additionalProperties: false, description: 'Own interfaces that no header among the sources declares with annotations.',
  properties: {
    functions: {
      type: 'object', description: 'By name.',
      additionalProperties: {
        type: 'object', additionalProperties: false,
        properties: {
          min: level, max: level, raises: level, sameIrql: { type: 'boolean' }, mustCheck: { type: 'boolean' },
          returns: { type: 'string' }, params: parameters,
        },
      },
    },
    roles: {
      type: 'object', description: 'Callback role types, by the name of the function type.',
      additionalProperties: {
        type: 'object', additionalProperties: false,
        properties: { min: level, max: level, sameIrql: { type: 'boolean' }, returns: { type: 'string' }, params: parameters, pointer: { type: 'string' } },
      },
    },
  },
};
