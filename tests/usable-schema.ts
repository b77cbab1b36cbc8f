import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';

const SCHEMA = new URL('../docs/schemas/usable.schema.json', import.meta.url);
const ajv = new Ajv2020({ strictRequired: false, allowUnionTypes: true });
const isValid = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);

/** Differences between a camera's usable time as JSON and its schema; empty if there are none. */
export function usableProblems(text: string): string {
  return isValid(JSON.parse(text)) ? '' : ajv.errorsText(isValid.errors);
}
