import { madeBy, referenceSpan, type Making } from '../../../core/domain/files/provenance';
import { GLASS_SIGMA, GLASS_THRESHOLDS, GLASS_VERSION } from '../../../core/domain/glass/glass-facts';
import m from '../../../words/methods.en.js';

export interface MaskedCounts {
  readonly rows: number;
  readonly masked: number;
  readonly from: number;
  readonly to: number;
  /** true if rows stand for a length of time */
  readonly isTimed: boolean;
}

/** The detector of the tutorial. */
const MMD = 'mmd-streaming';

export interface MethodFacts {
  readonly making: Making;
  /** how many stretches of time a person has set */
  readonly byHand: number;
  readonly counts: MaskedCounts | null;
}

/** How the numbers of a camera were made, as a paragraph for a paper, in English. */
export function methodsParagraph({ making, byHand, counts }: MethodFacts): string {
  const { camera, reference, calibration, program, modelName } = making;
  const { detector, thresholds, persistence } = camera;
  const model = { model: modelName, sha256: camera.modelSha256 };
  const span = reference && referenceSpan(reference, camera);
  return [
    m.program({
      camera: camera.name,
      version: program.version,
      hasCommit: program.commit !== null,
      commit: program.commit?.slice(0, 12) ?? '',
      runtime: program.runtime,
    }),
    reference
      ? m.learned({
          ...{ ...model, windowSize: detector.windowSize, count: reference.embeddings.length },
          ...{
            hasSpan: span !== null,
            from: span?.[0] ?? 0,
            to: span?.[1] ?? 0,
            reference: reference.version,
          },
          referenceSha256: madeBy(making).reference!.sha256,
        })
      : m.unreferenced(model),
    detector.name === MMD ? m.mmd({ sigma: detector.sigma }) : m.other({ name: detector.name }),
    m.limits({ ...thresholds, ...persistence, isAtLimit: persistence.clearBelow === 1 }),
    calibrationSentence(calibration),
    m.glass({
      ...{ glassVersion: GLASS_VERSION, glassSigma: GLASS_SIGMA },
      ...{ glassWarning: GLASS_THRESHOLDS.warning, glassDrift: GLASS_THRESHOLDS.drift },
    }),
    m.usable({ hasByHand: byHand > 0, byHand }),
    m.flags,
    ...(camera.flagsSinceOnset ? [m.sinceOnset] : []),
    ...(counts ? [m.counts(counts)] : []),
  ].join(' ');
}

export function referenceLines({ making }: Pick<MethodFacts, 'making'>): readonly string[] {
  const { references } = m;
  const isMmd = making.camera.detector.name === MMD;
  return [
    ...(isMmd ? [references.frouros, references.gretton, references.tutorial] : []),
    references.porthole({ version: making.program.version }),
    references.qartod,
  ].sort((a, b) => a.localeCompare(b, 'en'));
}

function calibrationSentence(calibration: Making['calibration']): string {
  if (!calibration) return m.uncalibrated;
  const { evidence, createdAt, isImported = false } = calibration;
  if (!evidence) return m.replayed({ at: createdAt });
  return m.calibrated({
    ...{ at: createdAt, snapshots: evidence.snapshots, days: evidence.days, isImported },
    ...{ hasHeldOut: evidence.heldOutDays !== null, heldOutDays: evidence.heldOutDays ?? 0 },
    falseAlarms: evidence.heldOutEvents ?? 0,
  });
}
