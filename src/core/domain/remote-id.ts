const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * True for an id as DriftWatch gives them: a UUID.
 *
 * Ids become parts of addresses that the token is sent to. One that was made up, in a file or by another server, could
 * lead it to another path of the host.
 *
 * @see drift-watch-backend e885d05: each route takes `<uuid:…>`, any other id is a path that does not exist
 */
export function isRemoteId(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}
