import type { Detail } from '../detail';
import type { ErrorCode } from '../errors';

/** A snapshot that did not become an embedding of its own, and why. */
export type LeftOut =
  | { readonly kind: 'unreadable'; readonly name: string; readonly code: ErrorCode; readonly detail: Detail }
  | { readonly kind: 'same-picture'; readonly name: string; readonly as: string };
