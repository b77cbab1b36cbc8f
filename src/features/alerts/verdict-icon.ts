import type { ShownVerdict } from '../../core/session/verdict-now';

/** The shapes of VerdictShape, in colours that stand out from a light and from a dark row of tabs. */
const SHAPES: Readonly<Record<ShownVerdict, string>> = {
  normal: '<circle cx="10" cy="10" r="8.5" fill="#2e9e5b"/>',
  warning: '<path d="M10 1.5L19 18.5H1z" fill="#e08c00"/>',
  drift: '<rect x="1.5" y="1.5" width="17" height="17" rx="3" fill="#e0392f"/>',
  silent: '<circle cx="10" cy="10" r="7.2" fill="none" stroke="#7d8893" stroke-width="3.4"/>',
  'warming-up':
    '<circle cx="10" cy="10" r="7.5" fill="none" stroke="#7d8893" stroke-width="3" stroke-dasharray="4 3"/>',
  'not-checked':
    '<path d="M3 3l14 14M17 3L3 17" fill="none" stroke="#7d8893" stroke-width="3.4" stroke-linecap="round"/>',
};

/** The verdict as an icon of the tab, as a data URL. */
export function verdictIcon(verdict: ShownVerdict): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">${SHAPES[verdict]}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
