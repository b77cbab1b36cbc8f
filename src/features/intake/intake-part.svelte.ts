import { partOf } from '../../core/session/part-of';
import type { ClockRun } from '../../core/domain/camera/time/clock';
import type { Watches } from './watches.svelte';

/** The loaded parts of intake. */
class IntakePart {
  /** looks into folders for new snapshots; null until its code is loaded, or if folders can't be kept */
  watches = $state.raw<Watches | null>(null);
  /**
   * number of files, last opened here by the system, that went to the window that writes; 0 once a person has seen it
   */
  passedOn = $state(0);
  /** the last correction of a clock, its camera and its length; null once it is seen or undone */
  corrected = $state.raw<{ readonly cameraId: string; readonly run: ClockRun; readonly by: number } | null>(
    null,
  );
}

export const intakeOf = partOf(() => new IntakePart());
