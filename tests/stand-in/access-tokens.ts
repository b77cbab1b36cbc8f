import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { isObject, loads, type Json, type JsonObject } from './python-json';
import { serviceNow } from './wire';

/** The roles a token carries at AI4EOSC by DriftWatch's default settings. */
export const USER_ENTITLEMENT = 'platform-access';
export const ADMIN_ENTITLEMENT = 'admin';

/** Somebody with an account at the provider. */
export interface Person {
  readonly subject: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly entitlements: readonly string[];
}

export interface Caller extends Person {
  readonly issuer: string;
}

/** Why a token tells nobody's name; without a message it is the server that failed. */
export interface Unknown {
  readonly status: 401 | 500;
  readonly message?: string;
}

/** Signs claims as a JSON Web Token with HMAC-SHA256. */
export function signJwt(claims: JsonObject, secret: Buffer, keyId: string): string {
  const signed = [{ alg: 'HS256', typ: 'JWT', kid: keyId }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** The OpenID provider behind the mytoken server. */
export class Provider {
  readonly issuer = 'https://proxy.stand-in.example/realms/ai4eosc';
  /** While it is down, userinfo answers nobody. */
  isDown = false;
  readonly #keyId = randomUUID();
  readonly #secret = randomBytes(32);
  readonly #revoked = new Set<string>();
  readonly #expired = new Set<string>();
  readonly #issued = new Set<string>();
  /** by subject: those that were changed since its tokens were issued */
  readonly #roles = new Map<string, readonly string[]>();

  constructor(readonly lifetime: number) {}

  /** Issues an access token that ends after the provider's lifetime. */
  issue(person: Person, scope: string, audience: readonly string[]): string {
    const now = Math.floor(serviceNow() / 1000);
    const claims = {
      iss: this.issuer,
      sub: person.subject,
      aud: [...audience],
      iat: now,
      exp: now + this.lifetime,
      jti: randomUUID(),
      scope,
      email: person.email,
      email_verified: person.emailVerified,
      realm_access: { roles: [...(this.#roles.get(person.subject) ?? person.entitlements)] },
    };
    const token = signJwt(claims, this.#secret, this.#keyId);
    this.#issued.add(token);
    return token;
  }

  /** The platform has given somebody other roles: userinfo tells them at once, whatever the token says. */
  setRoles(subject: string, roles: readonly string[]): void {
    this.#roles.set(subject, roles);
  }

  revokeAll(): void {
    for (const token of this.#issued) this.#revoked.add(token);
  }

  expireAll(): void {
    for (const token of this.#issued) this.#expired.add(token);
  }

  /** Tells whose token it is, in the words of DriftWatch's authentication library. */
  verify(token: string): Caller | Unknown {
    const parts = token.split('.');
    const [header, claims] = parts.slice(0, 2).map(decode);
    if (parts.length !== 3 || !header || !claims) return NOBODY;
    // The library's text for an issuer it doesn't know, whatever the claim says.
    if (claims['iss'] !== this.issuer) return unverified("No 'iss' claim in body");
    if (header['kid'] !== this.#keyId) return { status: 500 };
    const signature = createHmac('sha256', this.#secret).update(parts.slice(0, 2).join('.')).digest();
    const given = Buffer.from(parts[2]!, 'base64url');
    if (given.length !== signature.length || !timingSafeEqual(given, signature)) {
      return unverified('Signature verification failed');
    }
    if (this.#expired.has(token) || Number(claims['exp']) <= serviceNow() / 1000) {
      return unverified('Signature has expired');
    }
    if (this.isDown || this.#revoked.has(token)) return NOBODY;
    const roles = isObject(claims['realm_access']) ? claims['realm_access']['roles'] : [];
    return {
      issuer: this.issuer,
      subject: claims['sub'] as string,
      email: claims['email'] as string,
      emailVerified: claims['email_verified'] as boolean,
      entitlements: this.#roles.get(claims['sub'] as string) ?? (roles as string[]),
    };
  }
}

/** DriftWatch's check of an `Authorization` header. */
export class Guard {
  readonly #nobodies = new Set<string>();
  readonly #provider: Provider;

  constructor(provider: Provider) {
    this.#provider = provider;
  }

  identify(authorization: string | undefined): Caller | Unknown {
    if (authorization === undefined) return { status: 401, message: 'No authorization header' };
    const token = bearer(authorization);
    if (token === null) return { status: 401, message: 'No bearer token in authorization header' };
    if (this.#nobodies.has(token)) return NOBODY;
    const answer = this.#provider.verify(token);
    // The worker caches that a token tells nobody's name, with no time limit: the provider's recovery changes nothing.
    if (answer === NOBODY) this.#nobodies.add(token);
    return answer;
  }

  /** As if the provider had been down when this header arrived. */
  distrust(authorization: string | undefined): void {
    const token = bearer(authorization ?? '');
    if (token !== null) this.#nobodies.add(token);
  }
}

const NOBODY: Unknown = { status: 401, message: 'User identity could not be determined' };

function unverified(reason: string): Unknown {
  return { status: 401, message: `Could not verify JWT: ${reason}` };
}

function bearer(authorization: string): string | null {
  return authorization.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : null;
}

function decode(part: string): JsonObject | null {
  try {
    const value: Json = loads(Buffer.from(part, 'base64url').toString());
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
