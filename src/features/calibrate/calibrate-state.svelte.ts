import { givenOf } from '../../core/session/reference/given-folder.svelte';
import type { Session } from '../../core/session/session.svelte';
import { Analyst } from './analysis/analyst';
import { Calibrator } from './calibrator.svelte';
import { Draft } from './draft.svelte';
import { Drill } from './drill/drill.svelte';

export const CALIBRATE_TABS = ['limits', 'drill'] as const;
export type CalibrateTab = (typeof CALIBRATE_TABS)[number];

/** Loaded when the Calibrate place is looked at, and kept until the page is closed. */
export class CalibrateState {
  readonly session: Session;
  readonly analyst = new Analyst();
  readonly draft: Draft;
  readonly calibrator: Calibrator;
  readonly drill: Drill;
  /** kept for the return to this place */
  tab = $state<CalibrateTab>('limits');
  isGiving = $state(false);

  constructor(session: Session) {
    this.session = session;
    this.draft = new Draft(session);
    this.calibrator = new Calibrator(this.draft, this.analyst);
    this.drill = new Drill(this.draft, this.analyst);
    // Its panels offer the camera's set-up files.
    givenOf(session);
  }
}
