/** `npm run check:floors`: fails where a file under src imports what its floor may not (docs/house.md, Floors). */
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

/** What each floor may import besides itself and npm packages; main.ts and the service worker may import everything. */
const FLOORS = {
  ui: ['app', 'domain'],
  app: [
    ...['api', 'adapter', 'training', 'training-api'].map((name) => `adaptation/${name}.ts`),
    ...['api', 'pool', 'packed-file', 'image-file'].map((name) => `encoder/${name}.ts`),
    ...['api', 'analyst'].map((name) => `analysis/${name}.ts`),
    'storage',
    'sync',
    'thread',
    'domain',
  ],
  adaptation: ['encoder', 'thread', 'domain'],
  encoder: ['thread', 'domain'],
  analysis: ['thread', 'domain'],
  storage: ['domain'],
  sync: ['domain'],
  thread: [],
  domain: [],
};

const floorRules = Object.entries(FLOORS).map(([floor, allowed]) => ({
  name:
    allowed.length === 0
      ? `${floor} may import nothing of ours.`
      : `${floor} may import nothing of ours but ${allowed.join(', ')}.`,
  from: { path: `^src/${floor}/` },
  to: {
    path: '^src/',
    pathNot: [floor, ...allowed].map((path) => `^src/${path}${path.includes('.') ? '$' : '/'}`),
  },
}));

const rules = [
  ...floorRules,
  {
    name: 'every folder under src is a floor that scripts/floors.mjs knows.',
    from: { path: '^src/[^/]+/', pathNot: Object.keys(FLOORS).map((floor) => `^src/${floor}/`) },
    to: {},
  },
  {
    name: 'domain may import no file beside src.',
    from: { path: '^src/domain/' },
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
    name: 'one of them may run before the other is there.',
    from: { path: '^src/' },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'circles of types do no harm; they are counted.',
    severity: 'info',
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
    exclude: { path: '^src/app/words/generated/' },
    // Types are imports too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
  { extensions: ['.ts', '.js', '.d.ts'] },
  { tsConfig: extractTSConfig('tsconfig.json') },
);

/** @param {import('dependency-cruiser').IViolation} violation */
const circleOf = ({ cycle }) => cycle.map(({ name }) => name);

const broken = output.summary.violations.filter(({ rule }) => rule.severity === 'error');
for (const violation of broken) {
  const { from, to, rule } = violation;
  const what = violation.cycle
    ? `needs itself by way of ${circleOf(violation).slice(0, -1).join(' and ')}`
    : `imports ${to}`;
  console.error(`${from} ${what}: ${rule.name}`);
}
if (broken.length > 0) process.exit(1);
const circles = new Set(output.summary.violations.map((violation) => circleOf(violation).sort().join()));
console.log(
  `${output.summary.totalCruised} files keep to their floors; ${circles.size} circles are of types alone.`,
);
