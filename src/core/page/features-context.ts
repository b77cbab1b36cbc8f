import { createContext } from 'svelte';
import type { Feature } from './feature';

/** The page's features, for every component below App. */
export const [useFeatures, provideFeatures] = createContext<readonly Feature[]>();
