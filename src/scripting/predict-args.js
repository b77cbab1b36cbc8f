/**
 * The arguments of `predict`, their judge, and its answer, in plain JavaScript, because commands need them, too.
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
function numberOf(value) {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  if (/^\s*[-+]?(nan|inf(inity)?)\s*$/i.test(value)) return NaN;
  return /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value) ? Number(value) : null;
}

/**
 * The limits among arguments without faults.
 *
 * @param {{ readonly drift_distance?: unknown, readonly warning_distance?: unknown }} args
 * @returns {import('./predict').PredictLimits}
 */
export function limitsIn(args) {
  /** @param {'drift_distance' | 'warning_distance'} name */
  const limit = (name) => Number(numberOf(args[name] ?? PREDICT_ARGS[name].default));
  return { drift_distance: limit('drift_distance'), warning_distance: limit('warning_distance') };
}

/**
 * The answer for a scored snapshot.
 *
 * @param {Pick<import('./lines').ScoredLine, 'distance' | 'reason' | 'image_name' | 'captured_at'>} line
 * @param {import('./predict').PredictLimits} limits
 * @param {string} camera - its name
 * @param {string} version - Porthole's
 * @returns {import('./predict').Prediction}
 */
export function predictionFrom({ distance, reason, image_name, captured_at }, limits, camera, version) {
  /** @param {number} limit */
  const exceeds = (limit) => (distance === null ? null : distance > limit);
  return {
    drift: exceeds(limits.drift_distance),
    distance,
    ...limits,
    ...(reason === null ? {} : { reason }),
    image_name,
    captured_at,
    parameters: { distance, warning: exceeds(limits.warning_distance), ...limits, link: null },
    tags: [camera],
    version,
  };
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
