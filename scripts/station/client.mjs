/** The client that a request comes from, also through proxies. */
import { BlockList, isIP } from 'node:net';

const familyOf = (address) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/**
 * @param {readonly string[]} ranges - addresses and CIDR ranges
 * @returns {BlockList} what `clientOf` takes
 * @throws {Error} for a text that is neither
 */
export function proxiesIn(ranges) {
  const proxies = new BlockList();
  for (const range of ranges) {
    const [address, bits] = range.split('/');
    if (bits === undefined) proxies.addAddress(address, familyOf(address));
    else proxies.addSubnet(address, Number(bits), familyOf(address));
  }
  return proxies;
}

/**
 * The last address on the way here that is no named proxy's: anybody may write into `X-Forwarded-For`, and each proxy
 * adds the address that it was asked from.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {BlockList} proxies - of `proxiesIn`
 * @returns {string} an IPv4 address, or an IPv6 network of 64 bits, which is as much as one customer has
 */
export function clientOf({ headers, socket }, proxies) {
  const way = (headers['x-forwarded-for'] ?? '').split(',').map((hop) => plain(hop.trim()));
  let client = plain(String(socket.remoteAddress));
  while (proxies.check(client, familyOf(client)) && isIP(way.at(-1))) client = way.pop();
  return isIP(client) === 6 ? networkOf(client) : client;
}

/** An IPv4 address as such, where a socket for both kinds writes it as IPv6. */
function plain(address) {
  return address.replace(/^::ffff:(?=[\d.]+$)/i, '');
}

function networkOf(address) {
  const [unscoped] = address.split('%');
  // A URL writes each address in one way.
  const written = new URL(`http://[${unscoped}]`).hostname.slice(1, -1);
  const [front, back] = written.split('::').map((part) => part.split(':').filter(Boolean));
  const groups = back ? [...front, ...Array(8 - front.length - back.length).fill('0'), ...back] : front;
  return `${groups.slice(0, 4).join(':')}::/64`;
}
