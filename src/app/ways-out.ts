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
  const tokens = quoted(`${connection.mytokenServer}/api/v0/token/access`);
  const drifts = quoted(`${publicRoot(connection)}/experiment/${experimentId ?? 'ID'}/drift`);
  return String.raw`TOKEN=$(tr -d '\r\n' < mytoken.txt | curl -sf ${tokens} -d grant_type=mytoken --data-urlencode mytoken@- |
  sed 's/.*"access_token": *"\([^"]*\)".*/\1/')
[ -n "$TOKEN" ] || { echo 'No access token: is the mytoken in mytoken.txt valid?' >&2; exit 1; }
DRIFTS=${drifts}
ask() { curl -sSf -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' --data-binary @- "$1"; }
while IFS= read -r record; do
  id=$(printf '%s' "$record" | sed 's/.*"result_id":"\([^"]*\)".*/\1/')
  there=$(printf '{"parameters.result_id":"%s"}' "$id" | ask "$DRIFTS/search") || { echo "Stopped at $id" >&2; exit 1; }
  [ "$there" = "[]" ] || continue
  printf '%s' "$record" | ask "$DRIFTS" > /dev/null || { echo "Stopped at $id" >&2; exit 1; }
done < ${quoted(file)}
`;
}

/** For a shell, one word with nothing in it that the shell reads. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
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
