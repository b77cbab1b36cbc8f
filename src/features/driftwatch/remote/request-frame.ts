import { AppError } from '../../../core/domain/errors';

/** DriftWatch and a mytoken server. A frame for a third host replaces the one that was used longest ago. */
const MOST_FRAMES = 2;

/** A frame that may ask one host, and nothing else. */
interface RequestFrame {
  readonly frame: HTMLIFrameElement;
  readonly ready: Promise<Window & typeof globalThis>;
  /** number of answers awaited */
  asking: number;
}

/** by origin, the last used at the end */
const requestFrames = new Map<string, RequestFrame>();

/**
 * Fetches from this page's own host, or from another one through a frame whose policy names that host alone: the page's
 * own policy allows no host but its own, and typed text can't widen a policy.
 *
 * @param read - reads the answer to its end: until then the frame stays
 * @throws AppError `fetch-failed` when the frame's own page can't be had, and what `fetch` and `read` throw
 */
export async function send<T>(
  url: URL,
  init: RequestInit,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  if (url.origin === location.origin) return read(await fetch(url, init));
  const requestFrame = requestFrames.get(url.origin) ?? makeRequestFrame(url.origin);
  requestFrames.delete(url.origin);
  requestFrames.set(url.origin, requestFrame);
  requestFrame.asking += 1;
  try {
    const frame = await Promise.race([requestFrame.ready, aborted(init.signal)]);
    // The policy that holds for a fetch is that of the window whose it is.
    return await read(await frame.fetch(url, init));
  } finally {
    requestFrame.asking -= 1;
    dismissSpare();
  }
}

function makeRequestFrame(origin: string): RequestFrame {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.title = origin;
  frame.src = new URL(`${import.meta.env.BASE_URL}request-frame.html`, document.baseURI).href;
  const ready = new Promise<Window & typeof globalThis>((resolve, reject) => {
    frame.onload = () => {
      const { contentDocument, contentWindow } = frame;
      // Without a network and a service worker there is the browser's own page instead.
      if (!contentDocument?.querySelector('meta[http-equiv]') || !contentWindow) {
        forget();
        reject(new AppError('fetch-failed', 'request-frame.html'));
        return;
      }
      const policy = contentDocument.createElement('meta');
      policy.httpEquiv = 'Content-Security-Policy';
      policy.content = `connect-src ${sourceOf(new URL(origin))}`;
      contentDocument.head.append(policy);
      resolve(contentWindow as Window & typeof globalThis);
    };
  });
  const forget = () => {
    requestFrames.delete(origin);
    frame.remove();
  };
  document.body.append(frame);
  return { frame, ready, asking: 0 };
}

/** A policy can't contain IPv6 addresses: any host of that scheme and port is then allowed in place of one. */
function sourceOf({ origin, protocol, hostname, port }: URL): string {
  const isAddress = hostname.startsWith('[');
  return isAddress ? `${protocol}//*:${port || (protocol === 'https:' ? '443' : '80')}` : origin;
}

function aborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}

/** A frame that is removed never answers, so only idle ones are. */
function dismissSpare(): void {
  for (const [origin, { frame, asking }] of requestFrames) {
    if (requestFrames.size <= MOST_FRAMES) return;
    if (asking > 0) continue;
    requestFrames.delete(origin);
    frame.remove();
  }
}
