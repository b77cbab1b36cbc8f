import { isSetAside, lastBreak, type CompletedJob } from '../../domain/camera/job';
import { cellGrid } from '../../domain/glass/cells';
import { coverOf, GROWTH_CELL } from '../../domain/glass/growth';
import type { GlassLimit } from '../../domain/glass/limits';
import { medians } from '../../domain/glass/order';
import type { Size } from '../../domain/model/model';
import { scoredBy } from '../history/history';
import type { Session } from '../session.svelte';
import { loadGlassFit, loadSights } from '../../storage/glass-fits';

/** Which part of the glass is covered at a job, cell by cell. */
export interface Cover {
  readonly grid: Size;
  /** side of a cell as a share of the picture's width and height */
  readonly cell: { readonly width: number; readonly height: number };
  /** of each cell, row by row: in the median of the window, 0 to 3; NaN where it is not seen */
  readonly excess: Float32Array;
  readonly isGrown: readonly boolean[];
  readonly share: number;
  /** places left out as not on the glass */
  readonly offGlass: readonly number[];
  /** how many of them were taken for captions, and not by a person */
  readonly captions: number;
  readonly limits: readonly GlassLimit[];
}

/** @returns null where the job's reference has no fit, or nothing was seen of its window */
export async function coverAt(session: Session, job: CompletedJob): Promise<Cover | null> {
  const reference = session.references.find(({ id }) => id === job.referenceId);
  const fit = reference && (await loadGlassFit(session.db, reference.id));
  if (!fit) return null;
  const since = lastBreak(session.events, job.capturedAt) ?? -Infinity;
  const window = scoredBy(job.modelSha256, session.monitor.jobs)
    .filter(
      (other) =>
        other.glass &&
        !isSetAside(other) &&
        other.referenceId === job.referenceId &&
        other.capturedAt >= since &&
        other.capturedAt <= job.capturedAt,
    )
    .slice(-job.detector.windowSize);
  const sights = await loadSights(
    session.db,
    window.map(({ id }) => id),
  );
  const seen = [...sights.values()].map(({ excess }) => excess);
  if (seen.length === 0) return null;
  const grid = cellGrid(fit, GROWTH_CELL);
  const offGlass = reference.offGlass ?? fit.captions;
  return {
    grid,
    cell: { width: GROWTH_CELL / fit.width, height: GROWTH_CELL / fit.height },
    excess: medians(seen),
    ...coverOf(seen, offGlass),
    offGlass,
    captions: reference.offGlass ? 0 : fit.captions.length,
    limits: fit.limits,
  };
}
