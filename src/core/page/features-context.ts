import { createContext } from 'svelte';
import type { Feature } from './feature';

/** What the page is made of besides its core, for every component below App. */
export const [useFeatures, provideFeatures] = createContext<readonly Feature[]>();
