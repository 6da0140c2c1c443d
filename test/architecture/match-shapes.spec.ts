import { z } from 'zod';
import * as contract from '../../crm-core/contract/match';
import * as protocol from '../../cti-gateway/protocol/call-view';

interface Shape {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
}

/**
 * The gateway passes crm-core's answer on to the panel as it is. Its own schemas mirror the contract, so that the protocol needs nothing
 * but itself: they must say the same, or parts of an answer are lost on the way or refuse the whole.
 */
const MIRRORS = ['MatchedNumber', 'MatchOwner', 'MatchAlternative', 'MatchPlace', 'MatchMark', 'MatchDecisionNote'] as const;
const shapeOf = (schema: z.ZodType): Shape => z.toJSONSchema(schema, { io: 'output' }) as Shape;

/** Where the mirror would refuse, or leave out, what the contract allows; and what it has on its own. */
function differences(theirs: Shape, ours: Shape, at: string): string[] {
  const [here, there] = [withoutNull(ours), withoutNull(theirs)];
  if (there.nullable && !here.nullable) return [`${at}: may be null`];
  if (here.shape.type !== there.shape.type) return [`${at}: ${String(there.shape.type)} became ${String(here.shape.type)}`];
  const missing = here.shape.enum === undefined ? [] : (there.shape.enum ?? ['anything']).filter((word) => !here.shape.enum?.includes(word));
  const names = [...new Set([...Object.keys(there.shape.properties ?? {}), ...Object.keys(here.shape.properties ?? {})])];
  return [
    ...missing.map((word) => `${at}: does not know ${word}`),
    ...names.flatMap((name) => {
      const [one, other] = [there.shape.properties?.[name], here.shape.properties?.[name]];
      if (one === undefined || other === undefined) return [`${at}.${name}: only in ${one === undefined ? 'the protocol' : 'the contract'}`];
      return differences(one, other, `${at}.${name}`);
    }),
    ...(there.shape.items && here.shape.items ? differences(there.shape.items, here.shape.items, `${at}[]`) : []),
  ];
}

function withoutNull(shape: Shape): { shape: Shape; nullable: boolean } {
  if (typeof shape.type === 'object') {
    const [type, ...more] = shape.type.filter((one) => one !== 'null');
    return { shape: type === undefined || more.length > 0 ? shape : { ...shape, type }, nullable: shape.type.includes('null') };
  }
  const others = shape.anyOf?.filter(({ type }) => type !== 'null');
  return others === undefined ? { shape, nullable: false } : { shape: others[0] ?? {}, nullable: others.length < (shape.anyOf?.length ?? 0) };
}

describe('what the panel is told of a match', () => {
  it.each(MIRRORS)('%s is what crm-core answers', (name) => {
    expect(differences(shapeOf(contract[name]), shapeOf(protocol[name]), name)).toEqual([]);
  });

  it('is the whole answer, and before it that it is awaited', () => {
    expect(differences(shapeOf(contract.MatchResult), shapeOf(protocol.MatchView), 'match')).toEqual([]);
    const own = protocol.MatchKind.options.filter((kind) => !(contract.MatchKind.options as readonly string[]).includes(kind));
    expect(own).toEqual(['pending', 'unavailable']);
  });

  it('finds a field that is missing, one that must not be null, and a word that is not known', () => {
    const theirs = z.object({ a: z.string(), b: z.string().nullable(), c: z.enum(['x', 'y']), d: z.array(z.object({ e: z.number() })) });
    const ours = z.object({ b: z.string(), c: z.enum(['x']), d: z.array(z.object({ e: z.string() })) });
    expect(differences(shapeOf(theirs), shapeOf(ours), 'm')).toEqual([
      'm.a: only in the contract',
      'm.b: may be null',
      'm.c: does not know y',
      'm.d[].e: number became string',
    ]);
  });
});
