import { givenOf } from '../../core/session/reference/given-folder.svelte';
import type { Session } from '../../core/session/session.svelte';
import { Analyst } from './analysis/analyst';
import { Calibrator } from './calibrator.svelte';
import { Comparison } from './compare/comparison.svelte';
import { Draft } from './draft.svelte';
import { Replayer } from './replayer.svelte';

export const CALIBRATE_TABS = ['limits', 'replay', 'compare'] as const;
export type CalibrateTab = (typeof CALIBRATE_TABS)[number];
export const COMPARE_TOOLS = ['sets', 'bandwidth'] as const;

/** Loaded when the Calibrate place is looked at, and kept until the page is closed. */
export class CalibrateState {
  readonly session: Session;
  readonly analyst = new Analyst();
  readonly draft: Draft;
  readonly calibrator: Calibrator;
  readonly replayer: Replayer;
  readonly comparison: Comparison;
  /** kept for the return to this place */
  tab = $state<CalibrateTab>('limits');
  compareTool = $state<(typeof COMPARE_TOOLS)[number]>('sets');
  isGiving = $state(false);

  constructor(session: Session) {
    this.session = session;
    this.draft = new Draft(session);
    this.calibrator = new Calibrator(this.draft, this.analyst);
    this.replayer = new Replayer(this.draft, this.analyst);
    this.comparison = new Comparison(this.draft);
    // Its panels offer the camera's set-up files.
    givenOf(session);
  }
}
