import { createContext } from 'svelte';
import type { Theme } from '../browser/theme.svelte';
import type { Session } from '../session/session.svelte';

export const [useSession, provideSession] = createContext<Session>();

export const [useTheme, provideTheme] = createContext<Theme>();

/** The notes that stand on the page's boards, which are one: several of them are one line. */
export interface Notes {
  count: number;
  isOpen: boolean;
}
export const [useNotes, provideNotes] = createContext<Notes>();

/** Within a board. */
export const [useBoard, provideBoard, hasBoard] = createContext<Notes>();
