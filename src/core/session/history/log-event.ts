import { v4 as uuid } from 'uuid';
import type { CameraEvent } from '../../domain/camera/event';
import { fetched } from '../../browser/late';
import { appWords } from '../../i18n/app-words';
import type { Inputs } from '../../storage/inputs';
import type { Session } from '../session.svelte';

/** The log of the chosen camera, and those who are told of it; a session has them. */
export type EventLog = Pick<Session, 'sources' | 'work' | 'cameras' | 'followers'>;

/** Notes what happened to the chosen camera. A cleaning empties the window for the snapshots after it. */
export async function logEvent(
  log: EventLog,
  event: Omit<CameraEvent, 'id' | 'cameraId'>,
  id: string = uuid(),
): Promise<boolean> {
  return logEvents(log, [{ ...event, id }]);
}

/** Notes several at once. */
export function logEvents(log: EventLog, events: readonly Omit<CameraEvent, 'cameraId'>[]): Promise<boolean> {
  const cameraId = log.cameras.chosen?.id ?? '';
  return changeEvents(
    log,
    { events: events.map((event) => ({ ...event, cameraId })) },
    events.map(({ at }) => at),
  );
}

/** Takes an event back. */
export async function undoEvent(log: EventLog, id: string): Promise<boolean> {
  const from = log.cameras.events.filter((event) => event.id === id).map(({ at }) => at);
  return changeEvents(log, { gone: [id] }, from);
}

/** Has an event say something else, and judges the history again from a capture time on. */
export async function reviseEvent(
  log: EventLog,
  event: CameraEvent,
  from: readonly number[],
): Promise<boolean> {
  return changeEvents(log, { events: [event] }, from);
}

/** Stores other events with the history that they make, and shows what is changed by them: nothing is read again. */
async function changeEvents(
  { sources, work, cameras, followers }: EventLog,
  inputs: Pick<Inputs, 'events' | 'gone'>,
  from: readonly number[],
): Promise<boolean> {
  return work.attempt(() =>
    work.alone(async () => {
      const { present } = cameras;
      if (!present) return;
      const { changeInputs, withInputs } = await fetched(
        appWords.app.places.monitor,
        import('./change-inputs'),
      );
      const { judged, renewed } = await changeInputs(sources, present, inputs, from);
      if (renewed) await cameras.renew();
      cameras.takeEvents(withInputs(present, inputs).events, judged);
      followers.judgedAnew();
    }),
  );
}
