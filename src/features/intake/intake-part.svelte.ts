import { partOf } from '../../core/session/part-of';
import type { ClockRun } from '../../core/domain/camera/time/clock';
import type { TimeCorrections } from '../../core/session/history/change-inputs';
import type { Watches } from './watches.svelte';

interface ClockCorrectionNote {
  readonly cameraId: string;
  readonly run: ClockRun;
  /** by how many milliseconds the pictures were moved, or what else was said of them */
  readonly as: number | 'left-out' | 'file-dates';
  /** the state before it, to go back to */
  readonly before: TimeCorrections;
}

/** The loaded parts of intake. */
class IntakePart {
  /** looks into folders for new snapshots; null until its code is loaded, or if folders can't be kept */
  watches = $state.raw<Watches | null>(null);
  /**
   * number of files, last opened here by the system, that went to the window that writes; 0 once a person has seen it
   */
  passedOn = $state(0);
  /** the last answer about times that can't be right; null once it is seen or undone */
  corrected = $state.raw<ClockCorrectionNote | null>(null);
}

export const intakeOf = partOf(() => new IntakePart());
