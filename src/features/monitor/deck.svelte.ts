import { partOf } from '../../core/session/part-of';

const OPEN = 'porthole-on-deck';
const KEY_OFF = 'porthole-no-deck-key';

/** True if the verdict fills the screen. It stays so over a reload, in this tab. */
class Deck {
  isOpen = $state(read(() => sessionStorage, OPEN) !== null);

  /** Fills the screen; called in a press of a button or key, without which browsers refuse it. */
  enter(): void {
    this.fillScreen();
    this.#set(true);
  }

  /** Takes the whole screen where the browser lends it; else the page is covered, which is nearly as good. */
  fillScreen(): void {
    const root = document.documentElement;
    if (document.fullscreenEnabled && !document.fullscreenElement)
      root.requestFullscreen().catch(() => undefined);
  }

  leave(): void {
    if (document.fullscreenElement) document.exitFullscreen().catch(() => undefined);
    this.#set(false);
  }

  #set(isOpen: boolean): void {
    this.isOpen = isOpen;
    write(() => sessionStorage, OPEN, isOpen);
  }
}

export const deckOf = partOf(() => new Deck());

/** True if a key alone opens deck mode; a person who speaks or tires can turn it off (WCAG 2.1.4). */
export function hasDeckKey(): boolean {
  return read(() => localStorage, KEY_OFF) === null;
}

export function chooseDeckKey(isOn: boolean): void {
  write(() => localStorage, KEY_OFF, !isOn);
}

/** D, pressed where it writes nothing and nothing is open above the page. */
export function isDeckKey(event: KeyboardEvent): boolean {
  const { key, target } = event;
  if (key.toLowerCase() !== 'd' || event.ctrlKey || event.metaKey || event.altKey || event.repeat)
    return false;
  const isWriting = target instanceof Element && target.closest('input, select, textarea, dialog') !== null;
  return !isWriting && hasDeckKey();
}

// A browser that forbids storage gets deck mode too, until the page closes.
function read(storage: () => Storage, key: string): string | null {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

function write(storage: () => Storage, key: string, isSet: boolean): void {
  try {
    if (isSet) storage().setItem(key, '1');
    else storage().removeItem(key);
  } catch {
    // see above
  }
}
