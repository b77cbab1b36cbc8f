import { Analyst } from '../analysis/analyst';
import type { Judging } from '../domain/judge';
import type { Porthole } from './porthole.svelte';

/** What the Calibrate place works with; loaded when it is looked at, and kept until the page is closed. */
export class Workbench {
  readonly analyst = new Analyst();
  readonly porthole: Porthole;
  /** what the person has changed of the camera's settings and not yet accepted */
  #changes = $state.raw<{ readonly cameraId: string; readonly changes: Partial<Judging> } | null>(null);
  /** settings being tried: the camera's own until a person moves them */
  readonly draft = $derived.by((): Judging | null => {
    const { camera } = this.porthole;
    if (!camera) return null;
    const { detector, thresholds, persistence } = camera;
    const changes = this.#changes?.cameraId === camera.id ? this.#changes.changes : {};
    return { detector, thresholds, persistence, ...changes };
  });
  readonly isChanged = $derived.by(
    () => this.#changes !== null && this.#changes.cameraId === this.porthole.camera?.id,
  );

  constructor(porthole: Porthole) {
    this.porthole = porthole;
  }

  /** Tries other settings; nothing is stored. */
  change(changes: Partial<Judging>): void {
    const { camera } = this.porthole;
    if (!camera) return;
    const before = this.#changes?.cameraId === camera.id ? this.#changes.changes : {};
    this.#changes = { cameraId: camera.id, changes: { ...before, ...changes } };
  }

  /** Goes back to the camera's own settings. */
  discard(): void {
    this.#changes = null;
  }
}
