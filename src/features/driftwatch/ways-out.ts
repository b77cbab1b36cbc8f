import type { Connection } from '../../core/storage/schema';

/** DriftWatch's public address, for who reaches it by a path of the page's host or not at all. */
const PUBLIC_ROOT = 'https://drift-watch.cloud.ai4eosc.eu/api/v1';

/** Likely addresses of it. */
export const SUGGESTED_ADDRESSES: readonly string[] = [PUBLIC_ROOT, '/driftwatch'];

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

interface Upload {
  readonly file: string;
  readonly connection: Connection;
  /** the API root behind a path of this page's host; null if that is not known */
  readonly upstream: string | null;
  /** null when none was chosen: the person fills it in */
  readonly experimentId: string | null;
}

/**
 * A shell script that uploads exported records from any computer with curl. It looks each record up first, so it may be
 * run again after a cut connection.
 */
export function uploadScript({ file, connection, upstream, experimentId }: Upload): string {
  const tokens = quoted(`${connection.mytokenServer}/api/v0/token/access`);
  const drifts = quoted(`${publicRoot(connection, upstream)}/experiment/${experimentId ?? 'ID'}/drift`);
  return String.raw`#!/bin/sh
# DriftWatch's API root and the mytoken server as this computer reaches them:
DRIFTS=${drifts}
TOKENS=${tokens}
fail() { echo "$1 $sent uploaded, $known were there already." >&2; exit 1; }
renew() {
  TOKEN=$(tr -d '\r\n' < mytoken.txt | curl -gsSf "$TOKENS" -d grant_type=mytoken --data-urlencode mytoken@- |
    sed 's/.*"access_token": *"\([^"]*\)".*/\1/')
  [ -n "$TOKEN" ] || fail 'No access token: is the mytoken in mytoken.txt valid?'
}
ask() { curl -gsSf -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' --data-binary "$2" "$1"; }
sent=0 known=0
while IFS= read -r record; do
  [ $(((sent + known) % 100)) -ne 0 ] || renew
  id=$(printf '%s' "$record" | sed 's/.*"result_id":"\([^"]*\)".*/\1/')
  there=$(ask "$DRIFTS/search" "{\"parameters.result_id\":\"$id\"}") || fail "Stopped at $id."
  if [ "$there" != "[]" ]; then known=$((known + 1)); continue; fi
  ask "$DRIFTS" "$record" > /dev/null || fail "Stopped at $id."
  sent=$((sent + 1))
done < ${quoted(file)}
echo "$sent uploaded, $known were there already."
`;
}

/** One word for a shell, with no character that the shell interprets. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The nginx block that forwards a path of a page's host to DriftWatch. */
export function nginxBlock(connection: Connection, upstream: string | null): string {
  const root = new URL(publicRoot(connection, upstream));
  return `location /driftwatch/ {
    proxy_pass ${root.href.replace(/\/*$/, '/')};
    proxy_set_header Host ${root.host};
    proxy_set_header Cookie "";
    proxy_ssl_server_name on;
    proxy_ssl_verify on;
    proxy_ssl_verify_depth 4;
    proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;
    proxy_cache off;
    proxy_hide_header X-Porthole-Upstream;
    add_header X-Porthole-Upstream ${root.href.replace(/\/*$/, '')} always;
}
`;
}

/** A request to DriftWatch's operators: always in English. */
export function operatorsText(origin: string): string {
  return `Please allow the origin ${origin} to call the DriftWatch API: add it to CORS_ORIGINS, which feeds the cors middleware of Traefik in your deployment. Without that, answer OPTIONS without authentication, and send Access-Control-Allow-Origin: ${origin}, Access-Control-Allow-Methods: GET, POST, PUT, DELETE and Access-Control-Allow-Headers: authorization, content-type.`;
}

function publicRoot({ baseUrl }: Connection, upstream: string | null): string {
  return baseUrl.startsWith('http') ? baseUrl : (upstream ?? PUBLIC_ROOT);
}
