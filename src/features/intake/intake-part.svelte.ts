import { partOf } from '../../core/session/part-of';
import type { ClockRun } from '../../core/domain/camera/time/clock';
import type { Watches } from './watches.svelte';

/** What of intake is loaded. */
class IntakePart {
  /** what looks into folders for new snapshots; null until its code is loaded, or where folders can't be kept */
  watches = $state.raw<Watches | null>(null);
  /** how many files the system opened here last that went to the window that writes; 0 once a person has seen it */
  passedOn = $state(0);
  /** what a person corrected last, of which camera and by how much; null once it is seen or undone */
  corrected = $state.raw<{ readonly cameraId: string; readonly run: ClockRun; readonly by: number } | null>(
    null,
  );
}

export const intakeOf = partOf(() => new IntakePart());
