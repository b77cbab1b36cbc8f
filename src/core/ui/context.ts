import { createContext } from 'svelte';
import type { Theme } from '../browser/theme.svelte';
import type { Session } from '../session/session.svelte';

export const [useSession, provideSession] = createContext<Session>();

export const [useTheme, provideTheme] = createContext<Theme>();

/** Counts the notes that stand below each other. */
export interface NoteCount {
  count: number;
}
export const [useNoteCount, provideNoteCount, hasNoteCount] = createContext<NoteCount>();
