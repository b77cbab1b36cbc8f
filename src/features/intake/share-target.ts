import { isArchiveName } from '../../core/domain/files/archive';
import { isPictureName } from '../../core/domain/files/picture-name';
import { plainName } from '../../core/domain/files/plain-name';
import { MOST_BYTES, putAside, TooMuchAside } from './put-aside';

/** What became of something shared; the page's address says it to the page. */
export const SHARE_OUTCOMES = ['kept', 'foreign', 'nothing', 'too-much', 'not-kept'] as const;
export type ShareOutcome = (typeof SHARE_OUTCOMES)[number];

/** Names of what is not taken this way, of which no more are told. */
const MOST_REFUSED = 20;
/** What a form has beside its files, in bytes. */
const AROUND_FILES = 2 ** 20;

/**
 * Puts shared pictures and archives aside. Models, configurations and the like are only named: they change more than one
 * verdict, and nobody shares them from a gallery.
 *
 * @param own - the page's origin
 */
export async function takeShared(request: Request, own: string): Promise<ShareOutcome> {
  if (isForeign(request, own)) return 'foreign';
  try {
    // The browser keeps a large blob on disk; a form is read into memory.
    const body = await request.blob();
    if (body.size > MOST_BYTES + AROUND_FILES) return 'too-much';
    const files = await filesOf(body, request.headers.get('content-type') ?? '');
    const taken = files.filter(isShareable);
    const refused = files.filter((file) => !isShareable(file));
    if (files.length === 0) return 'nothing';
    const names = refused.slice(0, MOST_REFUSED).map(({ name }) => plainName(name));
    await putAside(taken, 'share', names);
    return 'kept';
  } catch (error) {
    if (error instanceof TooMuchAside) return 'too-much';
    console.error(error);
    return 'not-kept';
  }
}

/**
 * Whether a website is known to have sent it. What the system shares has the origin `null` and no referrer, and so has
 * what a website posts that hides itself: what is not known to be foreign is not known to be a person's wish.
 *
 * Chromium 156 shows a service worker the request's `Origin` and its referrer, but no `Sec-Fetch-Site`.
 *
 * @public for its spec, which makes requests that no browser would
 */
export function isForeign({ headers, referrer, destination }: Request, own: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site === 'cross-site' || site === 'same-site') return true;
  const origin = headers.get('origin');
  if (origin !== null && origin !== 'null' && origin !== own) return true;
  // Apps of Android say `android-app://…`.
  if (/^https?:/.test(referrer) && new URL(referrer).origin !== own) return true;
  // The system opens a page of its own for what it shares.
  return ['iframe', 'frame', 'object', 'embed'].includes(destination);
}

async function filesOf(body: Blob, type: string): Promise<File[]> {
  // Forms of other kinds carry names of files, if anything.
  if (!/^multipart\/form-data/i.test(type)) return [];
  const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => null);
  const given = form?.getAll('files') ?? [];
  return given.filter((file) => file instanceof File).filter(({ name, size }) => name !== '' || size > 0);
}

function isShareable({ name, type }: File): boolean {
  return isPictureName(name) || type.startsWith('image/') || isArchiveName(name);
}
