import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const USER = 'station';
export const PASSWORD = 'p4ss w"örd';
const REALM = 'camera, Basic';
const NONCE = 'dcd98b7102dd2f0e8b11d0f600bfb0c093';

/** A camera with a snapshot address on this computer, as well or as badly as a test wants it. */
export class HttpCamera {
  picture: Buffer = Buffer.alloc(0);
  /** answers in place of the picture */
  instead: ((response: ServerResponse) => void) | null = null;
  /** of `WWW-Authenticate`; none: no password is asked for */
  challenges: readonly string[] = [];
  hasEtags = false;
  password = PASSWORD;
  /** how often each status was answered */
  readonly answered = new Map<number, number>();
  /** when it was asked, by `performance.now` */
  readonly askedAt: number[] = [];
  /** schemes of the right answers to `challenges` */
  readonly schemes = new Set<string>();
  readonly #server: Server = createServer((request, response) => this.#answer(request, response));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/snap.jpg?size=full`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.askedAt.push(performance.now());
    response.on('close', () => {
      const { statusCode } = response;
      this.answered.set(statusCode, (this.answered.get(statusCode) ?? 0) + 1);
    });
    if (this.challenges.length > 0 && !this.#isRight(request)) {
      response.writeHead(401, { 'www-authenticate': this.challenges as string[] }).end('Unauthorized');
      return;
    }
    if (this.instead) {
      this.instead(response);
      return;
    }
    const etag = `"${createHash('md5').update(this.picture).digest('hex')}"`;
    if (this.hasEtags && request.headers['if-none-match'] === etag) {
      response.writeHead(304).end();
      return;
    }
    response.setHeader('content-type', 'image/jpeg');
    // Its clock never ran.
    response.setHeader('last-modified', 'Thu, 01 Jan 1970 00:00:00 GMT');
    if (this.hasEtags) response.setHeader('etag', etag);
    response.end(this.picture);
  }

  #isRight({ headers: { authorization = '' }, url, method }: IncomingMessage): boolean {
    const [scheme = '', ...rest] = authorization.split(' ');
    const isRight =
      scheme === 'Basic'
        ? authorization === `Basic ${Buffer.from(`${USER}:${this.password}`).toString('base64')}`
        : scheme === 'Digest' && this.#isDigest(rest.join(' '), `${method}:${url}`);
    if (isRight) this.schemes.add(scheme);
    return isRight;
  }

  #isDigest(said: string, asked: string): boolean {
    const of = (key: string) => new RegExp(`(?:^|[ ,])${key}="?([^",]+)`).exec(said)?.[1] ?? '';
    const algorithm = of('algorithm');
    const hash = (text: string) =>
      createHash(algorithm.startsWith('SHA') ? 'sha256' : 'md5')
        .update(text)
        .digest('hex');
    const user = hash(`${USER}:${REALM}:${this.password}`);
    const key = algorithm.endsWith('-sess') ? hash(`${user}:${NONCE}:${of('cnonce')}`) : user;
    const once = of('qop') === '' ? '' : `${of('nc')}:${of('cnonce')}:${of('qop')}:`;
    return of('nonce') === NONCE && of('response') === hash(`${key}:${NONCE}:${once}${hash(asked)}`);
  }
}

export const BASIC = `Basic realm="${REALM}"`;

/** A challenge of Digest. @param more - such as `algorithm=SHA-256, qop="auth"` */
export function digest(more: string): string {
  return `Digest realm="${REALM}", nonce="${NONCE}"${more === '' ? '' : `, ${more}`}`;
}
