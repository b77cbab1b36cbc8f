/** How the page looks: as the device says, or as the person chose; night is red on black, for dark-adapted eyes. */
export const THEMES = ['auto', 'light', 'dark', 'night'] as const;
export type ThemeName = (typeof THEMES)[number];

const KEY = 'porthole-theme';

export class Theme {
  chosen = $state<ThemeName>('auto');
  readonly #prefersDark = matchMedia('(prefers-color-scheme: dark)');

  constructor() {
    const stored = readStored();
    this.chosen = THEMES.find((name) => name === stored) ?? 'auto';
    this.#prefersDark.addEventListener('change', () => {
      this.#apply();
    });
    this.#apply();
  }

  choose(name: ThemeName): void {
    this.chosen = name;
    try {
      localStorage.setItem(KEY, name);
    } catch {
      // A browser that forbids storage still gets the theme until the page closes.
    }
    this.#apply();
  }

  #apply(): void {
    const auto = this.#prefersDark.matches ? 'dark' : 'light';
    document.documentElement.dataset['theme'] = this.chosen === 'auto' ? auto : this.chosen;
  }
}

function readStored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
