/** Catalogs in, modules out: every sentence checked against its English one. */
import MessageFormat from '@messageformat/core';
import compileModule from '@messageformat/core/compile-module.js';
import { parse } from '@messageformat/parser';

/**
 * @typedef {{ [key: string]: string | Catalog }} Catalog
 * @typedef {{ type: string, cases: Set<string> | null }} Fact what a sentence needs to be told
 */

/** The function that writes a value, by the name in the message, and the type that it takes. */
const FORMATTERS = {
  bytes: 'number',
  capital: 'string',
  duration: 'number',
  grouped: 'number',
  hours: 'number',
  instant: 'number',
  lasting: 'number',
  limit: 'number',
  listed: 'readonly string[]',
  localHour: 'number',
  localSecond: 'number',
  percent: 'number',
  percentOrUnder: 'number',
  probability: 'number',
  roundPercent: 'number',
  threeDigits: 'number',
  times: 'number',
  utc: 'number',
  utcDate: 'number',
  utcDay: 'number',
  utcMonth: 'number',
  utcTime: 'number',
};

/** The type of a value that is written unchanged. */
const ANY = 'string | number';

const customFormatters = Object.fromEntries(
  Object.keys(FORMATTERS).map((id) => [id, { formatter: String, id, module: '../core/i18n/formatters' }]),
);

/**
 * @param {ReadonlyMap<string, Catalog>} catalogs by file name, `<part>.<language>.json`
 * @returns the modules by file name, and what is wrong, a line each
 */
export function compileWords(catalogs) {
  /** @type {Map<string, string>} */
  const files = new Map();
  /** @type {string[]} */
  const problems = [];
  /** @type {Map<string, Set<string>>} */
  const partsOf = new Map();
  for (const name of catalogs.keys()) {
    const [part = '', language = ''] = name.split('.');
    partsOf.set(language, (partsOf.get(language) ?? new Set()).add(part));
  }
  const english = partsOf.get('en') ?? new Set();
  // Messages that English alone has are for other programs.
  const translated = new Set(
    [...partsOf].flatMap(([language, parts]) => (language === 'en' ? [] : [...parts])),
  );
  for (const [language, parts] of partsOf) {
    for (const part of new Set([...(language === 'en' ? english : translated), ...parts])) {
      const name = `${part}.${language}.json`;
      const [catalog, model] = [catalogs.get(name), catalogs.get(`${part}.en.json`)];
      if (!catalog || !model) {
        problems.push(`${name}: ${catalog ? 'English has no such file' : 'the file is missing'}`);
        continue;
      }
      compare(catalog, model, name, '', problems);
      const messageFormat = new MessageFormat(language, { customFormatters, strict: false });
      try {
        // A sentence without facts is a string.
        const code = compileModule(messageFormat, catalog).replace(/: \(\) => ("(?:[^"\\]|\\.)*")/g, ': $1');
        files.set(`${part}.${language}.js`, code);
      } catch (error) {
        problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
      files.set(`${part}.${language}.d.ts`, `export { default } from './${part}';\n`);
    }
    if (language === 'en') continue;
    files.set(`${language}.js`, gathered([...translated], language));
    files.set(
      `${language}.d.ts`,
      `import type { Words } from './words';\n\nexport declare const words: Words;\n`,
    );
  }
  if (problems.length > 0) return { files: new Map(), problems };
  for (const part of english) {
    const others = [...partsOf.keys()].map((language) => catalogs.get(`${part}.${language}.json`) ?? {});
    files.set(`${part}.d.ts`, declared(catalogs.get(`${part}.en.json`) ?? {}, others));
  }
  files.set('words.d.ts', declaredParts([...translated]));
  return { files, problems };
}

/**
 * @param {Catalog} catalog
 * @param {Catalog} model the English one
 * @param {string} file
 * @param {string} place
 * @param {string[]} problems
 */
function compare(catalog, model, file, place, problems) {
  for (const key of new Set([...Object.keys(model), ...Object.keys(catalog)])) {
    const path = place === '' ? key : `${place}.${key}`;
    const [here, there] = [catalog[key], model[key]];
    const say = (/** @type {string} */ what) => problems.push(`${file}, ${path}: ${what}`);
    if (here === undefined) say('is missing');
    else if (there === undefined) say('is not in English');
    else if (typeof here === 'object' && typeof there === 'object')
      compare(here, there, file, path, problems);
    else if (typeof here === 'object' || typeof there === 'object') say('is a group in one language only');
    else compareSentences(here, there, say);
  }
}

/**
 * @param {string} here
 * @param {string} there
 * @param {(what: string) => void} say
 */
function compareSentences(here, there, say) {
  try {
    const [own, english] = [factsOf(here), factsOf(there)];
    for (const [name, { type, cases }] of own) {
      const known = english.get(name);
      if (!known) say(`{${name}} is not in the English sentence`);
      else if (type !== known.type && type !== ANY && known.type !== ANY)
        say(`{${name}} is ${type}, in English ${known.type}`);
      else if (type === 'string' || type === 'boolean') {
        for (const word of cases ?? []) if (!known.cases?.has(word)) say(`{${name}} is never “${word}”`);
      }
    }
    for (const name of english.keys()) if (!own.has(name)) say(`{${name}} is left out`);
  } catch (error) {
    say(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

/**
 * @param {string} sentence
 * @returns {Map<string, Fact>} the facts by name, in the order of the sentence
 */
export function factsOf(sentence) {
  /** @type {Map<string, Fact>} */
  const facts = new Map();
  const note = (
    /** @type {string} */ name,
    /** @type {string} */ type,
    /** @type {Set<string> | null} */ cases = null,
  ) => {
    const known = facts.get(name);
    const all = cases || known?.cases ? new Set([...(known?.cases ?? []), ...(cases ?? [])]) : null;
    // A value written unchanged takes any type that another message asks of it.
    facts.set(name, { type: !known || known.type === ANY ? type : known.type, cases: all });
  };
  /** @param {import('@messageformat/parser').Token[]} tokens */
  const read = (tokens) => {
    for (const token of tokens) {
      if (token.type === 'content' && /(?<!')[{}]/.test(token.ctx.text))
        throw new Error('a brace has no partner');
      if (token.type === 'argument') note(token.arg, ANY);
      else if (token.type === 'function') {
        const type = FORMATTERS[/** @type {keyof typeof FORMATTERS} */ (token.key)];
        if (type === undefined) throw new Error(`nothing writes {${token.arg}, ${token.key}}`);
        note(token.arg, type);
      } else if (token.type === 'plural' || token.type === 'select' || token.type === 'selectordinal') {
        const keys = new Set(token.cases.map(({ key }) => key).filter((key) => key !== 'other'));
        if (!token.cases.some(({ key }) => key === 'other'))
          throw new Error(`{${token.arg}} has no case “other”`);
        const isSwitch =
          token.type === 'select' && [...keys].every((key) => key === 'true' || key === 'false');
        note(token.arg, token.type === 'select' ? (isSwitch ? 'boolean' : 'string') : 'number', keys);
        for (const { tokens: inner } of token.cases) read(inner);
      }
    }
  };
  read(parse(sentence, { strict: false }));
  return facts;
}

/**
 * @param {Catalog} catalog the English one
 * @param {readonly (Catalog | undefined)[]} all the same in every language: what one of them counts must be a number
 * @returns {string} its type
 */
function typeOf(catalog, all, indent = '') {
  const lines = Object.entries(catalog).map(([key, value]) => {
    const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
    const each = all.map((other) => other?.[key]);
    if (typeof value === 'object') {
      const groups = each.map((other) => (typeof other === 'object' ? other : undefined));
      return `${indent}  readonly ${name}: ${typeOf(value, groups, `${indent}  `)};`;
    }
    const sentences = each.map((other) => (typeof other === 'string' ? factsOf(other) : undefined));
    const facts = [...factsOf(value)].map(([fact, { type }]) => {
      const types = sentences.map((other) => other?.get(fact)?.type ?? ANY);
      return `readonly ${fact}: ${types.find((other) => other !== ANY) ?? type}`;
    });
    return facts.length === 0
      ? `${indent}  readonly ${name}: string;`
      : `${indent}  readonly ${name}: (facts: { ${facts.join('; ')} }) => string;`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

/** @param {Catalog} catalog @param {readonly Catalog[]} all */
function declared(catalog, all) {
  return `declare const words: ${typeOf(catalog, all)};\nexport default words;\n`;
}

const nameOf = (/** @type {string} */ part) => `${part}Words`;

/** @param {readonly string[]} parts @param {string} language */
function gathered(parts, language) {
  const imports = parts.map((part) => `import ${nameOf(part)} from './${part}.${language}.js';`);
  const entries = parts.map((part) => `  ${JSON.stringify(part)}: ${nameOf(part)},`);
  return `${imports.join('\n')}\n\nexport const words = {\n${entries.join('\n')}\n};\n`;
}

/** @param {readonly string[]} parts */
function declaredParts(parts) {
  const imports = parts.map((part) => `import type ${nameOf(part)} from './${part}';`);
  const entries = parts.map((part) => `  readonly ${JSON.stringify(part)}: typeof ${nameOf(part)};`);
  return `${imports.join('\n')}\n\n/** Every sentence of one language, by part of the page. */\nexport interface Words {\n${entries.join('\n')}\n}\n`;
}
