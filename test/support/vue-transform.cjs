/** Vue single-file components for jest 30: compiler-sfc makes TypeScript of script and template, swc makes CommonJS of that. */
const { compileScript, compileTemplate, parse } = require('@vue/compiler-sfc');
const swc = require('@swc/core');
const { createHash } = require('node:crypto');

function compile(source, filename) {
  const { descriptor, errors } = parse(source, { filename });
  if (errors.length > 0) throw errors[0];
  const id = createHash('sha256').update(filename).digest('hex').slice(0, 8);
  if (descriptor.script || descriptor.scriptSetup) {
    return compileScript(descriptor, { id, inlineTemplate: Boolean(descriptor.scriptSetup) });
  }
  const { code } = compileTemplate({ source: descriptor.template.content, filename, id });
  return { content: `${code}\nexport default { render };`, map: undefined };
}

module.exports = {
  process(source, filename) {
    const { content } = compile(source, filename);
    return swc.transformSync(content, {
      filename: `${filename}.ts`,
      swcrc: false,
      sourceMaps: 'inline',
      module: { type: 'commonjs' },
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    });
  },
};
