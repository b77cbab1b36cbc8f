import { createContext } from 'svelte';
import type { Theme } from '../browser/theme.svelte';
import type { Session } from '../session/session.svelte';

export const [useSession, provideSession] = createContext<Session>();

export const [useTheme, provideTheme] = createContext<Theme>();

/** Notices on the page's boards, which are one: several notes are one line, and hints a dot on the gear until asked for. */
export interface Notes {
  count: number;
  isOpen: boolean;
  hints: number;
  areHintsOpen: boolean;
}
export const [useNotes, provideNotes] = createContext<Notes>();

/** Within a board. */
export const [useBoard, provideBoard, hasBoard] = createContext<Notes>();
