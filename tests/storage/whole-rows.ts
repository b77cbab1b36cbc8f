/** Builders of stored rows that storage takes for sound, for specs that run in a page: each alike but for what is given. */
import type { SpanByHand } from '../../src/core/domain/usable/span';
import type { Calibration } from '../../src/core/domain/drift/judging';
import type { Delivery } from '../../src/core/domain/camera/records/delivery';
import type { Camera } from '../../src/core/domain/camera/camera';
import type { CameraEvent } from '../../src/core/domain/camera/event';
import type { CompletedJob, FailedJob } from '../../src/core/domain/camera/job';
import type { Reference } from '../../src/core/domain/camera/reference';
import type { EarlierBoxes, EarlierDetector } from '../../src/core/domain/camera/earlier-boxes';

const transform = { resize: { height: 224, width: 224 }, mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2] };
const judging = {
  detector: { name: 'mmd-streaming', windowSize: 12, sigma: 0.3 },
  thresholds: { warning: 0.05, drift: 0.1 },
  persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
} as const;

export const wholeCamera = (id = 'camera', more: Partial<Camera> = {}): Camera => ({
  id,
  name: 'Reef',
  modelSha256: 'model',
  transform: transform as unknown as Camera['transform'],
  ...judging,
  referenceId: null,
  calibrationId: null,
  warmUp: 'none',
  configToml: null,
  isDemo: false,
  createdAt: 1,
  ...more,
});

export const wholeReference = (id = 'reference', more: Partial<Reference> = {}): Reference => ({
  id,
  cameraId: 'camera',
  version: 1,
  modelSha256: 'model',
  transform: transform as unknown as Camera['transform'],
  names: ['a.jpg', 'b.jpg'],
  embeddings: [new Float32Array([1, 2]), new Float32Array([3, 4])],
  warmUpEmbeddings: [],
  createdAt: 1,
  ...more,
});

/** A camera whose small window soon shows what it sees, and its reference: 20 embeddings along a line. */
export const quickCamera = (id: string, referenceId: string) => ({
  camera: wholeCamera(id, {
    name: id,
    referenceId,
    detector: { name: 'mmd-streaming', windowSize: 4, sigma: 0.5 },
  }),
  reference: wholeReference(referenceId, {
    cameraId: id,
    names: [],
    embeddings: Array.from({ length: 20 }, (_, i) => new Float32Array([i / 20, 1 - i / 20, 0.5])),
    isOwnModel: true,
  }),
});

const jobFacts = (id: string, capturedAt: number) => ({
  id,
  cameraId: 'camera',
  imageName: `${id}.jpg`,
  contentSha256: id,
  capturedAt,
  capturedAtSource: 'file-name' as const,
  createdAt: 1,
});

export const wholeJob = (id = 'job', capturedAt = 10, more: Partial<CompletedJob> = {}): CompletedJob => ({
  ...jobFacts(id, capturedAt),
  jobStatus: 'Completed',
  distance: 0.1,
  windowFill: 12,
  thresholds: judging.thresholds,
  detector: judging.detector,
  referenceId: 'reference',
  modelSha256: 'model',
  properties: {
    width: 640,
    height: 480,
    brightness: 0.5,
    contrast: 0.2,
    sharpness: 0.1,
    blueMinusRed: 0.1,
    greenCast: 0,
  },
  ...more,
});

export const wholeFailed = (id = 'failed', capturedAt = 10, more: Partial<FailedJob> = {}): FailedJob => ({
  ...jobFacts(id, capturedAt),
  jobStatus: 'Failed',
  code: 'empty-file',
  detail: '',
  ...more,
});

export const wholeEvent = (id = 'event', more: Partial<CameraEvent> = {}): CameraEvent => ({
  id,
  cameraId: 'camera',
  kind: 'cleaned',
  at: 1,
  note: '',
  ...more,
});

/** An answer to a change, that was lifted later. */
export const wholeScene = (id = 'scene', more: Partial<CameraEvent> = {}): CameraEvent =>
  wholeEvent(id, {
    kind: 'scene',
    scene: {
      ...{ growth: [3, 4], loss: [2], referenceId: 'reference', answer: 'in-scene' },
      ...{ position: { down: 0, right: 2 }, liftedAt: 5 },
    },
    beginsCycle: true,
    ...more,
  });

export const wholeCalibration = (id = 'calibration', more: Partial<Calibration> = {}): Calibration => ({
  id,
  cameraId: 'camera',
  version: 1,
  referenceId: 'reference',
  modelSha256: 'model',
  createdAt: 1,
  ...judging,
  evidence: null,
  ...more,
});

export const wholeSpanByHand = (id = 'span', more: Partial<SpanByHand> = {}): SpanByHand => ({
  id,
  cameraId: 'camera',
  usability: 'suspect',
  begin: 1,
  end: 100,
  note: 'a diver stirred the ground',
  madeAt: 5,
  ...more,
});

export const wholeDelivery = (jobId = 'job', more: Partial<Delivery> = {}): Delivery => ({
  lane: '/driftwatch#experiment',
  jobId,
  cameraId: 'camera',
  imageName: `${jobId}.jpg`,
  capturedAt: 10,
  body: '{}',
  state: 'queued',
  attempts: 0,
  notBefore: 0,
  sentAt: null,
  remoteId: null,
  failure: null,
  ...more,
});

export const wholeDetector = (sha256 = 'detector'): EarlierDetector => ({
  sha256,
  name: 'fish.onnx',
  classes: ['fish', 'crab'],
});

export const wholeDetections = (
  jobId = 'job',
  detectorSha256 = 'detector',
  more: Partial<EarlierBoxes> = {},
): EarlierBoxes => ({
  jobId,
  cameraId: 'camera',
  detectorSha256,
  boxes: [{ left: 1, top: 2, width: 3, height: 4, score: 0.5, classId: 1 }],
  ...more,
});
