// Stands for `ajv` in the bundle: checks values against the part of JSON schema that the configuration's schema and the options of rules
// use, by walking the schema. Ajv makes code of it, which a browser may forbid, and is larger than many analyses.

type Schema = Readonly<Record<string, unknown>>;

interface SchemaError { keyword: string; instancePath: string; schemaPath: string; params: Record<string, unknown>; message: string; data: unknown; parentSchema: Schema }

interface Validate { (data: unknown): boolean; errors: SchemaError[] | null }

export class Ajv {
  compile(schema: Schema): Validate {
    const validate: Validate = Object.assign((data: unknown) => {
      const errors = errorsOf(schema, data, '', '#');
      validate.errors = errors.length > 0 ? errors : null;
      return errors.length === 0;
    }, { errors: null });
    return validate;
  }
}

type Check = (wanted: never, data: never, at: { schema: Schema; path: string; place: string; fail: (params: Record<string, unknown>, message: string) => SchemaError }) => SchemaError[];

const isObject = (data: unknown): data is Record<string, unknown> => typeof data === 'object' && data !== null && !Array.isArray(data);
const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function isOfType(data: unknown, type: string): boolean {
  switch (type) {
    case 'array': return Array.isArray(data);
    case 'object': return isObject(data);
    case 'integer': return Number.isInteger(data);
    case 'null': return data === null;
    default: return typeof data === type;
  }
}

const any: Record<string, Check> = {
  type: (wanted: string | string[], data, { fail }) => ([wanted].flat().some((t) => isOfType(data, t)) ? [] : [fail({ type: wanted }, `must be ${[wanted].flat().join(',')}`)]),
  enum: (wanted: unknown[], data, { fail }) => (wanted.some((v) => same(v, data)) ? [] : [fail({ allowedValues: wanted }, 'must be equal to one of the allowed values')]),
  const: (wanted, data, { fail }) => (same(wanted, data) ? [] : [fail({ allowedValue: wanted }, 'must be equal to constant')]),
  anyOf: (wanted: Schema[], data, { path, place, fail }) => {
    const each = wanted.map((s, i) => errorsOf(s, data, path, `${place}/${i}`));
    return each.some((e) => e.length === 0) ? [] : [...each.flat(), fail({}, 'must match a schema in anyOf')];
  },
  if: (wanted: Schema, data, { schema, path }) => {
    const branch = errorsOf(wanted, data, path, '#').length === 0 ? 'then' : 'else';
    return schema[branch] === undefined ? [] : errorsOf(schema[branch] as Schema, data, path, `#/${branch}`);
  },
};

const objects: Record<string, Check> = {
  required: (wanted: string[], data: object, { fail }) => wanted.filter((key) => !Object.hasOwn(data, key)).map((key) => fail({ missingProperty: key }, `must have required property '${key}'`)),
  properties: (wanted: Record<string, Schema>, data: Record<string, unknown>, { path, place }) => Object.entries(wanted).flatMap(([key, s]) => (Object.hasOwn(data, key) ? errorsOf(s, data[key], `${path}/${escaped(key)}`, `${place}/${key}`) : [])),
  additionalProperties: (wanted: boolean | Schema, data: Record<string, unknown>, { schema, path, place, fail }) => {
    const others = Object.keys(data).filter((key) => !Object.hasOwn((schema.properties ?? {}) as object, key));
    if (wanted === false) return others.map((key) => fail({ additionalProperty: key }, 'must NOT have additional properties'));
    return isObject(wanted) ? others.flatMap((key) => errorsOf(wanted, data[key], `${path}/${escaped(key)}`, place)) : [];
  },
};

const arrays: Record<string, Check> = {
  items: (wanted: Schema | Schema[], data: unknown[], { path, place }) => data.flatMap((value, i) => {
    const s = Array.isArray(wanted) ? wanted[i] : wanted;
    return s === undefined ? [] : errorsOf(s as Schema, value, `${path}/${i}`, place);
  }),
  additionalItems: (wanted: boolean, data: unknown[], { schema, fail }) => (wanted === false && Array.isArray(schema.items) && data.length > schema.items.length ? [fail({ limit: schema.items.length }, `must NOT have more than ${schema.items.length} items`)] : []),
  minItems: (wanted: number, data: unknown[], { fail }) => (data.length < wanted ? [fail({ limit: wanted }, `must NOT have fewer than ${wanted} items`)] : []),
  maxItems: (wanted: number, data: unknown[], { fail }) => (data.length > wanted ? [fail({ limit: wanted }, `must NOT have more than ${wanted} items`)] : []),
  uniqueItems: (wanted: boolean, data: unknown[], { fail }) => {
    const i = wanted ? data.findLastIndex((v, n) => data.slice(0, n).some((w) => same(v, w))) : -1;
    const j = data.slice(0, Math.max(0, i)).findLastIndex((w) => same(data[i], w));
    return i < 0 ? [] : [fail({ i, j }, `must NOT have duplicate items (items ## ${j} and ${i} are identical)`)];
  },
};

const numbers: Record<string, Check> = {
  minimum: (wanted: number, data: number, { fail }) => (data < wanted ? [fail({ comparison: '>=', limit: wanted }, `must be >= ${wanted}`)] : []),
  maximum: (wanted: number, data: number, { fail }) => (data > wanted ? [fail({ comparison: '<=', limit: wanted }, `must be <= ${wanted}`)] : []),
};

const strings: Record<string, Check> = {
  pattern: (wanted: string, data: string, { fail }) => (new RegExp(wanted, 'u').test(data) ? [] : [fail({ pattern: wanted }, `must match pattern "${wanted}"`)]),
  minLength: (wanted: number, data: string, { fail }) => (data.length < wanted ? [fail({ limit: wanted }, `must NOT have fewer than ${wanted} characters`)] : []),
};

function checksFor(data: unknown): Record<string, Check> {
  const own = Array.isArray(data) ? arrays : isObject(data) ? objects : typeof data === 'number' ? numbers : typeof data === 'string' ? strings : {};
  return { ...any, ...own };
}

function errorsOf(schema: Schema, data: unknown, path: string, schemaPath: string): SchemaError[] {
  const checks = checksFor(data);
  return Object.entries(schema).flatMap(([keyword, wanted]) => {
    const place = `${schemaPath}/${keyword}`;
    const fail = (params: Record<string, unknown>, message: string): SchemaError => ({ keyword, instancePath: path, schemaPath: place, params, message, data, parentSchema: schema });
    return Object.hasOwn(checks, keyword) ? checks[keyword](wanted as never, data as never, { schema, path, place, fail }) : [];
  });
}
