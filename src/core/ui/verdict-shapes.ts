import type { ShownVerdict } from '../session/history/verdict-now';

/** Tell verdicts apart beside their colour, as SVG in a box of 20: in the current colour, filled with it. */
export const VERDICT_SHAPES: Readonly<Record<ShownVerdict | 'asking', string>> = {
  normal: '<circle cx="10" cy="10" r="8.5"/>',
  warning: '<path d="M10 1.5L19 18.5H1z"/>',
  drift: '<rect x="1.5" y="1.5" width="17" height="17" rx="3"/>',
  silent: '<circle cx="10" cy="10" r="7.2" fill="none" stroke="currentColor" stroke-width="3.4"/>',
  'warming-up':
    '<circle cx="10" cy="10" r="7.5" fill="none" stroke="currentColor" stroke-width="3" stroke-dasharray="4 3"/>',
  asking:
    '<path d="M7 6.8C7 4.8 8.2 3.8 10 3.8s3.1 1 3.1 2.9c0 2.6-3 2.5-3 5.2" fill="none" stroke="currentColor" stroke-width="2.4"/><circle cx="10.1" cy="16" r="1.7"/>',
  'not-checked':
    '<path d="M3 3l14 14M17 3L3 17" fill="none" stroke="currentColor" stroke-width="3.4" stroke-linecap="round"/>',
};
