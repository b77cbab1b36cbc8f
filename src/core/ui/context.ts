import { createContext } from 'svelte';
import type { Theme } from '../browser/theme.svelte';
import type { Session } from '../session/session.svelte';

/** What the page works with, for every component below App. */
export const [useSession, provideSession] = createContext<Session>();

/** Light, dark or night, as chosen. */
export const [useTheme, provideTheme] = createContext<Theme>();
