import type { Detail } from '../domain/detail';
import { AppError } from '../domain/errors';

/** DriftWatch's version of its API, as drift-monitor takes it when nothing else is said. */
const DEFAULT_API = '/api/v1';
/** Stands for the page's own host. */
const NOWHERE = 'http://path.invalid';
const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;

/** True for this computer: what goes there crosses no network. */
export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname);
}

/**
 * An API root as a person writes it: a full URL, a host, or a path of this page's origin. Scheme and host alone
 * get `/api/v1`.
 *
 * @returns the root without a trailing slash; a path stays a path, so that it means the same on every host
 * @throws AppError `address` when it can't be one
 */
export function normaliseBaseUrl(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new AppError('address', { code: 'address-empty' });
  if (trimmed.startsWith('/') && !trimmed.startsWith('//')) {
    const { origin, pathname, search, hash } = parsed(trimmed, NOWHERE);
    // A browser reads `/\host`, and `/.//host` once it was shortened, as another host: the token would go there.
    if (origin !== NOWHERE || pathname.startsWith('//'))
      throw new AppError('address', { code: 'address-other-host' });
    if (search !== '' || hash !== '') throw new AppError('address', { code: 'address-query' });
    const path = pathname.replace(/\/+$/, '');
    if (path === '') throw new AppError('address', { code: 'address-slash' });
    return path;
  }
  const url = urlFrom(trimmed);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new AppError('address', { code: 'address-scheme' });
  }
  if (url.username !== '' || url.password !== '') throw new AppError('address', { code: 'address-password' });
  if (url.search !== '' || url.hash !== '') throw new AppError('address', { code: 'address-query' });
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.origin}${path === '' ? DEFAULT_API : path}`;
}

/** A URL as a person writes it, with or without its scheme. @throws AppError `address` */
export function urlFrom(text: string): URL {
  // An IPv6 address alone is taken as one, too; in a URL it has brackets.
  const host = /^[\da-f]*:[\da-f:]*:[\da-f.:]*$/i.test(text) ? `[${text}]` : text;
  const written = /^[a-z][a-z\d+.-]*:\/\//i.test(host) ? host : `https://${host}`;
  return parsed(written);
}

/**
 * `URL.canParse` of Node 24 takes longer addresses than `URL` does, and Chromium takes a host with a blank in it.
 *
 * @throws AppError `address`
 */
function parsed(text: string, base?: string): URL {
  if (/\s/.test(text)) throw new AppError('address', { code: 'address-blank' });
  try {
    return new URL(text, base);
  } catch (error) {
    throw new AppError('address', { code: 'address-no-url' }, { cause: error });
  }
}

/** True if a token on its way there crosses a network in the clear. */
export function isExposed(baseUrl: string, page: URL): boolean {
  const url = new URL(baseUrl, page);
  return url.protocol === 'http:' && !isLoopback(url);
}

/** Why the page can't call this address, however the server answers; null if it can. */
export function unreachableFrom(baseUrl: string, page: URL): Detail | null {
  const url = new URL(baseUrl, page);
  if (page.protocol === 'https:' && url.protocol === 'http:' && !isLoopback(url)) {
    return { code: 'address-insecure' };
  }
  return null;
}
