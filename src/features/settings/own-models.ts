import { download } from '../../core/browser/download';
import type { ModelManifest } from '../../core/domain/model/model';
import type { Session } from '../../core/session/session.svelte';

/** Takes in a user's own ONNX autoencoder. @returns null when its trial was cancelled */
export async function addModel(session: Session, file: File): Promise<ModelManifest | null> {
  return session.work.alone(() => session.models.add(file));
}

/** Tries a model again that took too long an earlier time. */
export async function tryModel(session: Session, sha256: string): Promise<void> {
  await session.work.attempt(() => session.work.alone(() => session.models.tryAgain(sha256)));
}

/** Keeps a user's own model under an edited manifest. @returns whether it was changed */
export async function editModel(session: Session, manifest: ModelManifest): Promise<boolean> {
  return session.work.attempt(() => session.work.alone(() => session.models.edit(manifest)));
}

/** Saves a model's ONNX file, for another laptop. */
export async function saveModelFile(session: Session, sha256: string): Promise<void> {
  await session.work.attempt(async () => {
    const { manifest, bytes } = await session.models.source(sha256);
    download(bytes, manifest.file, 'application/octet-stream');
  });
}

export async function forgetModel(session: Session, sha256: string): Promise<void> {
  await session.work.attempt(() => session.work.alone(() => session.models.forget(sha256)));
}

/** Starts the encoder with the chosen camera's model, so that its self-test and speed can be seen. */
export async function startEncoder(session: Session): Promise<void> {
  await session.work.attempt(async () => {
    await session.scoring.giveWay();
    await session.models.open(session.cameras.chosen?.modelSha256 ?? session.models.defaultSha256);
  });
}
