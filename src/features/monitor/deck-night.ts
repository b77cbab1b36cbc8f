import { THEMES, type Theme, type ThemeName } from '../../core/browser/theme.svelte';

const DAY = 'porthole-deck-day';

/** Switches to the night theme on deck, or back to the one before; that one is remembered over a reload, in this tab. */
export function toggleNight(theme: Theme): void {
  if (theme.chosen === 'night') {
    theme.choose(dayBefore() ?? THEMES[0]);
    keepDay(null);
  } else {
    keepDay(theme.chosen);
    theme.choose('night');
  }
}

/** Goes back to the theme before, where deck mode switched to night; a night that was chosen for the page stays. */
export function endNight(theme: Theme): void {
  const day = dayBefore();
  if (day && theme.chosen === 'night') theme.choose(day);
  keepDay(null);
}

function dayBefore(): ThemeName | null {
  try {
    const stored = sessionStorage.getItem(DAY);
    return THEMES.find((name) => name === stored) ?? null;
  } catch {
    return unstored;
  }
}

/** the theme if a browser forbids storage */
let unstored: ThemeName | null = null;

function keepDay(name: ThemeName | null): void {
  unstored = name;
  try {
    if (name === null) sessionStorage.removeItem(DAY);
    else sessionStorage.setItem(DAY, name);
  } catch {
    // It is remembered until the page closes.
  }
}
