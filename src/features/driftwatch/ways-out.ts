import type { ErrorCode } from '../../core/domain/errors';
import type { Connection } from '../../core/storage/schema';

/** Likely addresses of DriftWatch. */
export const SUGGESTED_ADDRESSES: readonly string[] = [
  'https://drift-watch.cloud.ai4eosc.eu/api/v1',
  '/driftwatch',
];

/** Failures whose sentence asks for another mytoken. */
const OF_MYTOKEN: readonly ErrorCode[] = ['mytoken-refused', 'mytoken-restricted', 'token-refused'];

export function wantsMytoken(failure: { readonly code: ErrorCode } | null | undefined): boolean {
  return failure !== null && failure !== undefined && OF_MYTOKEN.includes(failure.code);
}

/** The platform's pages that a person accepts who registers: DriftWatch's own are gone. */
export const TERMS = {
  use: 'https://ai4eosc.eu/platform/acceptable-use-policy/',
  privacy: 'https://ai4eosc.eu/privacy-policy/',
} as const;

/** The experiment's page in DriftWatch's GUI; null while it is not known where a path of this page's host leads. */
export function experimentPage(
  { baseUrl }: Pick<Connection, 'baseUrl'>,
  upstream: string | null,
  experimentId: string,
): string | null {
  const root = baseUrl.startsWith('http') ? baseUrl : upstream;
  return root && new URL(`/experiment/${experimentId}`, root).href;
}

/** A request to DriftWatch's operators: always in English. */
export function operatorsText(origin: string): string {
  return `Please allow the origin ${origin} to call the DriftWatch API: add it to CORS_ORIGINS, which feeds the cors middleware of Traefik in your deployment. Without that, answer OPTIONS without authentication, and send Access-Control-Allow-Origin: ${origin}, Access-Control-Allow-Methods: GET, POST, PUT, DELETE and Access-Control-Allow-Headers: authorization, content-type.`;
}
