import type { Job } from '../core/domain/camera/job';
import { isoSeconds } from '../core/domain/camera/summary';
import { numberOf, PREDICT_ARGS, problemsOf } from './predict-args.js';

/** An argument of `predict`, in the shape of a Swagger 2.0 parameter, as DEEPaaS publishes it. */
export interface ArgumentDescription {
  readonly in: 'formData' | 'query';
  readonly type: 'file' | 'number';
  readonly required: boolean;
  readonly description: string;
  readonly format?: string;
  readonly default?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface PredictArguments {
  input_file: Blob;
  drift_distance?: number;
  warning_distance?: number;
}

/** The limits that an answer goes by. */
export interface PredictLimits {
  readonly drift_distance: number;
  readonly warning_distance: number;
}

/** The tutorial's flat answer, and beside it `parameters`, `tags` and `version`, as the deployed module gives them. */
export interface Prediction extends PredictLimits {
  /** null while the window fills, when the file is no picture, or when the camera's settings can tell nothing */
  readonly drift: boolean | null;
  readonly distance: number | null;
  /** why there is no verdict; absent when there is one */
  readonly reason?: string;
  readonly image_name: string;
  readonly captured_at: string;
  readonly parameters: PredictLimits & {
    readonly distance: number | null;
    readonly warning: boolean | null;
    /** an address of the picture; nobody but this device has it */
    readonly link: null;
  };
  readonly tags: readonly string[];
  readonly version: string;
}

/** @param facts - the camera's name, and why there is no verdict */
export function predictionOf(
  job: Job,
  limits: PredictLimits,
  facts: { readonly camera: string; readonly reason: string | null },
): Prediction {
  const distance = job.jobStatus === 'Completed' ? job.distance : null;
  const { reason, camera } = facts;
  const exceeds = (limit: number) => (distance === null ? null : distance > limit);
  return {
    drift: exceeds(limits.drift_distance),
    distance,
    ...limits,
    ...(reason === null ? {} : { reason }),
    image_name: job.imageName,
    captured_at: isoSeconds(job.capturedAt),
    parameters: { distance, warning: exceeds(limits.warning_distance), ...limits, link: null },
    tags: [camera],
    version: __PORTHOLE_VERSION__,
  };
}

/** Bad arguments, with the messages that DEEPaaS gives for them: field to messages. */
class ValidationError extends Error {
  override readonly name = 'ValidationError';

  constructor(readonly messages: Readonly<Record<string, readonly string[]>>) {
    super(JSON.stringify(messages));
  }
}

/** @throws ValidationError */
export function validated(args: Partial<PredictArguments>): { file: File; limits: PredictLimits } {
  const messages = problemsOf(args);
  const { input_file: blob } = args;
  if (Object.keys(messages).length > 0 || !blob) throw new ValidationError(messages);
  // Without a problem it is a number.
  const limit = (name: keyof PredictLimits) => numberOf(args[name] ?? PREDICT_ARGS[name].default)!;
  const limits = {
    drift_distance: limit('drift_distance'),
    warning_distance: limit('warning_distance'),
  };
  const file = blob instanceof File ? blob : new File([blob], 'snapshot', { type: blob.type });
  return { file, limits };
}
