import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { cycleBegan, timeOfName } from '../camera/time/reference-times';
import type { CameraTime } from '../camera/time/zone';
import type { Deployment } from '../camera/deployment';
import type { Camera } from '../camera/camera';
import type { Reference } from '../camera/reference';
import { isoSeconds } from '../camera/summary';
import type { Calibration } from '../drift/judging';
import { GLASS_SIGMA, GLASS_THRESHOLDS, GLASS_VERSION } from '../glass/glass-facts';

export interface Program {
  /** Porthole's */
  readonly version: string;
  /** of the source, in hexadecimal; null for a build without it */
  readonly commit: string | null;
  readonly runtime: string;
  readonly browser: string;
}

export interface ProvenanceFacts {
  readonly program: Program;
  readonly camera: Camera;
  readonly modelName: string;
  readonly reference: Reference | null;
  readonly calibration: Calibration | null;
}

/**
 * The hash of a reference, whatever stored it: its embeddings as little-endian float32, row after row, then each name
 * in UTF-8 with a line feed after it. Python computes it from the exported `.npz`; see README.md.
 */
export function referenceSha256({ embeddings, names }: Pick<Reference, 'embeddings' | 'names'>): string {
  const hash = sha256.create();
  for (const embedding of embeddings) {
    const bytes = new DataView(new ArrayBuffer(4 * embedding.length));
    embedding.forEach((value, i) => {
      bytes.setFloat32(4 * i, value, true);
    });
    hash.update(new Uint8Array(bytes.buffer));
  }
  hash.update(utf8ToBytes(names.map((name) => `${name}\n`).join('')));
  return bytesToHex(hash.digest());
}

export function textSha256(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** First and last capture time of a reference's snapshots, in milliseconds since 1970; null if none is known. */
export function referenceSpan(
  { names, capturedAt }: Pick<Reference, 'names' | 'capturedAt'>,
  camera: CameraTime,
): readonly [number, number] | null {
  const times = (capturedAt ?? names.map((name) => timeOfName(name, camera))).filter((at) => at !== null);
  return times.length === 0 ? null : [Math.min(...times), Math.max(...times)];
}

/** A deployment under the names that `config.toml` has; the note for the diver is for nobody else. */
function deploymentOf({ position, note: _note, begin, end, ...said }: Deployment) {
  return {
    ...position,
    ...said,
    ...(begin !== undefined && { begin: isoSeconds(begin) }),
    ...(end !== undefined && { end: isoSeconds(end) }),
  };
}

/**
 * The makers of a camera's results, as the object `made_by` of exports. It depends on nothing but the program and
 * what is stored: the same results give the same text. Hashes are SHA-256 in lower-case hexadecimal.
 */
export function madeBy({ program, camera, modelName, reference, calibration }: ProvenanceFacts) {
  const { detector, thresholds, persistence, transform } = camera;
  const span = reference && referenceSpan(reference, camera);
  const evidence = calibration?.evidence;
  return {
    program: 'Porthole',
    version: program.version,
    commit: program.commit,
    onnx_runtime_web: program.runtime,
    browser: program.browser,
    camera: camera.name,
    ...(camera.timeZone !== undefined && { time_zone: camera.timeZone }),
    ...(camera.timeOffset !== undefined && { time_offset_ms: camera.timeOffset }),
    ...(camera.deployment && { deployment: deploymentOf(camera.deployment) }),
    model: { name: modelName, sha256: camera.modelSha256, transform },
    reference: reference && {
      version: reference.version,
      cycle: isoSeconds(cycleBegan(reference)),
      snapshots: reference.embeddings.length,
      from: span && isoSeconds(span[0]),
      to: span && isoSeconds(span[1]),
      sha256: referenceSha256(reference),
    },
    detector: { name: detector.name, window_size: detector.windowSize, sigma: detector.sigma },
    limits: thresholds,
    persistence: {
      raise_after: persistence.raiseAfter,
      clear_after: persistence.clearAfter,
      clear_below: persistence.clearBelow,
    },
    calibration: calibration && {
      version: calibration.version,
      accepted_at: isoSeconds(calibration.createdAt),
      clean_snapshots: evidence?.snapshots ?? null,
      clean_days: evidence?.days ?? null,
      days_left_out: evidence?.heldOutDays ?? null,
      false_alarms_on_them: evidence?.heldOutEvents ?? null,
    },
    flags_since_onset: camera.flagsSinceOnset ?? false,
    growth_and_loss: { version: GLASS_VERSION, sigma: GLASS_SIGMA, limits: GLASS_THRESHOLDS },
  };
}
