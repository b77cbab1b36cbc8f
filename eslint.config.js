import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const BELOW_COMPONENTS = {
  regex: '/core/(?:encoder|storage|thread)/|^[.]{1,2}/(?:encoder|storage|thread)/',
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

/**
 * A comment's subject is a thing of the code, so that it can be read without the sentence's end. Only the first line of
 * a run of `//` is a beginning.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
const firstWordOfComment = {
  meta: {
    type: 'suggestion',
    messages: { word: 'Begin the comment with a thing of the code (or "true if"), not with "{{word}}".' },
  },
  create(context) {
    const { sourceCode } = context;
    /** @param {string} text @param {import('eslint').AST.SourceLocation | null | undefined} loc */
    const check = (text, loc) => {
      const word = /^[*\s]*(what|whatever|whoever|where|whether|nobody)\b/i.exec(text)?.[1];
      if (word && loc) context.report({ loc, messageId: 'word', data: { word } });
    };
    return {
      Program() {
        let lineOfLast = -1;
        for (const { type, value, loc } of sourceCode.getAllComments()) {
          const startsLine = loc && !sourceCode.lines[loc.start.line - 1]?.slice(0, loc.start.column).trim();
          const continues = type === 'Line' && startsLine && loc.start.line === lineOfLast + 1;
          if (!continues) check(value, loc);
          lineOfLast = type === 'Line' && startsLine ? loc.end.line : -1;
        }
      },
      SvelteHTMLComment: (/** @type {any} */ node) => {
        check(node.value, node.loc);
      },
    };
  },
};

export default ts.config(
  {
    ignores: [
      'dist/',
      'package/',
      'node_modules/',
      'test-results/',
      '.svelte-check/',
      'src/**/assembly/',
      'src/words/',
    ],
  },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: { parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] } },
    plugins: { porthole: { rules: { 'first-word-of-comment': firstWordOfComment } } },
    rules: {
      'porthole/first-word-of-comment': 'error',
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
    files: [
      'scripts/**/*.mjs',
      'benchmark/**/*.mjs',
      'deploy/**/*.mjs',
      'tests/**/*.mjs',
      'public/*.js',
      '*.js',
    ],
    ...ts.configs.disableTypeChecked,
    languageOptions: {
      globals: { ...globals.node, ...globals.browser },
      parserOptions: { projectService: false },
    },
  },
);
