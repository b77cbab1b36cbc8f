import type { Feature } from '../core/page/feature';
import { alerts } from './alerts/feature';
import { calibrate } from './calibrate/feature';
import { changes } from './changes/feature';
import { device } from './device/feature';
import { driftwatch } from './driftwatch/feature';
import { glass } from './glass/feature';
import { intake } from './intake/feature';
import { jobs } from './jobs/feature';
import { keep } from './keep/feature';
import { monitor } from './monitor/feature';
import { report } from './report/feature';
import { science } from './science/feature';
import { settings } from './settings/feature';
import { setup } from './setup/feature';
import { wall } from './wall/feature';
import { why } from './why/feature';

/** The page's features. Files are offered to them, and panels of one slot stand, in this order. */
export const features: readonly Feature[] = [
  setup,
  calibrate,
  device,
  alerts,
  wall,
  monitor,
  glass,
  changes,
  science,
  settings,
  keep,
  report,
  intake,
  driftwatch,
  jobs,
  why,
];

/** The places of every day, in the header's order. */
export const header: readonly Feature[] = [wall, monitor, jobs, science];

/** Those of once in a while, in the order behind its gear. */
export const gear: readonly Feature[] = [setup, calibrate, driftwatch, settings];
