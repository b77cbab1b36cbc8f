import { limitsIn, problemsOf } from './predict-args.js';

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
  const file = blob instanceof File ? blob : new File([blob], 'snapshot', { type: blob.type });
  return { file, limits: limitsIn(args) };
}
