import { madeBy, referenceSpan, type ProvenanceFacts } from '../../../core/domain/files/provenance';
import { GLASS_SIGMA, GLASS_THRESHOLDS, GLASS_VERSION } from '../../../core/domain/glass/glass-facts';
import type { Camera } from '../../../core/domain/camera/camera';
import { deploymentFacts } from '../../../core/i18n/deployment-words';
import { referenceName } from '../../../core/i18n/reference-name';
import deploymentWords from '../../../words/deployment.en.js';
import methodsWords from '../../../words/methods.en.js';

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
  readonly provenance: ProvenanceFacts;
  /** how many stretches of time a person has set */
  readonly byHand: number;
  readonly counts: MaskedCounts | null;
}

/** How the numbers of a camera were made, as a paragraph for a paper, in English. */
export function methodsParagraph({ provenance, byHand, counts }: MethodFacts): string {
  const { camera, reference, calibration, program, modelName } = provenance;
  const { detector, thresholds, persistence } = camera;
  const model = { model: modelName, sha256: camera.modelSha256 };
  const span = reference && referenceSpan(reference, camera);
  return [
    methodsWords.program({
      camera: camera.name,
      version: program.version,
      commit: program.commit?.slice(0, 12) ?? null,
      runtime: program.runtime,
    }),
    ...deployedSentence(camera),
    reference
      ? methodsWords.learned({
          ...{ ...model, windowSize: detector.windowSize, count: reference.embeddings.length },
          ...{
            from: span?.[0] ?? null,
            to: span?.[1] ?? null,
            reference: referenceName(reference, 'en'),
          },
          referenceSha256: madeBy(provenance).reference!.sha256,
        })
      : methodsWords.unreferenced(model),
    detector.name === MMD
      ? methodsWords.mmd({ sigma: detector.sigma })
      : methodsWords.other({ name: detector.name }),
    methodsWords.limits({ ...thresholds, ...persistence, isAtLimit: persistence.clearBelow === 1 }),
    calibrationSentence(calibration),
    methodsWords.glass({
      ...{ glassVersion: GLASS_VERSION, glassSigma: GLASS_SIGMA },
      ...{ glassWarning: GLASS_THRESHOLDS.warning, glassDrift: GLASS_THRESHOLDS.drift },
    }),
    methodsWords.usable({ hasByHand: byHand > 0, byHand }),
    methodsWords.flags,
    ...(camera.flagsSinceOnset ? [methodsWords.sinceOnset] : []),
    ...(counts ? [methodsWords.counts(counts)] : []),
  ].join(' ');
}

export function referenceLines({ provenance }: Pick<MethodFacts, 'provenance'>): readonly string[] {
  const { references } = methodsWords;
  const isMmd = provenance.camera.detector.name === MMD;
  return [
    ...(isMmd ? [references.frouros, references.gretton, references.tutorial] : []),
    ...picturesReference(provenance.camera),
    references.porthole({ version: provenance.program.version }),
    references.qartod,
  ].sort((a, b) => a.localeCompare(b, 'en'));
}

function deployedSentence({ deployment = {} }: Camera): readonly string[] {
  const facts = deploymentFacts(deployment, deploymentWords, 'en');
  const said = facts.map(([fact, text]) => `${fact === 'doi' ? 'DOI' : fact} ${text}`);
  return said.length > 0 ? [methodsWords.deployed({ facts: said.join('; ') })] : [];
}

/** The pictures as a data set, if somebody made them or they have an address. */
function picturesReference({
  name,
  deployment: { creators = [], licence, doi } = {},
}: Camera): readonly string[] {
  if (creators.length === 0 && doi === undefined) return [];
  const title = methodsWords.references.pictures({ camera: name });
  const address = doi === undefined ? undefined : `https://doi.org/${doi}`;
  const parts = [creators.join(', ') || undefined, title, licence, address];
  return [parts.filter((part) => part !== undefined).join('. ')];
}

function calibrationSentence(calibration: ProvenanceFacts['calibration']): string {
  if (!calibration) return methodsWords.uncalibrated;
  const { evidence, createdAt, isImported = false } = calibration;
  if (!evidence) return methodsWords.replayed({ at: createdAt });
  const { heldOutDays, heldOutEvents } = evidence;
  return methodsWords.calibrated({
    ...{ at: createdAt, snapshots: evidence.snapshots, days: evidence.days },
    tested:
      heldOutDays === null ? '' : methodsWords.heldOut({ heldOutDays, heldOutEvents: heldOutEvents ?? 0 }),
    source: isImported ? methodsWords.importedFrom : '',
  });
}
