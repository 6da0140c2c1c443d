/** Where objects are built and settings read: imported by nothing below. */
const COMPOSITION = ['^cti-gateway/src/main', '^cti-gateway/src/gateway\\.', '^cti-gateway/src/config'];

/** Who may import whom. Imports run one way: domain ← app ← adapters ← main; packages meet in protocol, contract and caller-id. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    {
      name: 'protocol-depends-on-zod-only',
      severity: 'error',
      from: { path: '^cti-gateway/protocol/' },
      to: { pathNot: ['^cti-gateway/protocol/', '^node_modules/zod/'] },
    },
    {
      name: 'contract-depends-on-zod-only',
      severity: 'error',
      from: { path: '^crm-core/contract/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^crm-core/contract/', '^node_modules/zod/'] },
    },
    {
      name: 'caller-id-stands-alone',
      severity: 'error',
      from: { path: '^crm-core/caller-id/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^crm-core/caller-id/', '^node_modules/libphonenumber-js/'] },
    },
    {
      name: 'domain-is-pure',
      comment: 'No adapter, port, package or Node module: time and facts arrive as values. Number rules are the one library it may ask.',
      severity: 'error',
      from: { path: '^cti-gateway/src/domain/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^cti-gateway/src/domain/', '^cti-gateway/protocol/', '^crm-core/contract/', '^crm-core/caller-id/'] },
    },
    {
      name: 'app-knows-no-adapter',
      severity: 'error',
      from: { path: '^cti-gateway/src/app/', pathNot: '\\.spec\\.ts$' },
      to: { path: ['^cti-gateway/src/adapters/', ...COMPOSITION] },
    },
    {
      name: 'ports-know-no-implementation',
      severity: 'error',
      from: { path: '^cti-gateway/src/ports/' },
      to: { path: ['^cti-gateway/src/adapters/', '^cti-gateway/src/app/', ...COMPOSITION] },
    },
    {
      name: 'adapters-know-no-main',
      severity: 'error',
      from: { path: '^cti-gateway/src/adapters/', pathNot: '\\.spec\\.ts$' },
      to: { path: COMPOSITION },
    },
    {
      name: 'asterisk-names-stay-in-their-adapter',
      severity: 'error',
      from: { path: '^cti-gateway/src/', pathNot: ['^cti-gateway/src/adapters/asterisk/', '^cti-gateway/src/main', '^cti-gateway/src/replay/', '\\.spec\\.ts$'] },
      to: { path: '^cti-gateway/src/adapters/asterisk/' },
    },
    {
      name: 'packages-meet-in-their-contracts',
      severity: 'error',
      from: { path: '^cti-gateway/(src|protocol)/' },
      to: { path: ['^agent-panel/', '^crm-core/src/'] },
    },
    {
      name: 'core-knows-no-gateway-source',
      severity: 'error',
      from: { path: '^crm-core/' },
      to: { path: ['^agent-panel/', '^cti-gateway/src/'] },
    },
    {
      name: 'panel-knows-only-the-wires',
      severity: 'error',
      from: { path: '^agent-panel/' },
      to: { path: ['^cti-gateway/src/', '^crm-core/src/', '^crm-core/caller-id/'] },
    },
    {
      name: 'typeorm-only-in-db',
      severity: 'error',
      from: { path: '^(crm-core|cti-gateway)/', pathNot: '^crm-core/src/db/' },
      to: { path: ['^node_modules/typeorm/', '^node_modules/mssql/', '^node_modules/better-sqlite3/'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-vue-in-transport-and-softphone',
      severity: 'error',
      from: { path: '^agent-panel/src/(transport|softphone)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^node_modules/(vue|pinia|vue-router|vue-i18n|element-plus)/' },
    },
    // Element Plus maps the styles of its components by an export pattern that only Vite follows.
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^element-plus/es/components/[^/]+/style/css$' } },
    {
      name: 'product-does-not-need-tests',
      severity: 'error',
      from: { path: '^(cti-gateway|crm-core|agent-panel)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)\\.(build|run)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.js', '.mjs', '.cjs', '.vue', '.json', '.css'] },
  },
};
