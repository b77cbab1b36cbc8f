import type { IncomingHttpHeaders } from 'node:http';

export type Server = 'driftwatch' | 'mytoken';

/** One request, read to its end. */
export interface WireRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The service's clock, in milliseconds since 1970: a spec that sets the device's, in the same process, leaves it. */
export const serviceNow = () => performance.timeOrigin + performance.now();

/** The page a proxy in front of a server shows. */
export function proxyPage(status: number, title: string): WireAnswer {
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html>\n<head><title>${status} ${title}</title></head>\n<body>\n<center><h1>${status} ${title}</h1></center>\n<hr><center>nginx</center>\n</body>\n</html>\n`,
  };
}
