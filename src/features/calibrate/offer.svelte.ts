import type { GivenFolder } from '../../core/session/reference/given-folder.svelte';
import { partOf } from '../../core/session/part-of';

/** Knows if the place is offered. */
class Offer {
  /** null until it is loaded */
  given = $state.raw<GivenFolder | null>(null);
}

export const offerOf = partOf(() => new Offer());
