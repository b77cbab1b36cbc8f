import { isObject, type Json, type JsonObject } from './python-json';

/** Marshmallow's tree of messages: by field, by index in a list, or under `_schema`. */
export type Messages = string[] | { [key: string]: Messages };

export class Invalid extends Error {
  constructor(readonly messages: Messages) {
    super('Validation failed');
  }
}

export interface Field {
  readonly required?: true;
  /** Gives the value of a field that is missing; as in Python it may give the same list every time. */
  readonly whenMissing?: () => Json;
  readonly read: (value: Json) => Json;
}

export type Schema = Readonly<Record<string, Field>>;

/**
 * Checks a body against a schema, all fields before it complains.
 *
 * @param unknown - what becomes of fields that the schema doesn't name
 * @throws Invalid with marshmallow 3's own messages
 */
export function load(schema: Schema, body: Json, unknown: 'raise' | 'include' | 'exclude'): JsonObject {
  if (!isObject(body)) throw new Invalid({ _schema: ['Invalid input type.'] });
  const loaded: JsonObject = {};
  const problems: Record<string, Messages> = {};
  for (const [name, field] of Object.entries(schema)) {
    if (Object.hasOwn(body, name))
      collect(problems, name, () => (loaded[name] = deserialize(field, body[name]!)));
    else if (field.required) problems[name] = ['Missing data for required field.'];
    else if (field.whenMissing) loaded[name] = field.whenMissing();
  }
  for (const name of Object.keys(body)) {
    if (Object.hasOwn(schema, name)) continue;
    if (unknown === 'raise') problems[name] = ['Unknown field.'];
    if (unknown === 'include') loaded[name] = body[name]!;
  }
  if (Object.keys(problems).length > 0) throw new Invalid(problems);
  return loaded;
}

export function string(
  rule: { oneOf?: readonly string[]; length?: readonly [number, number] } = {},
): Field['read'] {
  return (value) => {
    if (typeof value !== 'string') throw new Invalid(['Not a valid string.']);
    if (rule.oneOf && !rule.oneOf.includes(value)) {
      throw new Invalid([`Must be one of: ${rule.oneOf.join(', ')}.`]);
    }
    if (rule.length) {
      const [least, most] = rule.length;
      // Python counts characters where JavaScript counts UTF-16 units.
      const count = Array.from(value).length;
      if (count < least || count > most) throw new Invalid([`Length must be between ${least} and ${most}.`]);
    }
    return value;
  };
}

const TRUE = new Set<Json>([true, 1, '1', ...'t T true True TRUE on On ON y Y yes Yes YES'.split(' ')]);
const FALSE = new Set<Json>([false, 0, '0', ...'f F false False FALSE off Off OFF n N no No NO'.split(' ')]);

export function boolean(value: Json): boolean {
  if (TRUE.has(value)) return true;
  if (FALSE.has(value)) return false;
  throw new Invalid(['Not a valid boolean.']);
}

/** Reads an integer from a query parameter. */
export function integer(least: number, most = Infinity): Field['read'] {
  return (value) => {
    if (typeof value !== 'string' || !/^\s*[+-]?\d+\s*$/.test(value))
      throw new Invalid(['Not a valid integer.']);
    const number = Number(value);
    if (number >= least && number <= most) return number;
    const atMost = most === Infinity ? '' : ` and less than or equal to ${most}`;
    throw new Invalid([`Must be greater than or equal to ${least}${atMost}.`]);
  };
}

export function mapping(value: Json): JsonObject {
  if (!isObject(value)) throw new Invalid(['Not a valid mapping type.']);
  return value;
}

export function list(read: Field['read']): Field['read'] {
  return (value) => {
    if (!Array.isArray(value)) throw new Invalid(['Not a valid list.']);
    const loaded: Json[] = [];
    const problems: Record<string, Messages> = {};
    value.forEach((item, index) => {
      collect(problems, String(index), () => loaded.push(deserialize({ read }, item)));
    });
    if (Object.keys(problems).length > 0) throw new Invalid(problems);
    return loaded;
  };
}

export function nested(schema: Schema): Field['read'] {
  return (value) => load(schema, value, 'raise');
}

function deserialize(field: Field, value: Json): Json {
  if (value === null) throw new Invalid(['Field may not be null.']);
  return field.read(value);
}

function collect(problems: Record<string, Messages>, name: string, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    problems[name] = error.messages;
  }
}
