/** `npm run check:floors`: fails where a file under src imports what its floor may not (docs/house.md, Floors). */
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

/** The floors of src/core: what each may import besides itself and npm packages. */
const FLOORS = {
  page: ['plot', 'ui', 'session', 'i18n', 'browser', 'domain'],
  plot: ['ui', 'session', 'i18n', 'browser', 'domain'],
  ui: ['session', 'i18n', 'browser', 'domain'],
  session: [
    ...[
      'encoder-api',
      'pool',
      'pool-status',
      'encoded-file',
      'is-encoded',
      'glass/glass-looker',
      'packed-file',
      'row-files',
      'content',
    ].map((name) => `encoder/${name}.ts`),
    'storage',
    'i18n',
    'browser',
    'domain',
  ],
  encoder: ['thread', 'domain'],
  storage: ['domain'],
  i18n: ['domain'],
  browser: ['domain'],
  thread: [],
  domain: [],
};

const floorRules = Object.entries(FLOORS).map(([floor, allowed]) => ({
  name:
    allowed.length === 0
      ? `core/${floor} may import nothing of ours.`
      : `core/${floor} may import nothing of ours but ${allowed.join(', ')}.`,
  from: { path: `^src/core/${floor}/` },
  to: {
    path: '^src/',
    pathNot: [
      '^src/words/',
      ...[floor, ...allowed].map((path) => `^src/core/${path}${path.includes('.') ? '$' : '/'}`),
    ],
  },
}));

const rules = [
  ...floorRules,
  {
    name: 'every folder of src/core is a floor that scripts/floors.mjs knows.',
    from: { path: '^src/core/', pathNot: Object.keys(FLOORS).map((floor) => `^src/core/${floor}/`) },
    to: {},
  },
  {
    name: 'features know the core and themselves; they meet in features/index.ts alone.',
    from: { path: '^src/features/([^/]+)/' },
    to: { path: '^src/', pathNot: ['^src/words/', '^src/core/', '^src/features/$1/'] },
  },
  {
    name: 'src/package may import nothing of ours but core/domain and core/encoder.',
    from: { path: '^src/package/' },
    to: { path: '^src/', pathNot: ['^src/core/(?:domain|encoder)/', '^src/package/'] },
  },
  {
    name: 'nothing of ours needs the package.',
    from: { path: '^src/', pathNot: '^src/package/' },
    to: { path: '^src/package/' },
  },
  {
    name: 'what is pure may import no file beside src.',
    from: { path: '^src/(?:core/domain|features/[^/]+/pure)/' },
    to: { pathNot: ['^src/', '^node_modules/'], dependencyTypes: ['local'] },
  },
  {
    name: 'what is under src runs in a browser, which has no modules of Node.',
    from: { path: '^src/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'what is under src needs nothing of the tests and scripts.',
    from: { path: '^src/' },
    to: { path: '^(?:tests|scripts|training)/' },
  },
  {
    name: 'there is no such file, so that no rule could judge it.',
    from: { path: '^src/' },
    to: { path: '^[./]', couldNotResolve: true },
  },
  {
    // Types count: who reads one file of a circle must read them all.
    name: 'files may not need each other in a circle.',
    from: { path: '^src/' },
    to: { circular: true },
  },
];

const { output } = await cruise(
  ['src'],
  {
    validate: true,
    ruleSet: { forbidden: rules.map((rule) => ({ severity: 'error', ...rule })) },
    doNotFollow: { path: '^node_modules/' },
    // Made from the catalogs.
    exclude: { path: '^src/words/' },
    // Types are imports too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
  { extensions: ['.ts', '.js', '.d.ts'] },
  { tsConfig: extractTSConfig('tsconfig.json') },
);

const { violations, totalCruised } = output.summary;
for (const { from, to, cycle, rule } of violations) {
  const way = cycle?.slice(0, -1).map(({ name }) => name);
  const what = way ? `needs itself by way of ${way.join(' and ')}` : `imports ${to}`;
  console.error(`${from} ${what}: ${rule.name}`);
}
if (violations.length > 0) process.exit(1);
console.log(`${totalCruised} files keep to their floors, and no circle is among them.`);
