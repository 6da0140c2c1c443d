import { z } from 'zod';
import * as contract from '../../contract';

export type Json = Record<string, unknown>;

const PREFIX = '#/components/schemas/';
const uri = (name: string) => `${PREFIX}${name}`;

/** The contract's schemas by their exported names, so that the document refers to them instead of repeating them. */
const registry = z.registry<{ id: string }>();
for (const [name, exported] of Object.entries(contract)) {
  if (exported instanceof z.ZodType && !(exported instanceof z.ZodUndefined)) registry.add(exported, { id: name });
}

/** A field with a default may be left out of a request and is always there in an answer: one schema, two forms. */
type Direction = 'input' | 'output';

/**
 * The schemas of a document: those of bodies as they may be sent, those of answers as they come. Where a name of the contract is used for
 * both and the two are not the same, the form of requests is called `…Input`.
 */
export class OpenApiSchemas {
  private readonly forms = { input: formsOf('input'), output: formsOf('output') };
  private readonly twofold: ReadonlySet<string>;
  private readonly asked: ReadonlySet<string>;
  private readonly answered: ReadonlySet<string>;

  constructor({ bodies, answers }: { bodies: readonly z.ZodType[]; answers: readonly z.ZodType[] }) {
    this.asked = this.reached(bodies, 'input');
    this.answered = this.reached(answers, 'output');
    const differing = this.differing();
    this.twofold = new Set([...this.asked].filter((name) => this.answered.has(name) && differing.has(name)));
  }

  request(schema: z.ZodType): Json {
    return this.renamed(form(schema, 'input'));
  }

  answer(schema: z.ZodType): Json {
    return form(schema, 'output');
  }

  /** Of the parts of an address, each with a schema of its own. */
  parameters(schema: z.ZodType): { properties?: Record<string, Json>; required?: string[] } {
    return inline(schema, 'input');
  }

  components(): Json {
    const { input, output } = this.forms;
    const asked = (name: string) => this.renamed(input[name] ?? {});
    const single = Object.keys(output).map((name) => [name, this.asked.has(name) && !this.answered.has(name) ? asked(name) : output[name]]);
    return Object.fromEntries([...single, ...[...this.twofold].map((name) => [`${name}Input`, asked(name)])]);
  }

  /** Names whose two forms are not the same, or that refer to such a one. */
  private differing(): Set<string> {
    const { input, output } = this.forms;
    const found = new Set(Object.keys(output).filter((name) => JSON.stringify(input[name]) !== JSON.stringify(output[name])));
    for (let before = -1; before !== found.size;) {
      before = found.size;
      for (const [name, schema] of Object.entries(input)) if (referencesIn(schema).some((other) => found.has(other))) found.add(name);
    }
    return found;
  }

  private reached(roots: readonly z.ZodType[], direction: Direction): Set<string> {
    const found = new Set<string>();
    const follow = (schema: Json | undefined): void => {
      for (const name of referencesIn(schema)) {
        if (found.has(name)) continue;
        found.add(name);
        follow(this.forms[direction][name]);
      }
    };
    for (const root of roots) follow(form(root, direction));
    return found;
  }

  private renamed(schema: Json): Json {
    const text = JSON.stringify(schema, (key, value: unknown) =>
      key === '$ref' && typeof value === 'string' && this.twofold.has(value.slice(PREFIX.length)) ? `${value}Input` : value,
    );
    return JSON.parse(text) as Json;
  }
}

function formsOf(io: Direction): Record<string, Json> {
  const { schemas } = z.toJSONSchema(registry, { uri, io, unrepresentable: 'any', override: open });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, cleaned(schema)]));
}

/** By reference where the contract has a name for it. */
function form(schema: z.ZodType, io: Direction): Json {
  const name = registry.get(schema)?.id;
  if (name !== undefined) return { $ref: uri(name) };
  if (schema instanceof z.ZodUnion) return { anyOf: schema.options.map((option) => form(option as z.ZodType, io)) };
  return inline(schema, io);
}

function inline(schema: z.ZodType, io: Direction): Json {
  return cleaned(z.toJSONSchema(schema, { io, unrepresentable: 'any', override: open }));
}

/** Answers may get more fields later. */
function open({ jsonSchema }: { jsonSchema: { additionalProperties?: unknown } }): void {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}

function referencesIn(schema: Json | undefined): string[] {
  return [...(JSON.stringify(schema) ?? '').matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1] ?? '');
}

function cleaned({ $schema: _schema, $id: _id, id: _name, ...schema }: Json): Json {
  return schema;
}
