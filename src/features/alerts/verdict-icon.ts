import type { ShownVerdict } from '../../core/session/history/verdict-now';
import { VERDICT_SHAPES } from '../../core/ui/verdict-shapes';

/** Colours that stand out from a light and from a dark row of tabs. */
const COLOURS: Readonly<Record<ShownVerdict, string>> = {
  normal: '#2e9e5b',
  warning: '#e08c00',
  drift: '#e0392f',
  silent: '#7d8893',
  'warming-up': '#7d8893',
  'not-checked': '#7d8893',
};

/** The verdict as an icon of the tab, as a data URL. */
export function verdictIcon(verdict: ShownVerdict): string {
  const colour = COLOURS[verdict];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" color="${colour}" fill="${colour}">${VERDICT_SHAPES[verdict]}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
