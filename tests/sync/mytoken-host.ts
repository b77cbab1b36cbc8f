/** A host of another origin that answers as a mytoken server does, each time with the same reply. */
import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { host } from './host';

export interface Reply {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
  /** How the rate limiter answers, which runs before CORS; or not at all. */
  how?: 'without-cors' | 'never';
}

interface Seen {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface MytokenHost {
  readonly origin: string;
  readonly seen: readonly Seen[];
  reply: Reply;
  /** Its addresses, as its discovery document has them. */
  endpoints(): Record<string, string>;
  close(): Promise<void>;
}

export const TOKEN = 'aaaaaaaa.bbbbbbbb.cccccccc';
export const PATHS = {
  access_token_endpoint: '/api/v0/token/access',
  tokeninfo_endpoint: '/api/v0/tokeninfo',
  revocation_endpoint: '/api/v0/token/revoke',
};

export async function startMytokenHost(): Promise<MytokenHost> {
  const seen: Seen[] = [];
  const { origin, close } = await host(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    seen.push({ method, path, headers, body: await text(request) });
    const { reply } = mytokenHost;
    // mytoken's CORS: any origin, the headers that were asked for, nothing exposed
    if (reply.how !== 'without-cors') response.setHeader('Access-Control-Allow-Origin', '*');
    if (method === 'OPTIONS') {
      response.setHeader('Access-Control-Allow-Methods', 'GET,POST,HEAD,PUT,DELETE,PATCH');
      response.setHeader('Access-Control-Allow-Headers', headers['access-control-request-headers'] ?? '');
      response.writeHead(204).end();
      return;
    }
    if (reply.how === 'never') return;
    const said = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    response.writeHead(reply.status, reply.headers).end(reply.status === 204 ? undefined : said);
  });
  const mytokenHost: MytokenHost = {
    ...{ origin, seen, close, reply: { status: 404, body: '' } },
    endpoints: () =>
      Object.fromEntries(Object.entries(PATHS).map(([name, path]) => [name, `${origin}${path}`])),
  };
  return mytokenHost;
}
