import { v4 as uuid } from 'uuid';
import { withDeployment, withTime, type Camera, type WarmUpSource } from '../../../core/domain/camera/camera';
import type { Deployment } from '../../../core/domain/camera/deployment';
import { judgingProblem } from '../../../core/domain/drift/judging-problem';
import { NO_PERSISTENCE } from '../../../core/domain/drift/persistence';
import type { Thresholds } from '../../../core/domain/drift/thresholds';
import { AppError } from '../../../core/domain/errors';
import type { Config } from '../../../core/domain/files/config-toml';
import { plainName } from '../../../core/domain/files/plain-name';
import type { DetectorSettings, ModelManifest, Transform } from '../../../core/domain/model/model';
import { NO_MODEL } from '../../../core/domain/model/numbers';
import { INSTANT } from '../../../core/domain/ranges';

/** A person's choices, beside the files. */
export interface SetUpChoices {
  name: string;
  modelSha256: string;
  /** absent for the one that the configuration suggests */
  warmUp?: WarmUpSource;
  /** instead of the configuration's or the model's, where given */
  detector?: Partial<DetectorSettings>;
  thresholds?: Thresholds;
  deployment?: Deployment;
  /** false if the reference stays, whatever is cleaned */
  renewsReference?: boolean;
  /** true if the dates of files count as capture times where nothing else tells them */
  countsFileDates?: boolean;
}

/** Facts on the camera that came with the files. */
interface GivenFacts {
  readonly config: Config | null;
  readonly configText: string | null;
  readonly described: { readonly deployment: Deployment } | null;
  readonly timeZone: string;
}

/** The camera by which pictures are read: the existing one, or one of these choices. @throws AppError `model-missing`, `config-value` */
export function baseOf(
  models: { find(sha256: string): { readonly manifest: ModelManifest } | null },
  choices: SetUpChoices,
  given: GivenFacts,
  existing: Camera | null,
): Camera {
  const model = models.find(existing?.modelSha256 ?? choices.modelSha256);
  if (!model) throw new AppError('model-missing', choices.modelSha256.slice(0, 12));
  if (existing) transformFor(model.manifest, given.config);
  return existing ?? newCamera(choices, model.manifest, given);
}

/** The window begins with the last of the reference, but not where a calibration rests on an empty one. */
export function warmUpOf({ warmUp }: SetUpChoices, config: Config | null): WarmUpSource {
  return warmUp ?? (config?.calibration ? 'none' : 'reference');
}

function newCamera(
  choices: SetUpChoices,
  manifest: ModelManifest,
  { config, configText, described, timeZone }: GivenFacts,
): Camera {
  const thresholds = choices.thresholds ?? { ...manifest.thresholds, ...config?.thresholds };
  checkLoneLimit(thresholds, config);
  const camera = {
    id: uuid(),
    name: plainName(choices.name),
    modelSha256: manifest.sha256,
    transform: transformFor(manifest, config),
    detector: { ...manifest.detector, ...config?.detector, ...choices.detector },
    thresholds,
    persistence: { ...NO_PERSISTENCE, ...config?.persistence },
    referenceId: null,
    calibrationId: null,
    warmUp: warmUpOf(choices, config),
    configToml: configText,
    isDemo: false,
    cyclesFrom: 0,
    ...((choices.renewsReference ?? config?.renewsReference) === false && { renewsReference: false }),
    judgedInOrder: true,
    fileDatesUntil: (choices.countsFileDates ?? config?.countsFileDates) ? INSTANT.most : INSTANT.least,
    createdAt: Date.now(),
  };
  const deployment = { ...described?.deployment, ...config?.deployment, ...choices.deployment };
  const placed = withDeployment(camera, deployment);
  return withTime(placed, { ...config?.time, timeZone });
}

/** A limit that the configuration gives alone must fit the model's other one, which stands in. */
function checkLoneLimit(merged: Thresholds, config: Config | null): void {
  const { warning, drift } = config?.thresholds ?? {};
  if (!judgingProblem(merged) || (warning === undefined) === (drift === undefined)) return;
  const [given, other] =
    warning === undefined ? (['drift', 'warning'] as const) : (['warning', 'drift'] as const);
  const [value, limit] = [merged[given], merged[other]];
  throw new AppError('config-value', { code: 'toml-lone-limit', given, other, value, limit });
}

/** The configuration's transform; its size must be the one that the model reads. */
function transformFor(manifest: ModelManifest, config: Config | null): Transform {
  if (manifest.sha256 === NO_MODEL) return manifest.transform;
  const transform = config?.transform ?? manifest.transform;
  const { height, width } = transform.resize;
  if (height !== manifest.input.height || width !== manifest.input.width) {
    const found = `[${String(height)}, ${String(width)}]`;
    const wanted = `[${String(manifest.input.height)}, ${String(manifest.input.width)}]`;
    throw new AppError('config-value', { code: 'toml-resize', found, wanted });
  }
  return transform;
}
