import { partOf } from '../../core/session/part-of';
import type { Changes } from './changes.svelte';

/** The part of this feature that is loaded. */
class ChangesPart {
  /** null until the page has been seen */
  changes = $state.raw<Changes | null>(null);
}

export const changesOf = partOf(() => new ChangesPart());
