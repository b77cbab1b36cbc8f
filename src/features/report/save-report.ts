import { staysAt } from '../../core/session/pictures/what-stays';
import { thumbnailTexts } from '../../core/session/pictures/thumbnail-texts';
import type { Camera } from '../../core/domain/camera/camera';
import { isoSeconds } from '../../core/domain/camera/summary';
import { download, fileNameFrom } from '../../core/browser/download';
import { configTextOrNull } from '../../core/session/exports';
import { fetched } from '../../core/browser/late';
import { fetchDetails } from '../../core/i18n/details';
import { bytes } from '../../core/i18n/format';
import type { Session } from '../../core/session/session.svelte';
import { reportFacts, picturedJobs, type ReportPeriod } from './facts';
import { writeReport } from './page';
import { referenceSha256, textSha256 } from '../../core/domain/files/provenance';
import { modelNameOf, programHere } from '../../core/session/provenance-facts';
import type { Provenance } from './report-provenance';

/** @returns its name and size; null when no camera is chosen. @throws AppError when storage fails, `fetch-failed` */
export async function saveReport(
  session: Session,
  span: ReportPeriod,
): Promise<{ readonly name: string; readonly size: string } | null> {
  const { chosen: camera } = session.cameras;
  const text = await reportText(session, span);
  if (!camera || text === null) return null;
  const day = isoSeconds(session.cameras.now()).slice(0, 10);
  const name = `${fileNameFrom('porthole-report', camera.name.slice(0, 60), day)}.html`;
  const file = new Blob([text], { type: 'text/html' });
  download(file, name, 'text/html');
  return { name, size: bytes(file.size) };
}

/** @returns HTML; null when no camera is chosen. @throws AppError when storage fails, `fetch-failed` */
export async function reportText(session: Session, span: ReportPeriod): Promise<string | null> {
  await session.history.whole;
  const { chosen: camera, events, references, calibrations, calibration, judgingModels } = session.cameras;
  const { db, history } = session;
  if (!camera) return null;
  const { jobs, aside } = history;
  const source = {
    camera,
    jobs,
    aside,
    events,
    references,
    calibrations,
    calibration,
    models: judgingModels,
    now: session.cameras.now(),
  };
  const facts = reportFacts(source, span);
  const pictures = await thumbnailTexts(
    db,
    picturedJobs(facts).map(({ id }) => id),
  );
  const { latest } = facts.verdict;
  const stays = latest ? await staysAt(session, latest, jobs, events, references) : null;
  // A file is not drawn again.
  await fetched('details', fetchDetails());
  return writeReport(facts, await provenanceOf(session, camera), pictures, stays);
}

async function provenanceOf(session: Session, camera: Camera): Promise<Provenance> {
  const { reference, calibration } = session.cameras;
  const { models } = session;
  const { modelSha256 } = camera;
  // A report says more when the encoder has shown that it computes rightly here; it does not depend on it.
  if (session.work.canChange) {
    await session.work
      .alone(() => models.open(modelSha256))
      .catch((error: unknown) => {
        console.warn(error);
      });
  }
  const { encoder } = session;
  const config = configTextOrNull(camera, reference, calibration);
  return {
    ...programHere(),
    modelName: modelNameOf(models, camera),
    modelSha256,
    referenceSha256: reference && referenceSha256(reference),
    configSha256: config === null ? null : textSha256(config),
    encoder: encoder.modelSha256 === modelSha256 && encoder.state === 'ready' ? encoder : null,
  };
}
