/** Catalogs in, modules out: every sentence checked against its English one. */
import MessageFormat from '@messageformat/core';
import compileModule from '@messageformat/core/compile-module.js';
import { parse } from '@messageformat/parser';

/**
 * @typedef {{ [key: string]: string | Catalog }} Catalog
 * @typedef {object} Fact what a sentence needs to be told
 * @property {string} type
 * @property {Set<string> | null} cases
 * @property {boolean} isOptional it may be null, and `{folder, select, null {…} other {…}}` has a case for it
 * @property {boolean} isDependent it is told only where an optional one is not null, and may be null with it
 */

/** The function that writes a value, by the name in the message, and the type that it takes. */
const FORMATTERS = {
  bytes: 'number',
  capital: 'string',
  duration: 'number',
  exponential: 'number',
  grouped: 'number',
  hours: 'number',
  instant: 'number',
  lasting: 'number',
  limit: 'number',
  listed: 'readonly string[]',
  localHour: 'number',
  numeral: 'number',
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
  utcSoon: 'number',
  utcWeekday: 'number',
  weekday: 'number',
  utcTime: 'number',
};

/** Parts that may be loaded before a language is chosen: the core's own modules ask for them when they are said. */
const EARLY = new Set(['app', 'details', 'detectors', 'formats']);

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
      // Facts of a detail are stored, so it stays one sentence.
      if (part !== 'details') simple(catalog, name, '', problems);
      const messageFormat = new MessageFormat(language, { customFormatters, strict: false });
      try {
        // A sentence without facts is a string.
        const code = compileModule(messageFormat, catalog).replace(/: \(\) => ("(?:[^"\\]|\\.)*")/g, ': $1');
        files.set(`${part}.${language}.js`, withNull(code));
      } catch (error) {
        problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
      if (language !== 'en')
        files.set(`${part}.${language}.d.ts`, `export { default } from './${part}.en';\n`);
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
    files.set(`${part}.en.d.ts`, declared(catalogs.get(`${part}.en.json`) ?? {}, others));
    if (!translated.has(part) || EARLY.has(part)) continue;
    files.set(`${part}.js`, spoken(part));
    files.set(
      `${part}.d.ts`,
      `import type english from './${part}.en';\n\nexport declare const ${nameOf(part)}: typeof english;\n`,
    );
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
 * Tells of sentences that choose too often: people translate whole sentences, not puzzles.
 *
 * @param {Catalog} catalog
 * @param {string} file
 * @param {string} place
 * @param {string[]} problems
 */
function simple(catalog, file, place, problems) {
  for (const [key, value] of Object.entries(catalog)) {
    const path = place === '' ? key : `${place}.${key}`;
    if (typeof value === 'object') {
      simple(value, file, path, problems);
      continue;
    }
    const choices = choicesIn(parse(value, { strict: false }));
    const words = choices.filter((choice) => choice.startsWith('select'));
    const twice = choices.length > new Set(choices).size;
    if (words.length > 1 || choices.length - words.length > 2 || twice)
      problems.push(`${file}, ${path}: chooses by more than a word and two numbers, each once; split it`);
  }
}

/**
 * @param {readonly import('@messageformat/parser').Token[]} tokens
 * @returns {string[]} the choices that one text is made by, where they are most
 */
function choicesIn(tokens) {
  return tokens.flatMap((token) => {
    if (!('cases' in token)) return [];
    const inner = token.cases.map((each) => choicesIn(each.tokens));
    const most = inner.reduce((a, b) => (b.length > a.length ? b : a), []);
    return [`${token.type} ${token.arg}`, ...most];
  });
}

/**
 * @param {string} here
 * @param {string} there
 * @param {(what: string) => void} say
 */
function compareSentences(here, there, say) {
  try {
    const [own, english] = [factsOf(here), factsOf(there)];
    for (const [name, { type, cases, isOptional }] of own) {
      const known = english.get(name);
      if (known && known.isOptional !== isOptional) say(`{${name}} has a case “null” in one language only`);
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
  // In so many cases of an optional fact that is there.
  let depth = 0;
  const note = (
    /** @type {string} */ name,
    /** @type {string} */ type,
    /** @type {Set<string> | null} */ cases = null,
    isOptional = false,
  ) => {
    const known = facts.get(name);
    const isDependent = depth > 0 && known?.isDependent !== false;
    const all = cases || known?.cases ? new Set([...(known?.cases ?? []), ...(cases ?? [])]) : null;
    // A value written unchanged takes any type that another message asks of it.
    facts.set(name, {
      type: !known || known.type === ANY ? type : known.type,
      cases: all,
      isOptional: isOptional || (known?.isOptional ?? false),
      isDependent,
    });
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
        const isOptional = token.type === 'select' && keys.delete('null');
        if (isOptional && (token.cases[0]?.key !== 'null' || keys.size > 0))
          throw new Error(`{${token.arg}} has more cases than “null” and “other”`);
        if (token.type === 'select') {
          const isSwitch = [...keys].every((key) => key === 'true' || key === 'false');
          if (isOptional) note(token.arg, ANY, null, true);
          else note(token.arg, isSwitch ? 'boolean' : 'string', keys);
        } else note(token.arg, 'number', keys);
        for (const { key, tokens: inner } of token.cases) {
          const isThere = isOptional && key !== 'null';
          if (isThere) depth += 1;
          read(inner);
          if (isThere) depth -= 1;
        }
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
    const facts = [...factsOf(value)].map(([fact, { type, isOptional }]) => {
      const own = sentences.flatMap((other) => other?.get(fact) ?? []);
      const isNullable = isOptional || own.every(({ isDependent }) => isDependent);
      const said = own.find((other) => other.type !== ANY)?.type ?? type;
      return `readonly ${fact}: ${said}${isNullable ? ' | null' : ''}`;
    });
    return facts.length === 0
      ? `${indent}  readonly ${name}: string;`
      : `${indent}  readonly ${name}: (facts: { ${facts.join('; ')} }) => string;`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

/**
 * `select` would call the formatters of every case, of null too, and take a folder called “null” for none: a condition
 * does neither.
 *
 * @param {string} code
 */
function withNull(code) {
  const begin = /select\((d\.\w+), \{ null: /.exec(code);
  if (!begin) return code;
  const at = begin.index + begin[0].length;
  const [none, comma] = expressionAt(code, at);
  // No other case is let through.
  const rest = comma + ', other: '.length;
  const [there, end] = expressionAt(code, rest);
  const chosen = `(${begin[1]} === null ? ${none} : ${there})`;
  return withNull(code.slice(0, begin.index) + chosen + code.slice(end + ' })'.length));
}

/** An expression and the index after it, where a comma or brace ends it. @param {string} code @param {number} from */
function expressionAt(code, from) {
  const token = /"(?:[^"\\]|\\.)*"|[([{]|[)\]}]|,/g;
  token.lastIndex = from;
  let depth = 0;
  for (let found = token.exec(code); found; found = token.exec(code)) {
    const [text] = found;
    if ('([{'.includes(text)) depth += 1;
    else if (depth === 0 && (text === ',' || text === '}'))
      return /** @type {const} */ ([
        code.slice(from, found.index).trimEnd(),
        text === ',' ? found.index : found.index - 1,
      ]);
    else if (')]}'.includes(text)) depth -= 1;
  }
  throw new Error('a sentence has no end');
}

/** @param {Catalog} catalog @param {readonly Catalog[]} all */
function declared(catalog, all) {
  return `declare const words: ${typeOf(catalog, all)};\nexport default words;\n`;
}

const nameOf = (/** @type {string} */ part) => `${part}Words`;

/** The module that the page imports: a part's sentences in the language that was chosen by the time it is loaded. @param {string} part */
function spoken(part) {
  return `import { inLanguage } from '../core/i18n/language';
import english from './${part}.en.js';

export const ${nameOf(part)} = inLanguage('${part}', english);
`;
}

/** @param {readonly string[]} parts @param {string} language */
function gathered(parts, language) {
  const imports = parts.map((part) => `import ${nameOf(part)} from './${part}.${language}.js';`);
  const entries = parts.map((part) => `  ${JSON.stringify(part)}: ${nameOf(part)},`);
  return `${imports.join('\n')}\n\nexport const words = {\n${entries.join('\n')}\n};\n`;
}

/** @param {readonly string[]} parts */
function declaredParts(parts) {
  const imports = parts.map((part) => `import type ${nameOf(part)} from './${part}.en';`);
  const entries = parts.map((part) => `  readonly ${JSON.stringify(part)}: typeof ${nameOf(part)};`);
  return `${imports.join('\n')}\n\n/** Every sentence of one language, by part of the page. */\nexport interface Words {\n${entries.join('\n')}\n}\n`;
}
