import type { DriftStatus } from '../../../core/domain/drift/thresholds';

/** How urgently somebody has to look after a camera: a diver is needed, watch it, it is silent, and the rest. */
const URGENCY = { drift: 0, warning: 1, silent: 2, 'not-checked': 3, 'warming-up': 4, normal: 5 } as const;

/** The facts that a camera's place on the wall depends on. */
export interface WallOrderFacts {
  readonly name: string;
  readonly shown: DriftStatus | 'not-checked' | 'silent';
  /** true until the day that a person has named for its alarm */
  readonly isQuiet: boolean;
  /** its distance in times of the drift limit; null while nothing is told */
  readonly times: number | null;
  /** capture time of its newest snapshot; null without any */
  readonly newestAt: number | null;
}

/** The worst first; of those that stand alike one that nobody has seen, then the further above its limit, of silent ones the longer so. */
export function worstFirst<O extends WallOrderFacts>(cameras: readonly O[]): O[] {
  return [...cameras].sort((a, b) => {
    if (a.shown !== b.shown) return URGENCY[a.shown] - URGENCY[b.shown];
    if (a.isQuiet !== b.isQuiet) return Number(a.isQuiet) - Number(b.isQuiet);
    if (a.shown === 'silent') return (a.newestAt ?? 0) - (b.newestAt ?? 0);
    return (b.times ?? 0) - (a.times ?? 0) || a.name.localeCompare(b.name);
  });
}
