import type { Span } from '../../core/domain/usable/span';
import type { Session } from '../../core/session/session.svelte';
import { putTabInAddress } from '../../core/ui/tab-address';
import { Counts } from './counts/counts.svelte';
import { UsablePart } from './usable/usable-part.svelte';

export const SCIENCE_TABS = ['usable', 'counts'] as const;
export type ScienceTab = (typeof SCIENCE_TABS)[number];

/** Loaded when the Science place is looked at, and kept until the page is closed. */
export class ScienceState {
  readonly session: Session;
  /** kept for the return to this place */
  tab = $state<ScienceTab>('usable');
  readonly usable: UsablePart;
  /** how far the chosen camera's pictures can be used, in order, as the page found and as a person corrected it */
  readonly spans: readonly Span[] = $derived.by(() => this.usable.spans);

  /** a file with counts that is masked by them */
  readonly counts = new Counts(() => this.spans);

  constructor(session: Session) {
    this.session = session;
    this.usable = new UsablePart(session);
  }

  /** Reads what belongs to the chosen camera as storage has it now. @throws AppError `storage-failed` */
  async read(): Promise<void> {
    await this.usable.read();
  }

  showCounts(table: File): void {
    this.tab = 'counts';
    putTabInAddress('science', 'counts');
    this.counts.open(table).catch((error: unknown) => {
      console.error(error);
    });
  }
}
