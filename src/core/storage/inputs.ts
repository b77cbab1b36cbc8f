import type { Calibration } from '../domain/drift/judging';
import type { Camera } from '../domain/camera/camera';
import type { CameraEvent } from '../domain/camera/event';
import type { Reference } from '../domain/camera/reference';
import type { GlassFit } from '../domain/glass/glass';
import { referenceThumbnailKey, withCalibration } from './cameras';
import { allOrNothing, type Database } from './database';
import { JUDGED_STORES, judgedWrites, UNCHANGED, type JudgedAgain } from './judged-again';

/** Changes of the settings, reference and events that a camera is judged by. */
export interface Inputs {
  readonly camera?: Camera;
  /** those that are there already, such as with other places that are not on the glass */
  readonly references?: readonly Reference[];
  readonly calibration?: Calibration | null;
  readonly events?: readonly CameraEvent[];
  /** ids of events that are taken back */
  readonly gone?: readonly string[];
}

/** Stores the inputs that judge a camera, and its history judged again with them: all or nothing. */
export async function saveInputs(db: Database, inputs: Inputs, again: JudgedAgain): Promise<void> {
  const tx = db.transaction(
    ['cameras', 'references', 'calibrations', 'events', ...JUDGED_STORES],
    'readwrite',
  );
  const { camera, references = [], calibration, events = [], gone = [] } = inputs;
  await allOrNothing(tx, [
    ...(camera ? [() => tx.objectStore('cameras').put(camera)] : []),
    ...references.map((reference) => () => tx.objectStore('references').put(reference)),
    ...(calibration ? [() => tx.objectStore('calibrations').add(calibration)] : []),
    ...events.map((event) => () => tx.objectStore('events').put(event)),
    ...gone.map((id) => () => tx.objectStore('events').delete(id)),
    ...judgedWrites((name) => tx.objectStore(name), again),
  ]);
}

export interface WithReference {
  /** one picture for each embedding; null if there is none */
  readonly thumbnails?: readonly (ArrayBuffer | null)[];
  /** null if its pictures give none */
  readonly glassFit?: GlassFit | null;
  /** the camera goes on with its present reference: this one is of another view */
  readonly isBeside?: boolean;
  /** the camera then judges by its settings */
  readonly calibration?: Calibration | null;
  readonly events?: readonly CameraEvent[];
  /** the history judged again by it */
  readonly again?: JudgedAgain;
}

/** Adds a reference version with its embeddings and pictures, and makes the camera use it: all or nothing. */
export async function saveReference(
  db: Database,
  camera: Camera,
  reference: Reference,
  {
    thumbnails = [],
    glassFit = null,
    calibration = null,
    events = [],
    again = UNCHANGED,
    isBeside = false,
  }: WithReference = {},
): Promise<void> {
  const using: Camera = { ...camera, referenceId: reference.id };
  const updated = calibration ? withCalibration(using, calibration) : using;
  const stores = [
    ...(['cameras', 'references', 'thumbnails', 'glassFits', 'calibrations', 'events'] as const),
    ...JUDGED_STORES,
  ];
  const tx = db.transaction(stores, 'readwrite');
  await allOrNothing(tx, [
    () => tx.objectStore('references').add(reference),
    ...(isBeside ? [] : [() => tx.objectStore('cameras').put(updated)]),
    ...(glassFit ? [() => tx.objectStore('glassFits').put(glassFit, reference.id)] : []),
    ...(calibration ? [() => tx.objectStore('calibrations').add(calibration)] : []),
    ...events.map((event) => () => tx.objectStore('events').put(event)),
    ...judgedWrites((name) => tx.objectStore(name), again),
    ...thumbnails.flatMap((thumbnail, i) =>
      thumbnail
        ? [() => tx.objectStore('thumbnails').put(thumbnail, referenceThumbnailKey(reference.id, i))]
        : [],
    ),
  ]);
}
