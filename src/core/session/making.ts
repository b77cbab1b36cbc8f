import { madeBy, type Making, type Program } from '../domain/files/provenance';
import type { Session } from './session.svelte';

export function programHere(): Program {
  return {
    version: __PORTHOLE_VERSION__,
    commit: __PORTHOLE_COMMIT__,
    runtime: __ONNX_RUNTIME_VERSION__,
    browser: navigator.userAgent,
  };
}

/** Program, camera, model, reference and calibration behind the chosen camera's numbers; null without a camera. */
export function makingOf(
  session: Pick<Session, 'camera' | 'reference' | 'calibration' | 'models'>,
): Making | null {
  const { camera, reference, calibration, models } = session;
  if (!camera) return null;
  return { program: programHere(), camera, modelName: modelNameOf(models, camera), reference, calibration };
}

/** A model's name, or the start of its hash. */
export function modelNameOf(
  models: Session['models'],
  { modelSha256 }: { readonly modelSha256: string },
): string {
  return models.find(modelSha256)?.manifest.name ?? modelSha256.slice(0, 12);
}

/** The same as the object `made_by` of exports. */
export function madeByOf(session: Parameters<typeof makingOf>[0]): ReturnType<typeof madeBy> | null {
  const making = makingOf(session);
  return making && madeBy(making);
}
