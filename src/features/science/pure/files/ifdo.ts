import type { Position } from '../../../../core/domain/camera/deployment';
import { isoInstant } from '../../../../core/domain/instant';
import type { Usability } from '../../../../core/domain/usable/span';
import { snapshotsOf, type Snapshot, type UsableSource } from './tables';

const VERSION = 'v2.2.0';
const METERS_PER_DEGREE = 111_320;
const PERSON = 'person';

/** Whole-image annotations, and what they mean. */
const LABELS = {
  clear: 'Nothing is on the lens.',
  changed: 'Something came at once and stayed, on the lens or in the scene: nobody has told what.',
  fouled: 'Something is on the lens.',
  murky: 'The water hides most of the scene.',
  moved: 'The camera shows another view than its reference, or is turned.',
} as const;

const LABEL_OF: Readonly<Partial<Record<Usability, keyof typeof LABELS>>> = {
  usable: 'clear',
  fouled: 'fouled',
  murky: 'murky',
  moved: 'moved',
};

/**
 * The snapshots as an iFDO, a JSON file for a set of images. The standard asks for more than a deployment says: what is not
 * said is an empty text.
 *
 * @see https://www.ifdo-schema.org
 */
export function ifdoJson(source: UsableSource): string {
  const snapshots = snapshotsOf(source);
  const imageSet = {
    'image-set-header': headerOf(source, snapshots),
    'image-set-items': Object.fromEntries(snapshots.map((each) => [each.key, itemOf(each, source)])),
  };
  return `${JSON.stringify(imageSet, null, 2)}\n`;
}

function headerOf({ camera, madeBy }: UsableSource, snapshots: readonly Snapshot[]): object {
  const {
    platform,
    sensor,
    site,
    position,
    depth,
    licence,
    creators = [],
    begin,
    end,
    doi,
  } = camera.deployment ?? {};
  const [first, last] = [snapshots[0], snapshots.at(-1)];
  const time = (at: number | undefined) => (at === undefined ? '' : dateTime(at));
  return {
    'image-set-name': site === undefined ? camera.name : `${site} ${camera.name}`,
    'image-set-uuid': camera.id,
    'image-set-handle': doi === undefined ? `urn:uuid:${camera.id}` : `https://doi.org/${doi}`,
    'image-set-ifdo-version': VERSION,
    ...(begin !== undefined && { 'image-set-start-datetime': dateTime(begin) }),
    ...(end !== undefined && { 'image-set-end-datetime': dateTime(end) }),
    'image-datetime': time(first?.job.capturedAt),
    ...(position && {
      'image-latitude': position.latitude,
      'image-longitude': position.longitude,
      'image-coordinate-uncertainty-meters': uncertaintyOf(position),
    }),
    ...(depth !== undefined && { 'image-altitude-meters': -depth }),
    'image-coordinate-reference-system': 'EPSG:4326',
    'image-context': named(''),
    'image-project': named(''),
    // A station is an event.
    'image-event': named(site),
    'image-platform': named(platform),
    'image-sensor': named(sensor),
    'image-pi': named(''),
    'image-creators': creators.map(named),
    'image-license': named(licence),
    'image-copyright': '',
    'image-abstract': `Snapshots of ${camera.name}, ${time(first?.job.capturedAt)} to ${time(last?.job.capturedAt)} UTC, and how far they can be used.`,
    'image-acquisition': 'photo',
    'image-deployment': 'stationary',
    'image-annotation-labels': Object.entries(LABELS).map(([id, info]) => ({ id, name: id, info })),
    'image-annotation-creators': [
      { id: pageOf(madeBy), name: `Porthole ${madeBy.version}` },
      { id: PERSON, name: 'A person, by hand' },
    ],
  };
}

function itemOf(
  { job, usability, reason, cover, oceansites, word }: Snapshot,
  { madeBy }: UsableSource,
): object {
  const name = reason === 'changed' ? 'changed' : LABEL_OF[usability];
  const label = {
    label: name,
    annotator: word ? PERSON : pageOf(madeBy),
    'created-at': dateTime(word?.madeAt ?? job.createdAt),
  };
  return {
    'image-uuid': job.id,
    'image-hash-sha256': job.contentSha256,
    'image-handle': `urn:uuid:${job.id}`,
    'image-datetime': dateTime(job.capturedAt),
    // The standard's words for a picture that quality control has looked at, and for any other.
    'image-quality': oceansites === 0 ? 'raw' : 'processed',
    ...(cover !== null && {
      'image-visual-constraints': `${Math.round(100 * cover)} % of the lens is covered`,
    }),
    ...(name && {
      'image-annotations': [{ shape: 'whole-image', coordinates: [[]], labels: [label] }],
    }),
  };
}

const pageOf = ({ version }: UsableSource['madeBy']) => `porthole-${version}`;

/** An object with a name; a name that is an address has it as its address, too. */
function named(name = ''): object {
  return { name, ...(/^https?:/.test(name) && { uri: name }) };
}

/** `2023-07-30 08:30:36.000`, in UTC. */
function dateTime(at: number): string {
  return isoInstant(at).replace('T', ' ').replace('Z', '');
}

/** In metres: half of the last decimal that a position is given with. */
function uncertaintyOf({ latitude, longitude }: Position): number {
  const decimals = Math.max(
    ...[latitude, longitude].map((number) => String(number).split('.')[1]?.length ?? 0),
  );
  return Number(((METERS_PER_DEGREE / 2) * 10 ** -decimals).toPrecision(2));
}
