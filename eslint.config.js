import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const BELOW_COMPONENTS = {
  regex: '/core/(?:encoder|storage|thread)/|^[.][.]/(?:encoder|storage|thread)/',
  message: 'A component asks the session; it does not read files or storage (docs/house.md, Floors).',
};
/** @param {string} up what leads from a component's folder to that of its feature */
const OTHER_FEATURES = (up) => ({
  regex: `^${up}[.][.]/(?![.][.]/)`,
  message: 'Features know the core and themselves (docs/house.md, Floors).',
});

const ENUMS = {
  selector: 'TSEnumDeclaration',
  message: 'Texts that are one of a union type need no code of their own.',
};

export default ts.config(
  {
    ignores: ['dist/', 'node_modules/', 'test-results/', '.svelte-check/', 'src/**/assembly/', 'src/words/'],
  },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: { parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] } },
    rules: {
      // noUncheckedIndexedAccess makes every element of a typed array possibly undefined; loops know better.
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': ['error', ENUMS],
      // Without enums it has nothing to find, and takes a seventh of the time.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      // An implementation of an asynchronous interface may have nothing to wait for, and must still reject.
      '@typescript-eslint/require-await': 'off',
      // A callback that returns what it calls is the shortest way to say that it is called.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    // It throws for a number that no `Date` can hold, and one such row would take the whole page with it.
    files: ['src/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { property: 'toISOString', message: 'Use isoInstant of src/core/domain/instant.ts.' },
      ],
    },
  },
  {
    // scripts/floors.mjs sees neither this nor the next: dependency-cruiser reads imports, and components as compiled.
    files: ['src/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ENUMS,
        {
          selector:
            'NewExpression[callee.name="URL"]:has(MetaProperty) > Literal:not([value=/^[.][/][^/]+$/])',
          message: 'A worker is started by a file beside it (docs/house.md, Floors).',
        },
      ],
    },
  },
  {
    files: ['src/**/*.svelte'],
    rules: { 'no-restricted-imports': ['error', { patterns: [BELOW_COMPONENTS] }] },
  },
  {
    files: ['src/features/*/*.svelte'],
    rules: { 'no-restricted-imports': ['error', { patterns: [BELOW_COMPONENTS, OTHER_FEATURES('')] }] },
  },
  {
    files: ['src/features/*/*/*.svelte'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [BELOW_COMPONENTS, OTHER_FEATURES('[.][.]/')] }],
    },
  },
  {
    // Values that cross from the page into a test have no types of their own.
    files: ['tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      'no-undef': 'off',
      // Maps and Sets here are private indexes; what is drawn is reassigned state.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    // ESLint does not know the types of a component's props; svelte-check does, and checks them.
    files: ['**/*.svelte'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
  {
    files: ['scripts/**/*.mjs', 'tests/**/*.mjs', '*.js'],
    ...ts.configs.disableTypeChecked,
    languageOptions: {
      globals: { ...globals.node, ...globals.browser },
      parserOptions: { projectService: false },
    },
  },
);
