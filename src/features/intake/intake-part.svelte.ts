import { partOf } from '../../core/session/part-of';
import type { FolderWatch } from './folder-watch.svelte';

/** What of intake is loaded. */
class IntakePart {
  /** what looks into a folder for new snapshots; null until its code is loaded, or where folders can't be kept */
  watch = $state.raw<FolderWatch | null>(null);
}

export const intakeOf = partOf(() => new IntakePart());
