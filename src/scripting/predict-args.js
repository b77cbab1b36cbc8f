/**
 * The arguments of `predict` and their judge, in plain JavaScript, because the station's door needs both.
 *
 * @typedef {import('./predict').ArgumentDescription} ArgumentDescription
 */
import { LIMIT } from '../core/domain/limit-range.js';

/** @type {Omit<ArgumentDescription, 'description'>} */
const DISTANCE = {
  in: 'query',
  type: 'number',
  format: 'float',
  required: false,
  minimum: 0,
  maximum: LIMIT.most,
};

/** @type {Readonly<Record<'input_file' | 'drift_distance' | 'warning_distance', ArgumentDescription>>} */
export const PREDICT_ARGS = {
  input_file: {
    in: 'formData',
    type: 'file',
    required: true,
    description: 'Snapshot of the camera: a JPEG, PNG or WebP picture.',
  },
  drift_distance: {
    ...DISTANCE,
    default: 0.125,
    description: 'Distance above which a snapshot counts as drift.',
  },
  warning_distance: {
    ...DISTANCE,
    default: 0.1,
    description: 'Distance above which a snapshot is worth a warning.',
  },
};

/**
 * Faults of arguments, in the words of DEEPaaS, whose schemas are marshmallow's.
 *
 * @param {object} given - others than those described are let pass
 * @returns {Record<string, readonly string[]>} by argument
 */
export function problemsOf(given) {
  return Object.fromEntries(
    Object.entries(PREDICT_ARGS).flatMap(([name, argument]) => {
      const problem = problemOf(argument, given[name]);
      return problem === null ? [] : [[name, [problem]]];
    }),
  );
}

/**
 * A number, also as a form or an address has it; null for all else.
 *
 * @param {unknown} value
 * @returns {number | null}
 */
export function numberOf(value) {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  if (/^\s*[-+]?(nan|inf(inity)?)\s*$/i.test(value)) return NaN;
  return /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value) ? Number(value) : null;
}

/**
 * @param {ArgumentDescription} argument
 * @param {unknown} value
 * @returns {string | null}
 */
function problemOf({ type, required, minimum = -Infinity, maximum = Infinity }, value) {
  if (value === undefined || value === null) return required ? 'Missing data for required field.' : null;
  if (type === 'file') return value instanceof Blob ? null : 'Not a valid file.';
  const number = numberOf(value);
  if (number === null) return 'Not a valid number.';
  if (!Number.isFinite(number)) return 'Special numeric values (nan or infinity) are not permitted.';
  if (number < minimum) return `Must be greater than or equal to ${asFloat(minimum)}.`;
  return number > maximum ? `Must be less than or equal to ${asFloat(maximum)}.` : null;
}

/** @param {number} number */
function asFloat(number) {
  return Number.isInteger(number) ? number.toFixed(1) : String(number);
}
