import type { ShownVerdict } from '../session/history/verdict-now';

/** Tell verdicts apart beside their colour, as SVG in a box of 20: in the current colour, filled with it. */
export const VERDICT_SHAPES: Readonly<Record<ShownVerdict, string>> = {
  normal: '<circle cx="10" cy="10" r="8.5"/>',
  warning: '<path d="M10 1.5L19 18.5H1z"/>',
  drift: '<rect x="1.5" y="1.5" width="17" height="17" rx="3"/>',
  silent: '<circle cx="10" cy="10" r="7.2" fill="none" stroke="currentColor" stroke-width="3.4"/>',
  'warming-up':
    '<circle cx="10" cy="10" r="7.5" fill="none" stroke="currentColor" stroke-width="3" stroke-dasharray="4 3"/>',
  'not-checked':
    '<path d="M3 3l14 14M17 3L3 17" fill="none" stroke="currentColor" stroke-width="3.4" stroke-linecap="round"/>',
};
