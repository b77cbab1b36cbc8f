import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Names of this computer that no foreign name server can give another meaning. */
export const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** The name of `PORTHOLE_HOST`, in a list; an empty one without it. */
export function hostsGiven() {
  const { PORTHOLE_HOST: given } = process.env;
  return given ? [given.toLowerCase()] : [];
}

/**
 * True if the request asks for this computer by its own name and port, or by a name in `hosts`. A page of another site
 * whose name was made to point here (DNS rebinding) would otherwise be one of ours.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {readonly string[]} hosts - in lower case; a name alone holds with any port, and `name.*` in any domain
 */
export function isOwnHost({ headers: { host = '' }, socket }, hosts) {
  // Browsers leave the usual port out.
  const usual = socket.encrypted ? 443 : 80;
  const port = socket.localPort === usual ? '' : `:${socket.localPort}`;
  return isListed(host, hosts) || OWN_NAMES.some((name) => host === `${name}${port}`);
}

/**
 * The same for a server that others reach, perhaps by another port, also by this computer's name in the network or any
 * IP address: a page sends the name that it came from, so an address leads nowhere else.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {readonly string[]} hosts - as for `isOwnHost`
 */
export function isReachedHost({ headers: { host = '' } }, hosts) {
  const name = nameIn(host);
  const isOwn = ['localhost', hostname().toLowerCase()].includes(name);
  return isOwn || isListed(host, hosts) || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;
}

function isListed(host, hosts) {
  const name = nameIn(host);
  return hosts.some((each) =>
    each.endsWith('.*') ? name.startsWith(each.slice(0, -1)) : [host.toLowerCase(), name].includes(each),
  );
}

/** A host without its port, in lower case. */
function nameIn(host) {
  return host.replace(/:\d+$/, '').toLowerCase();
}
