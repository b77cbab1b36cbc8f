/** Answers to a camera that asks for a password: Basic (RFC 7617) and Digest (RFC 7616, and RFC 2069 without `qop`). */
import { createHash, randomBytes } from 'node:crypto';

const HASHES = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };
const PARAMETER = /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;
const CHALLENGE = /(?<![\w-])(Basic|Digest)\s+((?:[\w-]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s,"]+)\s*,?\s*)*)/gi;
/** Each nonce is used for one request. */
const COUNT = '00000001';

/**
 * @param {string} challenges - the header `WWW-Authenticate`
 * @param {{ user: string, password: string }} credentials
 * @param {string} uri - path and query that are asked for with GET
 * @param {string} cnonce - another one for each request
 * @returns {string | null} the header `Authorization`, Digest where that is offered; null if neither can be used
 */
export function authorizationFor(challenges, credentials, uri, cnonce = randomBytes(16).toString('hex')) {
  const offered = [...challenges.matchAll(CHALLENGE)].map(([, scheme, rest]) => ({
    scheme: scheme.toLowerCase(),
    ...Object.fromEntries(
      [...rest.matchAll(PARAMETER)].map(([, key, quoted, plain]) => [
        key.toLowerCase(),
        plain ?? quoted.replace(/\\(.)/g, '$1'),
      ]),
    ),
  }));
  const answered = offered.map((each) =>
    each.scheme === 'digest' ? digest(each, credentials, uri, cnonce) : null,
  );
  const best = answered.find((answer) => answer !== null);
  if (best !== undefined) return best;
  if (!offered.some(({ scheme }) => scheme === 'basic')) return null;
  const { user, password } = credentials;
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function digest({ realm = '', nonce, opaque, algorithm = 'MD5', qop }, { user, password }, uri, cnonce) {
  const [, name, isSession] = /^(.*?)(-sess)?$/i.exec(algorithm);
  const kind = HASHES[name.toUpperCase()];
  const hasQop = qop?.split(',').some((each) => each.trim().toLowerCase() === 'auth');
  if (!kind || nonce === undefined || (qop !== undefined && !hasQop)) return null;
  const hash = (...parts) => createHash(kind).update(parts.join(':')).digest('hex');
  const secret = hash(user, realm, password);
  const key = isSession ? hash(secret, nonce, cnonce) : secret;
  const asked = hash('GET', uri);
  const response = hasQop ? hash(key, nonce, COUNT, cnonce, 'auth', asked) : hash(key, nonce, asked);
  const fields = [
    ['username', user],
    ['realm', realm],
    ['nonce', nonce],
    ['uri', uri],
    ['response', response],
    ...(opaque === undefined ? [] : [['opaque', opaque]]),
    ...(hasQop || isSession ? [['cnonce', cnonce]] : []),
  ].map(([key, value]) => `${key}="${value.replace(/["\\]/g, '\\$&')}"`);
  const said = [...fields, `algorithm=${algorithm}`, ...(hasQop ? ['qop=auth', `nc=${COUNT}`] : [])];
  // A header takes bytes, one for each character.
  return `Digest ${Buffer.from(said.join(', ')).toString('latin1')}`;
}
