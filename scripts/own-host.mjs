/** Names of this computer that no foreign name server can give another meaning. */
export const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * True if the request asks for this computer by its own name and port, or as `PORTHOLE_HOST` says: a name alone holds
 * with any port. A page of another site whose name was made to point here (DNS rebinding) would otherwise be one of ours.
 *
 * @param {import('node:http').IncomingMessage} request
 */
export function isOwnHost({ headers: { host = '' }, socket }) {
  const given = process.env.PORTHOLE_HOST;
  if (given && (host === given || host.replace(/:\d+$/, '') === given)) return true;
  // Browsers leave the usual port out.
  const usual = socket.encrypted ? 443 : 80;
  const port = socket.localPort === usual ? '' : `:${socket.localPort}`;
  return OWN_NAMES.some((name) => host === `${name}${port}`);
}
