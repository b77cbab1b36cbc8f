import { createContext } from 'svelte';
import type { Porthole } from '../../features/porthole.svelte';

/** The page's state, for every component below App. */
export const [usePorthole, providePorthole] = createContext<Porthole>();
