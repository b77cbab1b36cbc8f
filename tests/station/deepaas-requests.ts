import { readFileSync } from 'node:fs';
import { request } from 'node:http';

/** An answer of DEEPaaS 2.4.0, or of a door. */
export interface Answer {
  readonly method: string;
  /** with `Accept`, and `origin` where one was sent */
  readonly path: string;
  readonly status: number;
  readonly content_type: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** the first 400 characters */
  readonly body: string;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

const RECORDED = new URL('../fixtures/deepaas-2.4.0.json', import.meta.url);
const MODEL = '/v2/models/porthole';
const PREDICT = `${MODEL}/predict/`;
const TOLD = ['location', 'allow', 'retry-after'];

/** Answers of the real DEEPaaS to {@link replay}'s requests, in their order. */
export const recorded = (JSON.parse(readFileSync(RECORDED, 'utf8')) as { answers: readonly Answer[] })
  .answers;

/** Sends the recorded requests, one after the other. @param picture - a JPEG */
export async function replay(
  address: string,
  picture: Buffer,
  more: Readonly<Record<string, string>> = {},
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const asked of await requests(picture))
    answers.push(await ask(address, { ...asked, headers: { ...asked.headers, ...more } }));
  return answers;
}

async function requests(picture: Buffer): Promise<readonly Asked[]> {
  const bare = (method: string, path: string, headers = {}): Asked => ({ method, path, body: null, headers });
  const post = (body: string, type: string): Asked => ({
    method: 'POST',
    path: PREDICT,
    body: Buffer.from(body),
    headers: { 'content-type': type },
  });
  const form = async (
    fields: Readonly<Record<string, string | File>>,
    search = '',
    headers = {},
  ): Promise<Asked> => {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.set(name, value);
    const encoded = new Response(data);
    return {
      method: 'POST',
      path: `${PREDICT}${search}`,
      headers: { 'content-type': encoded.headers.get('content-type')!, ...headers },
      body: Buffer.from(await encoded.arrayBuffer()),
    };
  };
  const jpeg = (bytes: Uint8Array<ArrayBuffer> | string, name = 'x.jpg') =>
    new File([bytes], name, { type: 'image/jpeg' });
  const file = { input_file: jpeg(new Uint8Array(picture), '20230730-083036-IPC.jpg') };
  return [
    ...['/', '/v2', '/v2/', '/v2/models', '/v2/models/', MODEL, `${MODEL}/`].map((path) => bare('GET', path)),
    bare('GET', PREDICT),
    { ...(await form(file)), path: PREDICT.slice(0, -1) },
    bare('OPTIONS', PREDICT),
    bare('GET', '/v2/models/nope/'),
    bare('POST', '/v2/models/nope/predict/'),
    ...['/api', '/ui', '/docs', '/swagger.json', '/openapi.json', '/v2/debug/'].map((path) =>
      bare('GET', path),
    ),
    bare('GET', `${MODEL}/train/`),
    bare('POST', `${MODEL}/train/`),
    bare('GET', `${MODEL}/train/abc`),
    bare('DELETE', `${MODEL}/train/abc`),
    bare('HEAD', '/v2/models/'),
    bare('PUT', PREDICT),
    await form(file),
    await form(file, '?drift_distance=0.125'),
    await form({ ...file, drift_distance: '0.2' }),
    ...(await Promise.all(
      ['-1', 'abc', '', 'nan', 'inf', '0.1&drift_distance=0.3'].map((value) =>
        form(file, `?drift_distance=${value}`),
      ),
    )),
    await form(file, '?unknown=1'),
    await form({ drift_distance: '0.2' }),
    bare('POST', PREDICT),
    ...['{bad', '{}', '[]', 'null'].map((body) => post(body, 'application/json')),
    post('input_file=abc', 'application/x-www-form-urlencoded'),
    await form({ input_file: 'text' }),
    await form({ input_file: jpeg('not a picture') }),
    await form({ input_file: jpeg('') }),
    post('garbage', 'multipart/form-data; boundary=zz'),
    post('garbage', 'multipart/form-data'),
    // The recorded one had the boundary of another body.
    await form(file, '', { 'content-type': 'multipart/form-data; boundary=zz', accept: 'image/png' }),
    await form(file, '', { accept: 'application/json, text/plain, */*' }),
    await form(file, '', { accept: 'text/html,*/*;q=0.8' }),
    await form(file, '', { origin: 'http://x' }),
    bare('GET', '/v2/models/', { origin: 'http://x' }),
  ];
}

async function ask(address: string, { method, path, body, headers }: Asked): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, address), { method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          method,
          path: `${path}${headers['accept'] ? ` ${headers['accept']}` : ''}${headers['origin'] ? ' origin' : ''}`,
          status: response.statusCode!,
          content_type: response.headers['content-type'] ?? null,
          headers: Object.fromEntries(
            TOLD.flatMap((name) =>
              name in response.headers ? [[name, String(response.headers[name])]] : [],
            ),
          ),
          body: Buffer.concat(parts).toString().slice(0, 400),
        });
      });
    });
    sent.on('error', reject);
    sent.end(body ?? undefined);
  });
}
