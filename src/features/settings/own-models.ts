import { download } from '../../core/browser/download';
import type { EncoderChoice } from '../../core/domain/model/encoder-choice';
import type { ModelManifest } from '../../core/domain/model/model';
import type { Session } from '../../core/session/session.svelte';

type Parts = Pick<Session, 'work' | 'models'>;

/** Takes in a user's own ONNX autoencoder. @returns null when its trial was cancelled */
export async function addModel({ work, models }: Parts, file: File): Promise<ModelManifest | null> {
  return work.alone(() => models.add(file));
}

/** Tries a model again that took too long an earlier time. */
export async function tryModel({ work, models }: Parts, sha256: string): Promise<void> {
  await work.attempt(() => work.alone(() => models.tryAgain(sha256)));
}

/** Keeps a user's own model under an edited manifest. @returns whether it was changed */
export async function editModel({ work, models }: Parts, manifest: ModelManifest): Promise<boolean> {
  return work.attempt(() => work.alone(() => models.edit(manifest)));
}

/** Saves a model's ONNX file, for another laptop. */
export async function saveModelFile({ work, models }: Parts, sha256: string): Promise<void> {
  await work.attempt(async () => {
    const { manifest, bytes } = await models.source(sha256);
    download(bytes, manifest.file, 'application/octet-stream');
  });
}

export async function forgetModel({ work, models }: Parts, sha256: string): Promise<void> {
  await work.attempt(() => work.alone(() => models.forget(sha256)));
}

/** Chooses what computes, and starts it with the camera's model, so that its self-test and speed can be seen. */
export async function startEncoder(
  { work, models, scoring, cameras }: Session,
  choice: EncoderChoice,
): Promise<void> {
  await work.attempt(async () => {
    await scoring.giveWay();
    await models.chooseEncoder(choice);
    await models.open(cameras.chosen?.modelSha256 ?? models.defaultSha256);
  });
}
