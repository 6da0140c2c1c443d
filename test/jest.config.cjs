/**
 * Every test of the project, as jest projects by what they need:
 * unit (nothing), panel (jsdom), architecture (the sources), replay (recorded streams), integration (real database, real Asterisk), e2e (all of it and a browser).
 */
const path = require('node:path');

const rootDir = path.resolve(__dirname, '..');

/** TypeScript to CommonJS; no decorators, no type check (`npm run types` does that). */
const swc = [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: 'commonjs' },
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  },
];

const node = {
  rootDir,
  testEnvironment: 'node',
  transform: { '^.+\\.(ts|mts|mjs)$': swc },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/.build/', '<rootDir>/.run/'],
};

/** Packages that ship as ES modules only and are used in the panel. */
const esmPackages = ['pinia', 'nostics', 'element-plus', '@element-plus', 'lodash-es', '@vueuse', 'vue-router', '@vue/devtools-api'];

module.exports = {
  rootDir,
  projects: [
    { ...node, displayName: 'unit', testMatch: ['<rootDir>/cti-gateway/**/*.spec.ts', '<rootDir>/crm-core/**/*.spec.ts'] },
    {
      ...node,
      displayName: 'panel',
      testEnvironment: 'jsdom',
      testEnvironmentOptions: { customExportConditions: ['node', 'node-addons'] },
      testMatch: ['<rootDir>/agent-panel/**/*.spec.ts'],
      moduleFileExtensions: [...node.moduleFileExtensions, 'vue'],
      transform: { '^.+\\.vue$': '<rootDir>/test/support/vue-transform.cjs', '^.+\\.(ts|mts|mjs|js)$': swc },
      transformIgnorePatterns: [`/node_modules/(?!(${esmPackages.join('|')})/)`],
      moduleNameMapper: { '\\.(css|svg|wav|mp3)$': '<rootDir>/test/support/asset-stub.cjs' },
    },
    { ...node, displayName: 'architecture', testMatch: ['<rootDir>/test/architecture/**/*.spec.ts'] },
    { ...node, displayName: 'replay', testMatch: ['<rootDir>/test/replay/**/*.spec.ts'] },
    { ...node, displayName: 'integration', testMatch: ['<rootDir>/test/integration/**/*.spec.ts'] },
    { ...node, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.spec.ts'] },
  ],
};
