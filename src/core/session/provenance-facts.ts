import { madeBy, type ProvenanceFacts, type Program } from '../domain/files/provenance';
import type { Models } from './models.svelte';
import type { Session } from './session.svelte';

/** The chosen camera and the models; a session has them. */
export type ProvenanceParts = Pick<Session, 'cameras' | 'models'>;

export function programHere(): Program {
  return {
    version: __PORTHOLE_VERSION__,
    commit: __PORTHOLE_COMMIT__,
    runtime: __ONNX_RUNTIME_VERSION__,
    browser: navigator.userAgent,
  };
}

/** Program, camera, model, reference and calibration behind the chosen camera's numbers; null without a camera. */
export function provenanceFactsOf({ cameras, models }: ProvenanceParts): ProvenanceFacts | null {
  const { chosen: camera, reference, calibration } = cameras;
  if (!camera) return null;
  return { program: programHere(), camera, modelName: modelNameOf(models, camera), reference, calibration };
}

/** A model's name, or the start of its hash. */
export function modelNameOf(models: Models, { modelSha256 }: { readonly modelSha256: string }): string {
  return models.find(modelSha256)?.manifest.name ?? modelSha256.slice(0, 12);
}

/** The same as the object `made_by` of exports. */
export function madeByOf(parts: ProvenanceParts): ReturnType<typeof madeBy> | null {
  const provenance = provenanceFactsOf(parts);
  return provenance && madeBy(provenance);
}
