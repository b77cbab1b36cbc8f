import type { Connection } from '../storage/schema';

/** DriftWatch's public address, for who reaches it by a path of the page's host or not at all. */
const PUBLIC_ROOT = 'https://drift-watch.cloud.ai4eosc.eu/api/v1';

/** Where exported records are to go, and from whom. */
interface Upload {
  readonly file: string;
  readonly connection: Connection;
  /** null when none was chosen: the person fills it in */
  readonly experimentId: string | null;
}

/**
 * A shell script that uploads exported records from any computer with curl. It asks for each record first, so that
 * it may be run again after a cut connection.
 */
export function uploadScript({ file, connection, experimentId }: Upload): string {
  return String.raw`TOKEN=$(curl -sf ${connection.mytokenServer}/api/v0/token/access -d grant_type=mytoken --data-urlencode mytoken@mytoken.txt |
  sed 's/.*"access_token": *"\([^"]*\)".*/\1/')
DRIFTS=${publicRoot(connection)}/experiment/${experimentId ?? 'ID'}/drift
ask() { curl -sf -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' --data-binary @- "$1"; }
while IFS= read -r record; do
  id=$(printf '%s' "$record" | sed 's/.*"result_id":"\([^"]*\)".*/\1/')
  there=$(printf '{"parameters.result_id":"%s"}' "$id" | ask "$DRIFTS/search") || break
  [ "$there" = "[]" ] || continue
  printf '%s' "$record" | ask "$DRIFTS" > /dev/null || break
done < ${file}
`;
}

/** The nginx block that forwards a path of a page's host to DriftWatch. */
export function nginxBlock(connection: Connection): string {
  const root = new URL(publicRoot(connection));
  return `location /driftwatch/ {
    proxy_pass ${root.href.replace(/\/*$/, '/')};
    proxy_set_header Host ${root.host};
    proxy_set_header Cookie "";
    proxy_ssl_server_name on;
    proxy_ssl_verify on;
    proxy_ssl_verify_depth 4;
    proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;
    proxy_cache off;
}
`;
}

function publicRoot({ baseUrl }: Connection): string {
  return baseUrl.startsWith('http') ? baseUrl : PUBLIC_ROOT;
}
