/** A mytoken server of another origin, for exchanges alone; how real requests look is in mytoken.spec.ts. */
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { host } from './host';

/** A server that rotates as mytoken does with auto-revocation: a mytoken that was used already ends the chain. */
export class Chain {
  address = '';
  /** Mytokens in the order in which they were sent. */
  readonly sent: string[] = [];
  discoveries = 0;
  expiresIn: number | undefined = 3600;
  isRotating = false;
  /** An exchange is answered after this. */
  pending: Promise<unknown> = Promise.resolve();
  refusal: string | null = null;
  #isRevoked = false;
  #current = 'mytoken-0';

  #exchange(mytoken: string): { status: number; json: object } {
    this.sent.push(mytoken);
    if (this.refusal !== null) {
      return { status: 403, json: { error: 'usage_restricted', error_description: this.refusal } };
    }
    if (this.isRotating && mytoken !== this.#current) this.#isRevoked = true;
    if (this.#isRevoked) return { status: 401, json: { error: 'invalid_token' } };
    const answer = {
      access_token: `access-${this.sent.length}`,
      token_type: 'Bearer',
      expires_in: this.expiresIn,
    };
    if (!this.isRotating) return { status: 200, json: answer };
    this.#current = `mytoken-${this.sent.length}`;
    return {
      status: 200,
      json: { ...answer, token_update: { mytoken: this.#current, mytoken_type: 'token' } },
    };
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; json: object }> {
    if (request.url?.startsWith('/.well-known/')) {
      this.discoveries += 1;
      const endpoints = {
        access_token_endpoint: `${this.address}/at`,
        mytoken_endpoint: `${this.address}/mt`,
      };
      return { status: 200, json: endpoints };
    }
    const form = new URLSearchParams(await text(request));
    const answer = this.#exchange(form.get('mytoken') ?? '');
    await this.pending;
    return answer;
  }

  /** @returns its end */
  async listen(): Promise<() => Promise<void>> {
    const { origin, close } = await host(async (request, response) => {
      const { status, json } = await this.#answer(request);
      const cors = { 'access-control-allow-origin': '*', 'content-type': 'application/json' };
      response.writeHead(status, cors).end(JSON.stringify(json));
    });
    this.address = origin;
    return close;
  }
}
