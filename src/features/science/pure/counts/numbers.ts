/** How a file writes numbers: with a point or a comma before decimals; the other one may stand between thousands. */
export type Decimal = 'point' | 'comma';

/** Which ways of writing a cell can be read by. */
export const POINT = 1;
export const COMMA = 2;

const BY_POINT = /^[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][-+]?\d+)?$/;
const BY_COMMA = /^[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+)?(?:,\d*)?(?:[eE][-+]?\d+)?$/;
/** Thousands that are set apart by a blank, or as in Switzerland. */
const APART = /^([-+]?\d{1,3})((?:[ ’'\u00a0\u2009\u202f]\d{3})+)(?![\d])/;
const DIGIT = /\d/;

/** What stands in a cell where there is no number, in the usual programs' way, in small letters. */
const MISSING = new Set([
  ...[
    '',
    'na',
    'n/a',
    'nan',
    'null',
    'none',
    'nil',
    '-',
    '--',
    '.',
    '?',
    '#n/a',
    '#na',
    '#n/d',
    'nd',
    'n.d.',
  ],
  ...['missing', '-nan', '<na>', '#valor!', '#value!', '#div/0!', '#¡valor!', '#¡div/0!'],
]);

/** Numbers that many data sets write for a missing one, and that a count can't be. */
export const SENTINELS: ReadonlySet<number> = new Set([-99, -999, -9999, -99999, -999.9, -99.9]);

export function isMissing(text: string): boolean {
  return text.length < 12 && MISSING.has(text.toLowerCase());
}

/** Which ways of writing numbers a cell can be read by: `POINT`, `COMMA`, both, or 0 for no number. */
export function waysOf(text: string): number {
  const plain = closed(text);
  if (!DIGIT.test(plain)) return 0;
  return (BY_POINT.test(plain) ? POINT : 0) | (BY_COMMA.test(plain) ? COMMA : 0);
}

/** The number of a cell, or NaN where it has none when read so. */
export function numberBy(text: string, decimal: Decimal): number {
  const plain = closed(text);
  if (!DIGIT.test(plain) || !(decimal === 'point' ? BY_POINT : BY_COMMA).test(plain)) return NaN;
  return Number(
    decimal === 'point' ? plain.replaceAll(',', '') : plain.replaceAll('.', '').replace(',', '.'),
  );
}

function closed(text: string): string {
  return text.replace(APART, (_, head: string, rest: string) => head + rest.replace(/\D/g, ''));
}
